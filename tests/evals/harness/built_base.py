"""Builds the second example company's base and prints how sure the desk is of each of its tickets' asks.

    python -m tests.evals.harness.built_base [--otherwise]

Otherwise: the articles come in the opposite order, and the encoder reads other texts at once.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.harness import desk_runtime
from evals.harness.rows import TicketRow, read_cases
from evals.harness.setup import Setup
from memory.encoder import onnx_encoder

COMPANY = Path("examples/tarnbrook")


async def sureness(kb: Sequence[Path]) -> dict[str, list[str]]:
    """The confidence of each ask, to the last digit, by ticket."""
    setup = Setup(desk=COMPANY / "desk.yaml", kb=tuple(kb))
    found = {}
    async with desk_runtime.open_desk(setup) as desk:
        for row in read_cases(TicketRow, [COMPANY / "tickets.jsonl"]):
            assessed = (await desk.drive(row)).state["assessed"]
            asks = [] if assessed is None else assessed["asks"]
            found[row.id] = [repr(one["confidence"]) for one in asks]
    return found


if __name__ == "__main__":
    articles = sorted((COMPANY / "articles").iterdir())
    if "--otherwise" in sys.argv:
        articles.reverse()
        onnx_encoder.BATCH, onnx_encoder.BATCH_TOKENS = 3, 100
    sys.stdout.write(json.dumps(asyncio.run(sureness(articles))))

"""`evals asks`: are all the intents of one message found?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from evals.figures.datasets import DataError, read_rows, required_text
from evals.figures.metrics import Metric, bootstrap, exact, proportion
from evals.figures.options import CACHE, Cache, Paths, Report
from evals.figures.report import describe, write_report
from graph.minds.local.intent.labels import LabelModel
from memory.encoder.opening import open_encoder


@dataclass(frozen=True)
class Message:
    """A text and all its intents."""

    text: str
    intents: tuple[str, ...]


def asks(
    train: Annotated[Paths, typer.Option(help="Texts with `intents` to fit on. Repeat to pool.")],
    test: Annotated[Paths, typer.Option(help="Texts with `intents` to judge. Repeat to pool.")],
    out: Report,
    cache: Cache = CACHE,
) -> None:
    """Fit the several-intents model on labelled texts and judge others with it."""
    rows, cases = _read_messages(train), _read_messages(test)
    encoder = open_encoder(cache)
    model = LabelModel(encoder, [one.text for one in rows], [one.intents for one in rows])
    found = model.labels([one.text for one in cases])
    metrics = score(cases, found) | {
        "labels": exact(len(model.names), 1),
        "limit": exact(float(np.mean(model.limits)), len(model.limits)),
    }
    inputs = {
        "train": [describe(path) for path in train],
        "test": [describe(path) for path in test],
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=metrics)


def _read_messages(paths: Sequence[Path]) -> list[Message]:
    """Rows with `text` and `intents`, in order. Raises `DataError`."""
    found = []
    for path in paths:
        for number, row in read_rows(path):
            intents = row.get("intents")
            if not isinstance(intents, list) or not all(isinstance(one, str) for one in intents):
                raise DataError(f"{path}:{number}: field 'intents' must be a list of names")
            found.append(Message(required_text(path, number, row, "text"), tuple(intents)))
    if not found:
        raise DataError(f"{', '.join(map(str, paths))}: no rows")
    return found


def score(cases: Sequence[Message], found: Sequence[Sequence[str]]) -> dict[str, Metric]:
    """Micro-F1 over all labels, and the share of messages with exactly the right ones."""
    pairs = [(set(case.intents), set(given)) for case, given in zip(cases, found, strict=True)]
    hits = [float(len(wanted & given)) for wanted, given in pairs]
    total = [float(len(wanted) + len(given)) for wanted, given in pairs]
    return {
        "micro_f1": bootstrap(_f1, hits, total),
        "exact": proportion([wanted == given for wanted, given in pairs]),
    }


def _f1(rows: npt.NDArray[np.float64]) -> float | None:
    total = float(rows[:, 1].sum())
    return 2 * float(rows[:, 0].sum()) / total if total else None

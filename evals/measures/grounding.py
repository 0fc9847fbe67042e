"""`evals grounding`: does the judge tell supported replies from invented ones?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer
from rich.progress import track

from evals.measures.base import STDERR
from evals.measures.datasets import DataError, read_rows, required_text
from evals.measures.metrics import Metric, auroc, bootstrap, ece
from evals.measures.report import describe, write_report
from graph.desk.model import Thresholds
from graph.minds.local.grounding.judge import LocalJudge
from memory.encoder.opening import open_encoder

Paths = list[Path]


@dataclass(frozen=True)
class GroundingCase:
    """A response, what it should stand on, and whether it does."""

    response: str
    source: str
    question: str
    supported: bool
    dataset: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("grounding")(grounding)


def grounding(
    cases: Annotated[Paths, typer.Option(help="Rows with source, response, hallucinated.")],
    out: Annotated[Path, typer.Option(help="Where the report goes (JSON).")],
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Judge labelled responses with the judge of production."""
    rows = read_cases(cases)
    encoder = open_encoder(cache)
    judge = LocalJudge(encoder)
    values = [
        judge.probability(one.response, one.source)
        for one in track(rows, description="judging", console=STDERR)
    ]
    limit = Thresholds().grounding
    inputs = {
        "cases": [describe(path) for path in cases],
        "threshold": limit,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=score(rows, values, limit))


def read_cases(paths: Sequence[Path]) -> list[GroundingCase]:
    """Rows with `source`, `response` and `hallucinated` (1: not supported). Raises `DataError`."""
    found = []
    for path in paths:
        for number, row in read_rows(path):
            if row.get("hallucinated") not in (0, 1):
                msg = f"{path}:{number}: field 'hallucinated' must be 0 or 1"
                raise DataError(msg)
            found.append(
                GroundingCase(
                    required_text(path, number, row, "response"),
                    required_text(path, number, row, "source"),
                    str(row.get("question") or ""),
                    not row["hallucinated"],
                    str(row.get("dataset", path.stem)),
                )
            )
    if not found:
        msg = f"{', '.join(map(str, paths))}: no cases"
        raise DataError(msg)
    return found


def score(
    rows: Sequence[GroundingCase], values: Sequence[float], limit: float
) -> dict[str, Metric]:
    """All together, and each data set alone where there are several."""
    supported = [one.supported for one in rows]
    found = {
        "auroc": auroc(values, supported),
        "balanced_accuracy": bootstrap(_balanced(limit), values, list(map(float, supported))),
        "ece": ece(values, supported),
    }
    names = sorted({one.dataset for one in rows})
    for name in names if len(names) > 1 else ():
        own = [place for place, one in enumerate(rows) if one.dataset == name]
        mine = [supported[place] for place in own]
        found[f"auroc_{name}"] = auroc([values[place] for place in own], mine)
    return found


def _balanced(limit: float) -> Callable[[npt.NDArray[np.float64]], float | None]:
    def measure(rows: npt.NDArray[np.float64]) -> float | None:
        yes, supported = rows[:, 0] >= limit, rows[:, 1] > 0
        if supported.all() or not supported.any():
            return None
        return float((yes[supported].mean() + (~yes[~supported]).mean()) / 2)

    return measure

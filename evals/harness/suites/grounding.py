"""grounding: does the desk's judge tell supported statements from invented ones?"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt

from evals.figures.metrics import Metric, auroc, bootstrap, ece
from evals.harness.desk_runtime import Place
from evals.harness.results import CaseResult, flags, numbers
from evals.harness.rows import ClaimRow, read_cases
from evals.harness.setup import Setup
from evals.harness.suite import SHIPPED, Judge, Suite, files
from graph.desk.model import Thresholds
from graph.state import Claim, Evidence


def read(setup: Setup) -> list[ClaimRow]:
    """Statements with their sources."""
    return read_cases(ClaimRow, files(setup, SHIPPED / "grounding.jsonl"))


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[ClaimRow]) -> AsyncIterator[Judge]:
    """The judge of the opened desk."""
    desk = await place.desk()
    limit = desk.desk.thresholds.grounding

    async def judge(row: ClaimRow, _epoch: int) -> list[CaseResult]:
        claim: Claim = {"text": row.response, "ask_id": "ask", "evidence": ["source"]}
        value = await desk.runtime.minds.judge.grounding(claim, [_evidence(row)])
        return [result(row, value, limit)]

    yield judge


def _evidence(row: ClaimRow) -> Evidence:
    return {
        "id": "source",
        "kind": "article",
        "source": "source",
        "title": "",
        "heading": "",
        "text": row.source,
        "score": 1.0,
        "features": {},
    }


def result(row: ClaimRow, value: float, limit: float) -> CaseResult:
    """A statement that was judged supported with probability `value`."""
    supported = not row.hallucinated
    right = (value >= limit) == supported
    return CaseResult(
        id=row.id,
        text=row.response,
        wanted="supported" if supported else "not supported",
        got="supported" if value >= limit else "not supported",
        right=right,
        measures={
            "right": float(right),
            "probability": value,
            "supported": float(supported),
        },
        trace=[f"Judged {value:.2f}, needed {limit:.2f}.", f"Source: {row.source}"],
        facts={"dataset": row.dataset, "limit": limit},
    )


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """All together, and each data set alone if there are several."""
    limit = results[0].facts["limit"] if results else Thresholds().grounding
    values, supported = numbers(results, "probability"), numbers(results, "supported")
    found = {
        "auroc": _auroc(results),
        "balanced_accuracy": bootstrap(_balanced(limit), values, supported),
        "ece": ece(values, [one > 0 for one in supported]),
    }
    names = sorted({one.facts["dataset"] for one in results})
    for name in names if len(names) > 1 else ():
        found[f"auroc_{name}"] = _auroc([one for one in results if one.facts["dataset"] == name])
    return found


def _auroc(results: Sequence[CaseResult]) -> Metric:
    supported = flags(results, "supported")
    return auroc(numbers(results, "probability"), supported)


def _balanced(limit: float) -> Callable[[npt.NDArray[np.float64]], float | None]:
    def measure(rows: npt.NDArray[np.float64]) -> float | None:
        yes, supported = rows[:, 0] >= limit, rows[:, 1] > 0
        if supported.all() or not supported.any():
            return None
        return float((yes[supported].mean() + (~yes[~supported]).mean()) / 2)

    return measure


SUITE = Suite(
    name="grounding",
    about="Are statements that no source makes recognised?",
    read=read,
    opened=opened,
    figures=figures,
)

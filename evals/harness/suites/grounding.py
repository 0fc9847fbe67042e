"""grounding: does the desk's judge tell supported statements from invented ones?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from evals.harness.desk_runtime import Place, Setup
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import ClaimRow, read_cases
from evals.harness.suite import SHIPPED, Judge, Suite, files
from evals.measures.grounding import GroundingCase, score
from evals.measures.metrics import Metric
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
        return [_result(row, value, limit)]

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


def _result(row: ClaimRow, value: float, limit: float) -> CaseResult:
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
    """The same as `evals grounding` reports."""
    rows = [
        GroundingCase(one.text, "", "", one.measures["supported"] > 0, one.facts["dataset"])
        for one in results
    ]
    limit = results[0].facts["limit"] if results else Thresholds().grounding
    return score(rows, numbers(results, "probability"), limit)


SUITE = Suite(
    name="grounding",
    about="Are statements that no source makes recognised?",
    read=read,
    opened=opened,
    figures=figures,
)

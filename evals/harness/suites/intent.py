"""intent: what triage says of a ticket, by the node that production runs."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from evals.harness.desk_runtime import OpenDesk, Place, Setup
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import OUTSIDE, TicketRow, read_cases
from evals.harness.suite import SHIPPED, TICKETS, Judge, Suite, files
from evals.measures.intent import Judged, score
from evals.measures.metrics import Metric, percentile
from graph.nodes import triage
from graph.state import TicketState


def read(setup: Setup) -> list[TicketRow]:
    """Tickets whose intent is labelled."""
    rows = read_cases(TicketRow, files(setup, TICKETS, SHIPPED / "intent.jsonl"))
    return [row for row in rows if row.label.intent is not None]


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """Triage of the opened desk."""
    desk = await place.desk()

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        return [await _judged(desk, row)]

    yield judge


async def _judged(desk: OpenDesk, row: TicketRow) -> CaseResult:
    started = time.perf_counter()
    done = await triage.run(_state(row), desk.context(row))
    seconds = time.perf_counter() - started
    triaged = done.update["triaged"]
    assert triaged is not None
    said = triaged["classification"]
    wanted = row.label.intent if desk.desk.intent(row.label.intent) is not None else OUTSIDE
    best = said["ranked"][0] if said["ranked"] else {"name": OUTSIDE, "confidence": 0.0}
    got = said["intent"] or OUTSIDE
    return CaseResult(
        id=row.id,
        text=row.text,
        wanted=str(wanted),
        got=got,
        right=got == wanted,
        measures={
            "right": float(got == wanted),
            "inside": best["confidence"],
            "has_intent": float(wanted != OUTSIDE),
            "best_right": float(best["name"] == wanted),
            "confidence": said["confidence"],
            "ms": 1000 * seconds,
        },
        trace=[
            f"{one['name']}: {one['confidence']:.2f}, needed {said['threshold']:.2f}"
            for one in said["ranked"]
        ],
        facts={"best": best["name"]},
    )


def _state(row: TicketRow) -> TicketState:
    return {
        "turn": 1,
        "subject": row.subject,
        "headers": dict(row.headers),
        "conversation": [{"seq": 1, "role": "customer", "kind": "message", "text": row.body}],
    }


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """The same as `evals intent` reports."""
    judged = [
        Judged(
            intent=one.wanted if one.wanted != OUTSIDE else None,
            best=one.facts["best"],
            inside=one.measures["inside"],
            decided=one.got if one.got != OUTSIDE else None,
            confidence=one.measures["confidence"],
        )
        for one in results
    ]
    return score(judged) | {"ms_per_text": percentile(numbers(results, "ms"), 50)}


SUITE = Suite(
    name="intent",
    about="Is the intent named right, and is a text that has none refused?",
    read=read,
    opened=opened,
    figures=figures,
)

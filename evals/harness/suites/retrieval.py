"""retrieval: is the article that answers among the first that the worker's search finds?"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from evals.harness.desk_runtime import OpenDesk, Place, Setup
from evals.harness.results import CaseResult
from evals.harness.rows import TicketRow, read_cases
from evals.harness.suite import TICKETS, Judge, Suite, files
from evals.measures.datasets import Question
from evals.measures.metrics import Metric
from evals.measures.retrieval import DEPTH, PASSAGES, Ranked, score
from graph.minds.local.planning.queries import contextual_query
from graph.state import MessageRecord


def read(setup: Setup) -> list[TicketRow]:
    """Tickets that an article answers."""
    rows = read_cases(TicketRow, files(setup, TICKETS))
    return [row for row in rows if row.label.articles]


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """The search of the opened desk."""
    desk = await place.desk()

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        if desk.doc_ids.isdisjoint(row.label.articles):
            return []  # nothing could find what is not there
        return [await _judged(desk, row)]

    yield judge


async def _judged(desk: OpenDesk, row: TicketRow) -> CaseResult:
    history: list[MessageRecord] = [
        {"seq": seq, "role": one.role, "kind": "message", "text": one.text}
        for seq, one in enumerate(row.history, start=1)
    ]
    started = time.perf_counter()
    query = contextual_query(row.text, history)
    hits = await desk.wiring.search.search(desk.desk.tenant, query, PASSAGES)
    seconds = time.perf_counter() - started
    found = list(dict.fromkeys(hit.doc_id for hit in hits))[:DEPTH]
    gold = sorted(set(row.label.articles) & desk.doc_ids)
    place = next((n for n, doc in enumerate(found, start=1) if doc in gold), None)
    return CaseResult(
        id=row.id,
        text=row.text,
        wanted=", ".join(gold),
        got=found[0] if found else "nothing",
        right=place == 1,
        measures={
            "hit_at_1": float(place == 1),
            "hit_at_5": float(place is not None and place <= 5),  # noqa: PLR2004 - as its name says
            "mrr": 1 / place if place else 0.0,
            "ms": 1000 * seconds,
        },
        trace=[f"{n}. {doc}" for n, doc in enumerate(found, start=1)],
        facts={"found": found, "gold": gold},
    )


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """The same as `evals retrieval` reports."""
    return score(
        [
            Ranked(
                Question(one.id, one.text, (), frozenset(one.facts["gold"]), answerable=True),
                one.facts["found"],
                one.measures["ms"] / 1000,
            )
            for one in results
        ]
    )


SUITE = Suite(
    name="retrieval",
    about="Is the article that answers among the first that are found?",
    read=read,
    opened=opened,
    figures=figures,
)

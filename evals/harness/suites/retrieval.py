"""retrieval: is the article that answers among the first that the worker's search finds?"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from evals.figures.metrics import Metric, mean, percentile, proportion
from evals.harness.desk_runtime import OpenDesk, Place
from evals.harness.results import CaseResult, flags, numbers
from evals.harness.rows import TicketRow, read_cases
from evals.harness.setup import Setup
from evals.harness.suite import TICKETS, Judge, Suite, files
from graph.minds.local.planning.queries import contextual_query
from graph.state import MessageRecord
from memory.knowledge.contract import KnowledgeBase

PASSAGES = 40
"""Passages asked for, so that ten different articles are among them."""
DEPTH = 10
"""Articles that are looked at."""


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
    gold = frozenset(row.label.articles) & desk.doc_ids
    return await looked_for(desk.search, desk.desk.tenant, row.id, Sought(row.text, history, gold))


@dataclass(frozen=True)
class Sought:
    """A question and the articles of the base of which any one answers it."""

    text: str
    history: Sequence[MessageRecord]
    gold: frozenset[str]


async def looked_for(search: KnowledgeBase, tenant: str, name: str, one: Sought) -> CaseResult:
    """What the worker's search finds for a question: distinct articles, best first."""
    started = time.perf_counter()
    hits = await search.search(tenant, contextual_query(one.text, one.history), PASSAGES)
    seconds = time.perf_counter() - started
    found = list(dict.fromkeys(hit.doc_id for hit in hits))[:DEPTH]
    place = next((n for n, doc in enumerate(found, start=1) if doc in one.gold), None)
    return CaseResult(
        id=name,
        text=one.text,
        wanted=", ".join(sorted(one.gold)),
        got=found[0] if found else "nothing",
        right=place == 1,
        measures={
            "hit_at_1": float(place == 1),
            "hit_at_5": float(place is not None and place <= 5),  # noqa: PLR2004 - as its name says
            "mrr": 1 / place if place else 0.0,
            "recall_at_10": len(one.gold.intersection(found)) / len(one.gold),
            "ms": 1000 * seconds,
        },
        trace=[f"{n}. {doc}" for n, doc in enumerate(found, start=1)],
    )


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """Of the answerable questions."""
    return {
        "hit_at_1": proportion(flags(results, "hit_at_1")),
        "hit_at_5": proportion(flags(results, "hit_at_5")),
        "mrr": mean(numbers(results, "mrr")),
        "recall_at_10": mean(numbers(results, "recall_at_10")),
        "query_ms_p50": percentile(numbers(results, "ms"), 50),
    }


SUITE = Suite(
    name="retrieval",
    about="Is the article that answers among the first that are found?",
    read=read,
    opened=opened,
    figures=figures,
)

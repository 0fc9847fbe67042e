"""`evals retrieval`: is the article that answers among the first?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from evals.measures.base import STDERR, TENANT, Base, open_base, read_base
from evals.measures.datasets import Question, read_questions
from evals.measures.metrics import Metric, mean, percentile, proportion
from evals.measures.report import describe, write_report
from graph.minds.local.planning.queries import contextual_query

PASSAGES = 40
"""Passages asked for, so that ten different articles are among them."""
DEPTH = 10
"""Articles that are looked at."""

Paths = list[Path]


@dataclass(frozen=True)
class Ranked:
    """What one question found."""

    question: Question
    doc_ids: list[str]
    """Distinct articles, best first, at most `DEPTH`."""
    seconds: float


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retrieval")(retrieval)


def retrieval(
    kb: Annotated[Paths, typer.Option(help="Articles: JSON Lines or a folder. Repeat to pool.")],
    questions: Annotated[Paths, typer.Option(help="Labelled questions. Repeat to pool.")],
    out: Annotated[Path, typer.Option(help="Where the report goes (JSON).")],
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Measure the search on the answerable questions."""
    asyncio.run(_retrieval(kb, questions, out, cache))


async def _retrieval(kb: Paths, questions: Paths, out: Path, cache: Path) -> None:
    drafts, skipped = read_base(kb)
    asked = read_questions(questions)
    async with open_base(drafts, skipped, cache) as base:
        cases = [one for one in asked if one.is_answerable(base.doc_ids)]
        ranked = await rank(base, cases)
        inputs = {
            "kb": [describe(path) for path in kb],
            "questions": [describe(path) for path in questions],
            "encoder": base.encoder.revision,
        }
    notes = [f"{len(asked) - len(cases)} of {len(asked)} questions have no article in the base."]
    notes += [f"skipped {one.source}: {one.why}" for one in skipped]
    write_report(out, inputs=inputs, metrics=score(ranked), notes=notes)


async def rank(base: Base, cases: Sequence[Question]) -> list[Ranked]:
    """Search for each question, one after the other."""
    found = []
    for case in track(cases, "searching", console=STDERR, transient=True):
        query = contextual_query(case.text, case.history)
        start = time.perf_counter()
        hits = await base.search.search(TENANT, query, PASSAGES)
        seconds = time.perf_counter() - start
        distinct = list(dict.fromkeys(hit.doc_id for hit in hits))
        found.append(Ranked(case, distinct[:DEPTH], seconds))
    return found


def score(ranked: Sequence[Ranked]) -> dict[str, Metric]:
    """The figures of a run over answerable questions."""
    places = [_place(one) for one in ranked]
    return {
        "hit_at_1": proportion([place == 1 for place in places]),
        "hit_at_5": proportion([place is not None and place <= 5 for place in places]),  # noqa: PLR2004
        "mrr": mean([1 / place if place else 0.0 for place in places]),
        "recall_at_10": mean([_recall(one) for one in ranked]),
        "query_ms_p50": percentile([one.seconds * 1000 for one in ranked], 50),
    }


def _place(one: Ranked) -> int | None:
    """The first gold article's rank, from 1; None where none was found."""
    gold = one.question.gold
    return next((rank for rank, doc in enumerate(one.doc_ids, start=1) if doc in gold), None)


def _recall(one: Ranked) -> float:
    return len(one.question.gold.intersection(one.doc_ids)) / len(one.question.gold)

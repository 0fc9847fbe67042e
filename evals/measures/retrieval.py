"""`evals retrieval`: is the article that answers among the first?"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.progress import track

from evals.figures.base import TENANT, Base, open_base, read_base
from evals.figures.datasets import Question, read_questions
from evals.figures.options import CACHE, Articles, Cache, Paths, Questions, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.results import CaseResult
from evals.harness.suites import retrieval as suite


def retrieval(
    kb: Articles,
    questions: Questions,
    out: Report,
    cache: Cache = CACHE,
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
    write_report(out, inputs=inputs, metrics=suite.figures(ranked), notes=notes)


async def rank(base: Base, cases: Sequence[Question]) -> list[CaseResult]:
    """Search for each question, one after the other."""
    return [
        await suite.looked_for(
            base.search,
            TENANT,
            one.qid,
            suite.Sought(one.text, one.history, one.gold),
        )
        for one in track(cases, "searching", console=STDERR, transient=True)
    ]

"""Questions through search and assessor: what would be answered, from what, how surely."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.progress import track
from sqlmodel import select

from evals.figures.base import TENANT, Base
from evals.figures.datasets import Question
from evals.figures.report import STDERR
from graph.desk.limits import Limits
from graph.minds.contract import Assessor
from graph.minds.local.planning.queries import contextual_query
from graph.nodes.gather import passage
from graph.nodes.remember import KEPT_FOR
from graph.state import Ask, StepResult
from memory.fingerprints import fingerprint
from memory.tables import Chunk, Memory, now
from memory.tool_names import SEARCH


@dataclass(frozen=True)
class AnswerCase:
    """What became of one question."""

    qid: str
    confidence: float
    answerable: bool
    correct: bool
    """Answerable, and the passage that would be cited first is of a gold article."""
    features: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


async def judge(base: Base, assessor: Assessor, questions: Sequence[Question]) -> list[AnswerCase]:
    """Each question, one after the other."""
    watched = track(questions, "answering", console=STDERR, transient=True)
    return [await _case(base, assessor, one) for one in watched]


async def approve(base: Base, questions: Sequence[Question]) -> None:
    """As if people had sent what the agent drafted for each from its articles."""
    async with base.database.reading() as session:
        passages = (await session.exec(select(Chunk.doc_id, Chunk.id))).all()
    for one in questions:
        await base.recall.remember(
            Memory(
                id=one.qid,
                tenant=TENANT,
                ticket_id=one.qid,
                turn=1,
                question=contextual_query(one.text, one.history),
                answer="",
                origin="person",
                sources=",".join(sorted(one.gold)),
                vouched=",".join(name for doc, name in passages if doc in one.gold),
                model_revision="",
                expires_at=now() + KEPT_FOR,
            )
        )
    await base.recall.catch_up()


async def _case(base: Base, assessor: Assessor, question: Question) -> AnswerCase:
    start = time.perf_counter()
    query = contextual_query(question.text, question.history)
    ask: Ask = {"id": question.qid, "text": question.text, "query": query, "intent": None}
    result = await _searched(base, ask)
    found = await assessor.confidence(ask, [result])
    source = {item["id"]: item["source"] for item in result["evidence"]}
    cited = source[found.evidence[0]] if found.evidence else None
    answerable = question.is_answerable(base.doc_ids)
    return AnswerCase(
        question.qid,
        found.value,
        answerable,
        answerable and cited in question.gold,
        found.features,
        time.perf_counter() - start,
    )


async def _searched(base: Base, ask: Ask) -> StepResult:
    arguments: dict[str, Any] = {"query": ask["query"]}
    hits = await base.search.search(TENANT, ask["query"], Limits().evidence)
    return {
        "step_id": "search",
        "ask_id": ask["id"],
        "kind": "search",
        "tool": SEARCH,
        "arguments": arguments,
        "status": "ok",
        "evidence": [passage(vars(hit)) for hit in hits],
        "answer": None,
        "error": None,
        "fingerprint": fingerprint(SEARCH, arguments),
    }

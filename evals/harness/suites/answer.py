"""answer: the whole graph decides whether to answer, to ask back, or to hand off."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from evals.figures.metrics import (
    NOTHING,
    Metric,
    auroc,
    ece,
    exact,
    mean,
    precision_at,
    proportion,
)
from evals.harness.desk_runtime import Driven, OpenDesk, Place
from evals.harness.results import CaseResult, flags, numbers
from evals.harness.rows import TicketRow, read_cases, without_articles
from evals.harness.setup import Setup
from evals.harness.suite import TICKETS, Judge, Suite, files
from graph.state import TicketState
from memory.journal.codes import Reason
from memory.tables import Outcome

WRONG_COSTS = 3.0
"""Right answers that one wrong answer undoes, in `net_value`. Nothing sent is worth 0."""
BY_CONFIDENCE = frozenset({None, Reason.LOW_CONFIDENCE, Reason.CHECK_FAILED})
"""Why a person has a ticket that would have been answered had it been sure enough."""
_OUTCOME = {
    "answer": Outcome.DELIVERED,
    "clarify": Outcome.CLARIFYING,
    "person": Outcome.WITH_PERSON,
}


def read(setup: Setup) -> list[TicketRow]:
    """Tickets whose end is labelled."""
    rows = read_cases(TicketRow, files(setup, TICKETS))
    return [row for row in rows if row.label.outcome is not None]


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """The graph of the opened desk."""
    desk = await place.desk()

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        (known,) = without_articles([row], desk.doc_ids)
        return [judged(desk, known, await desk.drive(row))]

    yield judge


def judged(desk: OpenDesk, row: TicketRow, driven: Driven) -> CaseResult:
    """What the graph did with a ticket, against its label."""
    ticket, reply = driven.ticket, driven.reply
    delivered = ticket.outcome == Outcome.DELIVERED
    cited = {one["source"] for one in reply.citations} if reply is not None else set()
    forbidden = forbidden_in(row.label.must_not, driven)
    right_sent = (
        delivered
        and row.label.outcome == "answer"
        and not forbidden
        and not row.sources.isdisjoint(cited)
    )
    correct = row.label.outcome == "answer" and _would_cite(driven.state) in row.sources
    as_labelled = right_sent if delivered else ticket.outcome == _wanted(row)
    return CaseResult(
        id=row.id,
        text=row.text,
        wanted=str(row.label.outcome),
        got=str(ticket.outcome),
        right=as_labelled and not forbidden,
        measures={
            "as_labelled": float(as_labelled and not forbidden),
            "confidence": confidence(driven.state),
            "decided": float(_decided_by_confidence(driven)),
            "answerable": float(row.label.outcome == "answer"),
            "correct": float(correct),
            "delivered": float(delivered),
            "handed_off": float(ticket.outcome == Outcome.WITH_PERSON),
            "right_sent": float(right_sent),
            "wrong_sent": float(delivered and not right_sent),
            "forbidden_sent": float(bool(forbidden)),
            "net_value": float(right_sent) - WRONG_COSTS * float(delivered and not right_sent),
            "seconds": driven.seconds,
        },
        trace=driven.trace,
        ticket_id=ticket.id,
        facts={
            "reason": ticket.reason,
            "cited": sorted(cited),
            "sources": sorted(row.sources),
            "limit": desk.desk.goal.max_wrong_answers,
        },
    )


def confidence(state: TicketState) -> float:
    """Of the least sure ask; 0 where triage stopped the ticket before anything was assessed."""
    assessed = state.get("assessed")
    asks = [] if assessed is None else assessed["asks"]
    return min((one["confidence"] for one in asks), default=0.0)


def _decided_by_confidence(driven: Driven) -> bool:
    """Whether it was assessed, and no policy, tool or limit settled what becomes of it."""
    return driven.state.get("assessed") is not None and driven.ticket.reason in BY_CONFIDENCE


def _would_cite(state: TicketState) -> str | None:
    """The source that a reply would stand on first, whether or not one was sent."""
    assessed, results = state.get("assessed"), (state.get("gathered") or {}).values()
    source = {item["id"]: item["source"] for one in results for item in one["evidence"]}
    asks = [] if assessed is None else assessed["asks"]
    cited = [source.get(one["evidence"][0]) for one in asks if one["evidence"]]
    return cited[0] if cited else None


def forbidden_in(texts: Sequence[str], driven: Driven) -> list[str]:
    """Which of the texts stand in anything that went out."""
    said = "\n".join(one.text for one in driven.sent).lower()
    return [text for text in texts if text.lower() in said]


def _wanted(row: TicketRow) -> Outcome:
    assert row.label.outcome is not None
    return _OUTCOME[row.label.outcome]


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """Confidence as a ranking and as a probability; and what was sent, against the two extremes.

    The first five look at tickets on which the confidence decided, the others at all.

    `always_answer_value` is what the same cases would have been worth had every one been answered
    from its best evidence. Always handing off is worth 0.
    """
    decided = [one for one in results if one.measures["decided"]]
    values, correct = numbers(decided, "confidence"), flags(decided, "correct")
    sent = [one for one in results if one.measures["delivered"]]
    answerable = [one for one in results if one.measures["answerable"]]
    others = [one for one in results if not one.measures["answerable"]]
    return {
        "auroc": auroc(values, flags(decided, "answerable")),
        "auroc_correct": auroc(values, correct),
        "precision_at_50": precision_at(0.5, values, correct),
        "precision_at_80": precision_at(0.8, values, correct),
        "ece": ece(values, correct),
        "coverage": proportion(flags(results, "delivered")),
        "error": proportion(flags(sent, "wrong_sent")) if sent else NOTHING,
        "stated_error": exact(results[0].facts["limit"] if results else None, len(results)),
        "as_labelled": proportion(flags(results, "as_labelled")),
        "delivered_with_gold": proportion(flags(results, "right_sent")),
        "delivered_without_gold": proportion(flags(results, "wrong_sent")),
        "answerable_handed_off": proportion(flags(answerable, "handed_off")),
        "unanswerable_delivered": proportion(flags(others, "delivered")),
        "forbidden_sent": proportion(flags(results, "forbidden_sent")),
        "net_value": mean(numbers(results, "net_value")),
        "always_answer_value": mean(
            [1.0 if one else -WRONG_COSTS for one in flags(results, "correct")]
        ),
    }


SUITE = Suite(
    name="answer",
    about="Is what should be answered answered, and rightly; and the rest handed to a person?",
    read=read,
    opened=opened,
    figures=figures,
)

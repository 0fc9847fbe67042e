"""draft: write the reply from the evidence of the supported asks, and from nothing else."""

from __future__ import annotations

from graph.checks import other_language
from graph.context import NodeFault, NodeResult, TicketContext
from graph.desk.wording import greeted
from graph.guidance import wish_of
from graph.minds.contract import WriteRequest
from graph.not_helped import sent_before
from graph.state import Drafted, Evidence, TicketState, results_of
from graph.verification import tried
from memory.journal.codes import Cause, DraftKind, Reason
from memory.journal.events import DraftRan


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """The first draft, or a revision that settles the findings against the one before."""
    assessed = state["assessed"]
    if assessed is not None and assessed.get("verify"):
        drafted = await _question(state, context)
    else:
        drafted = await context.minds.writer.write(request_for(state, context))
    return NodeResult(
        {"drafted": drafted},
        DraftRan(
            cause=Cause.PLANNED if drafted["attempt"] == 1 else Cause.REVISE,
            outcome=DraftKind(drafted["kind"]),
            attempt=drafted["attempt"],
            claims=len(drafted["claims"]),
        ),
    )


async def _question(state: TicketState, context: TicketContext) -> Drafted:
    """The request for a one-time code, in the desk's own words: no mind has a part in it."""
    if context.identity is None:
        raise NodeFault(Reason.NOT_YOUR_RECORD, "The desk sends no codes.")
    desk, standing = context.desk, await context.identity.standing(context.ticket_id)
    greeting = greeted(desk.tone.greeting)  # whoever writes may not be who is named
    question = desk.identity.question(standing, tried=tried(state["conversation"]))
    parts = (greeting, question, desk.tone.closing)
    return {
        "attempt": 1,
        "kind": "clarification",
        "text": "\n\n".join(parts),
        "claims": [],
        "writer": "desk",
    }


def request_for(state: TicketState, context: TicketContext) -> WriteRequest:
    """What the writer gets to see."""
    planned, assessed = state["planned"], state["assessed"]
    assert planned is not None
    assert assessed is not None
    checked, drafted = state.get("checked"), state.get("drafted")
    return WriteRequest(
        desk=context.desk,
        asks=planned["asks"],
        assessments=assessed["asks"],
        evidence=evidence_of(state),
        answers={
            item["id"]: result["answer"]
            for result in results_of(state)
            if result["answer"]
            for item in result["evidence"]
        },
        attempt=1 if drafted is None else drafted["attempt"] + 1,
        findings=() if checked is None else checked["findings"],
        customer_name=context.sender.name,
        language=other_language(state, context.desk),
        sent=sent_before(state),
        wish=wish_of(state),
    )


def evidence_of(state: TicketState) -> dict[str, Evidence]:
    """Everything gathered in this turn, by id."""
    return {item["id"]: item for result in results_of(state) for item in result["evidence"]}

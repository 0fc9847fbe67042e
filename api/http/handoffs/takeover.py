"""A person takes a ticket over that the agent still works on."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from api.explain.words.phrases import lowered
from api.explain.words.steps import done_words
from api.http.deps import AgentKey, ContextDep, takes_json
from api.http.handoffs import views
from api.http.handoffs.schemas import TakeoverIn
from api.http.handoffs.view_schemas import TakeoverOut
from api.http.text import PathId
from graph.reasons import explain
from memory import handoffs
from memory.journal.codes import Node, Reason

router = APIRouter(prefix="/v1/tickets", tags=["handoffs"])


@router.post("/{ticket_id}/takeover", summary="Take a ticket over", **takes_json(404, 409))
async def take_over(
    ticket_id: PathId, body: TakeoverIn, key: AgentKey, context: ContextDep
) -> TakeoverOut:
    """Stop the agent at its next step; the ticket is the caller's, with what was known.

    `agent_answer` is `maybe_sent` where a reply was on its way at that very moment. A ticket
    that waits for a person already is claimed.
    """
    async with context.database.transaction() as session:
        step = await handoffs.last_step(session, key.tenant, ticket_id)
        taken = await handoffs.take_over(
            session,
            context.queue,
            tenant=key.tenant,
            ticket_id=ticket_id,
            who=key.name,
            lease=timedelta(minutes=body.minutes),
            explanation=explained(step),
            note=body.note,
        )
        shown = await views.summary(session, taken.handoff)
        return TakeoverOut(handoff=shown, agent_answer=taken.answer)


def explained(step: Node | None) -> str:
    """The reason in words, with the last step that the agent took."""
    if step is None:
        return explain(Reason.TAKEN_OVER, "The agent had not begun.")
    return explain(Reason.TAKEN_OVER, f"The last thing it did: {lowered(done_words(step))}.")

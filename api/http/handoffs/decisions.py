"""What a person does with a handoff: ask, decide, send back, merge, close several."""

from __future__ import annotations

from fastapi import APIRouter

from api.http.deps import AgentKey, ContextDep, LeadKey, takes_json
from api.http.files.taking import owner_of
from api.http.handoffs import views
from api.http.handoffs.ownership import check_until
from api.http.handoffs.schemas import AskIn, BulkCloseIn, DecisionIn, MergeIn, RedraftIn
from api.http.handoffs.view_schemas import BulkOut, HandoffOut, HandoffSummary
from api.http.text import PathId
from memory import handoffs
from memory.handoffs import Decision
from memory.tables import DecisionKind

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])


@router.post("/bulk/close", summary="Close several handoffs", **takes_json())
async def close_many(body: BulkCloseIn, key: LeadKey, context: ContextDep) -> BulkOut:
    """End each ticket without a reply; those that cannot be closed are listed with the reason."""
    async with context.database.transaction() as session:
        done = await handoffs.close_many(
            session,
            context.queue,
            tenant=key.tenant,
            ids=body.ids,
            who=key.name,
            note=body.note,
        )
    return BulkOut(closed=list(done.closed), refused=done.refused)


@router.post("/{handoff_id}/decide", summary="Decide a handoff", **takes_json(404, 409))
async def decide(
    handoff_id: PathId, body: DecisionIn, key: AgentKey, context: ContextDep
) -> HandoffOut:
    """Approve the suggested reply, send one's own, return it to the agent, or close it.

    Each proposed action is approved or refused on its own. Files leave with the answer, in the same
    message. The first decision wins; later ones get a 409 that says who decided and when.
    """
    async with context.database.transaction() as session:
        found = await handoffs.decide(
            session,
            context.queue,
            tenant=key.tenant,
            handoff_id=handoff_id,
            who=key.name,
            decision=body.decision(owner_of(key)),
            version=body.version,
        )
        return await views.whole(session, found)


@router.post(
    "/{handoff_id}/redraft", summary="Ask the agent to draft again", **takes_json(404, 409)
)
async def redraft(
    handoff_id: PathId, body: RedraftIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Have the agent draft again with a hint. The new draft comes back as a handoff: nothing is sent."""
    async with context.database.transaction() as session:
        found = await handoffs.decide(
            session,
            context.queue,
            tenant=key.tenant,
            handoff_id=handoff_id,
            who=key.name,
            decision=Decision(DecisionKind.RETURN, guidance=body.hint, redraft=True),
            version=body.version,
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/ask", summary="Ask the customer", **takes_json(404, 409))
async def ask(
    handoff_id: PathId, body: AskIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Send the customer a question, once, and wait; the answer comes back to the caller."""
    if body.until is not None:
        check_until(body.until)
    async with context.database.transaction() as session:
        found = await handoffs.ask(
            session,
            context.queue,
            tenant=key.tenant,
            handoff_id=handoff_id,
            who=key.name,
            text=body.text,
            until=body.until,
            version=body.version,
            files=body.files,
            uploader=owner_of(key),
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/merge", summary="Merge a duplicate", **takes_json(404, 409))
async def merge(
    handoff_id: PathId, body: MergeIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """End this ticket and answer it with another one of the same customer, who is told so."""
    async with context.database.transaction() as session:
        found = await handoffs.merge(
            session,
            context.queue,
            tenant=key.tenant,
            handoff_id=handoff_id,
            into=body.into,
            who=key.name,
            version=body.version,
        )
        return await views.summary(session, found)

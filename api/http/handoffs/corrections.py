"""What people say was wrong, and what they take back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from api.http.deps import AgentKey, ContextDep, takes_json
from api.http.handoffs import views
from api.http.handoffs.schemas import CorrectionIn
from api.http.handoffs.view_schemas import CorrectionOut, CorrectionPage
from api.http.paging import DEFAULT_PAGE, Limit, Offset, following
from api.http.responses import problems
from api.http.text import Line, PathId
from memory import handoffs
from memory.handoffs import corrections
from memory.handoffs import log as handoff_log
from memory.handoffs.corrections import New
from memory.journal import journal
from memory.journal.codes import Cause
from memory.journal.events import Corrected
from memory.tables import Correction, CorrectionKind
from memory.tickets import tickets

router = APIRouter(prefix="/v1", tags=["corrections"])
Kind = Literal["article_wrong", "article_missing", "gap_dismissed", "intent_wrong", "answer_wrong"]


@router.post(
    "/handoffs/{handoff_id}/corrections",
    status_code=201,
    summary="Correct the agent",
    **takes_json(404, 409),
)
async def correct_handoff(
    handoff_id: PathId, body: CorrectionIn, key: AgentKey, context: ContextDep
) -> CorrectionOut:
    """An article is wrong or missing, the intent or an answer was wrong. It can be undone."""
    async with context.database.transaction() as session:
        handoff = await handoffs.get(session, key.tenant, handoff_id)
        ticket = await tickets.get(session, key.tenant, handoff.ticket_id)
        made = await corrections.make(
            session, tenant=key.tenant, ticket=ticket, who=key.name, new=_new(body), handoff=handoff
        )
        await handoff_log.record(
            session, handoff, key.name, "corrected", kind=made.kind, correction=made.id
        )
        await journal.append(session, ticket, _corrected(made))
        return views.correction(made)


@router.post(
    "/tickets/{ticket_id}/corrections",
    status_code=201,
    summary="Correct an answered ticket",
    **takes_json(404, 409),
)
async def correct_ticket(
    ticket_id: PathId, body: CorrectionIn, key: AgentKey, context: ContextDep
) -> CorrectionOut:
    """The same of a ticket that no person had, such as an answer that was wrong."""
    async with context.database.transaction() as session:
        ticket = await tickets.get(session, key.tenant, ticket_id)
        made = await corrections.make(
            session, tenant=key.tenant, ticket=ticket, who=key.name, new=_new(body)
        )
        await journal.append(session, ticket, _corrected(made))
        return views.correction(made)


@router.post(
    "/corrections/{correction_id}/undo",
    summary="Undo a correction",
    responses=problems(400, 404, 409),
)
async def undo(correction_id: PathId, key: AgentKey, context: ContextDep) -> CorrectionOut:
    """What it changed is as it was before."""
    async with context.database.transaction() as session:
        undone = await corrections.undo(session, key.tenant, correction_id, key.name)
        ticket = await tickets.get(session, key.tenant, undone.ticket_id)
        await journal.append(session, ticket, _corrected(undone, Cause.UNDONE))
        if undone.handoff_id is not None:
            handoff = await handoffs.get(session, key.tenant, undone.handoff_id)
            await handoff_log.record(
                session, handoff, key.name, "correction_undone", correction=undone.id
            )
        return views.correction(undone)


@router.get("/corrections", summary="List corrections")
async def list_corrections(
    *,
    key: AgentKey,
    context: ContextDep,
    kind: Kind | None = None,
    ticket: Annotated[Line | None, Query(max_length=64)] = None,
    counting: bool | None = None,
    request: Request,
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
) -> CorrectionPage:
    """Newest first; `counting=true` shows those that have not been undone."""
    async with context.database.reading() as session:
        found = await corrections.listed(
            session,
            key.tenant,
            kind=kind,
            counting=counting,
            ticket_id=ticket,
            limit=limit + 1,
            offset=offset,
        )
    more = following(request, limit=limit, offset=offset + limit) if len(found) > limit else None
    return CorrectionPage(items=[views.correction(one) for one in found[:limit]], next=more)


def _new(body: CorrectionIn) -> New:
    return New(CorrectionKind(body.kind), body.article, body.intent, body.ask, body.note)


def _corrected(one: Correction, cause: Cause = Cause.PERSON) -> Corrected:
    return Corrected(cause=cause, outcome=CorrectionKind(one.kind))

"""The queue of the people: list, count, look."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from api.http.deps import AgentKey, ContextDep
from api.http.handoffs import views
from api.http.handoffs.view_schemas import CountsOut, HandoffOut, HandoffPage
from api.http.paging import DEFAULT_PAGE, Limit, Offset, following
from api.http.responses import problems
from api.http.text import MAX_EMAIL_CHARS, MAX_QUERY_CHARS, Line, PathId
from memory import handoffs
from memory.handoffs import UNDECIDED, WAITING, Filter

MAX_STATUSES = 20

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])
Status = Literal["opening", "open", "claimed", "snoozed", "waiting_customer", "decided", "closed"]
Short = Annotated[Line | None, Query(max_length=80)]


@router.get("", summary="List handoffs")
async def list_handoffs(
    *,
    key: AgentKey,
    context: ContextDep,
    status: Annotated[list[Status] | None, Query(max_length=MAX_STATUSES)] = None,
    team: Short = None,
    skill: Short = None,
    reason: Short = None,
    intent: Short = None,
    ticket: Short = None,
    customer: Annotated[Line | None, Query(max_length=MAX_EMAIL_CHARS)] = None,
    q: Annotated[Line | None, Query(max_length=MAX_QUERY_CHARS)] = None,
    mine: bool = False,
    unassigned: bool = False,
    overdue: bool = False,
    request: Request,
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
) -> HandoffPage:
    """Most urgent first, then first due. Open and claimed ones unless `status` says else.

    `mine` shows what the caller has, put aside or asked about. `q` looks for words (the last
    letters of each may be missing) in subject, explanation, customer, ids and what was said, and where nothing
    has them for words spelt nearly so; `customer` for an exact address.
    """
    wanted = Filter(
        statuses=status or (UNDECIDED if mine else WAITING),
        team=team,
        skill=skill,
        reason=reason,
        intent=intent,
        ticket_id=ticket,
        customer=customer,
        query=q,
        claimed_by=key.name if mine else None,
        unassigned=unassigned,
        overdue=overdue,
    )
    async with context.database.reading() as session:
        found = await handoffs.listed(session, key.tenant, wanted, limit=limit + 1, offset=offset)
    more = following(request, limit=limit, offset=offset + limit) if len(found) > limit else None
    return HandoffPage(items=[views.listed(one) for one in found[:limit]], next=more)


@router.get("/counts", summary="Count handoffs")
async def count_handoffs(key: AgentKey, context: ContextDep) -> CountsOut:
    """How many stand where, and of those that wait how many in which team, priority and so on."""
    async with context.database.reading() as session:
        return views.counts(await handoffs.counts(session, key.tenant, key.name))


@router.get("/{handoff_id}", summary="Read a handoff", responses=problems(404))
async def get_handoff(handoff_id: PathId, key: AgentKey, context: ContextDep) -> HandoffOut:
    """The whole story: why, what was tried and found, what is suggested, the conversation."""
    async with context.database.reading() as session:
        found = await handoffs.get(session, key.tenant, handoff_id)
        return await views.whole(session, found)

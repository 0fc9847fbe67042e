"""The queue of the people: list, look, claim, release, decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from sqlmodel.ext.asyncio.session import AsyncSession

from api import views
from api.deps import AgentKey, LedgerDep, json_body
from api.responses import problems
from api.schemas.handoffs import ClaimIn, DecisionIn, HandoffOut, HandoffPage, HandoffSummary
from memory import handoffs, tickets
from memory.tables import Handoff, HandoffStatus

RETURNS_ALLOWED = 2
"""Times one turn may be given back to the agent."""
DEFAULT_PAGE = 50
MAX_PAGE = 200
MAX_OFFSET = 100_000
WAITING = (HandoffStatus.OPEN, HandoffStatus.CLAIMED)

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])
Status = Literal["opening", "open", "claimed", "decided"]


@router.get("", summary="List handoffs", responses=problems(401, 403, 422, 503))
async def list_handoffs(
    *,
    key: AgentKey,
    ledger: LedgerDep,
    status: Annotated[list[Status] | None, Query()] = None,
    reason: Annotated[str | None, Query(max_length=64)] = None,
    ticket: Annotated[str | None, Query(max_length=64)] = None,
    mine: bool = False,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> HandoffPage:
    """Most urgent first, then first due. Open and claimed ones unless `status` says else."""
    async with ledger.database.reading() as session:
        found = await handoffs.listed(
            session,
            key.tenant,
            statuses=status or WAITING,
            reason=reason,
            ticket_id=ticket,
            claimed_by=key.name if mine else None,
            limit=limit + 1,
            offset=offset,
        )
    following = None
    if len(found) > limit:
        wanted = {"status": status, "reason": reason, "ticket": ticket, "mine": mine or None}
        page: dict[str, Any] = {"limit": limit, "offset": offset + limit}
        page |= {name: value for name, value in wanted.items() if value is not None}
        following = f"/v1/handoffs?{urlencode(page, doseq=True)}"
    return HandoffPage(items=[views.handoff_summary(one) for one in found[:limit]], next=following)


@router.get("/{handoff_id}", summary="Read a handoff", responses=problems(401, 403, 404, 422, 503))
async def get_handoff(handoff_id: str, key: AgentKey, ledger: LedgerDep) -> HandoffOut:
    """The whole story: why, what was tried and found, what is suggested, the conversation."""
    async with ledger.database.reading() as session:
        return await _whole(session, await handoffs.get(session, key.tenant, handoff_id))


@router.post(
    "/{handoff_id}/claim",
    summary="Claim a handoff",
    responses=problems(400, 401, 403, 404, 409, 422, 503),
)
async def claim(
    handoff_id: str, key: AgentKey, ledger: LedgerDep, body: ClaimIn | None = None
) -> HandoffSummary:
    """Take it for some minutes; claiming one's own again renews it."""
    minutes = (body or ClaimIn()).minutes
    async with ledger.database.transaction() as session:
        found = await handoffs.claim(
            session, key.tenant, handoff_id, key.name, timedelta(minutes=minutes)
        )
    return views.handoff_summary(found)


@router.post(
    "/{handoff_id}/release",
    summary="Release a handoff",
    responses=problems(401, 403, 404, 409, 422, 503),
)
async def release(handoff_id: str, key: AgentKey, ledger: LedgerDep) -> HandoffSummary:
    """Give one's claim up, so that others can take it."""
    async with ledger.database.transaction() as session:
        found = await handoffs.release(session, key.tenant, handoff_id, key.name)
    return views.handoff_summary(found)


@router.post(
    "/{handoff_id}/decide",
    summary="Decide a handoff",
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def decide(handoff_id: str, body: DecisionIn, key: AgentKey, ledger: LedgerDep) -> HandoffOut:
    """Approve the suggested reply, send one's own, return it to the agent, or close it.

    The first decision wins; later ones get a 409 that says who decided and when.
    """
    async with ledger.database.transaction() as session:
        found = await handoffs.decide(
            session,
            ledger.queue,
            tenant=key.tenant,
            handoff_id=handoff_id,
            who=key.name,
            decision=body.decision(),
            version=body.version,
            returns_allowed=RETURNS_ALLOWED,
        )
        return await _whole(session, found)


async def _whole(session: AsyncSession, handoff: Handoff) -> HandoffOut:
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    return views.handoff_out(handoff, ticket, await tickets.messages(session, ticket.id))

"""Who has a handoff: claim, release, assign, transfer, put aside, wake, read, note."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.deps import AgentKey, ApiContext, ContextDep, Principal, takes_json
from api.http.faults import BodyRefused, Forbidden
from api.http.handoffs import views
from api.http.handoffs.schemas import (
    AssignIn,
    ClaimIn,
    NoteIn,
    SeenIn,
    SnoozeIn,
    TransferIn,
    VersionIn,
)
from api.http.handoffs.view_schemas import HandoffSummary, NoteOut
from api.http.problems import FieldProblem
from api.http.responses import problems
from api.http.text import PathId
from memory import handoffs
from memory.people import people
from memory.people.keys import Scope
from memory.tables import now

LONGEST_ASIDE = timedelta(days=90)
"""A handoff is put aside for so long at most."""

router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])


@router.post("/{handoff_id}/claim", summary="Claim a handoff", responses=problems(400, 404, 409))
async def claim(
    handoff_id: PathId, key: AgentKey, context: ContextDep, body: ClaimIn | None = None
) -> HandoffSummary:
    """Take it for some minutes. Claiming one's own again renews the lease and nothing else."""
    wanted = body or ClaimIn()
    async with context.database.transaction() as session:
        found = await handoffs.claim(
            session,
            key.tenant,
            handoff_id,
            key.name,
            lease=timedelta(minutes=wanted.minutes),
            version=wanted.version,
        )
        return await views.summary(session, found)


@router.post(
    "/{handoff_id}/release", summary="Release a handoff", responses=problems(400, 404, 409)
)
async def release(handoff_id: PathId, key: AgentKey, context: ContextDep) -> HandoffSummary:
    """Give one's claim up, so that others can take it. A lead may free what others have."""
    async with context.database.transaction() as session:
        found = await handoffs.release(
            session, key.tenant, handoff_id, key.name, lead=_may_lead(key)
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/assign", summary="Assign a handoff", **takes_json(404, 409))
async def assign(
    handoff_id: PathId, body: AssignIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Give it to a person, who has an hour to begin. A lead may take it from whoever has it.

    To give it to somebody else needs the scope lead; `transfer` hands on what one has oneself.
    """
    if body.to != key.name and not _may_lead(key):
        raise Forbidden("assigning to others needs the scope lead: hand it on with `transfer`")
    async with context.database.transaction() as session:
        await _check_person(session, key, body.to)
        found = await handoffs.assign(
            session,
            key.tenant,
            handoff_id,
            key.name,
            to=body.to,
            version=body.version,
            lead=_may_lead(key),
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/transfer", summary="Transfer a handoff", **takes_json(404, 409))
async def transfer(
    handoff_id: PathId, body: TransferIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Hand it on to a person or a team, with a note."""
    await _check_team(context, key, body.team)
    async with context.database.transaction() as session:
        await _check_person(session, key, body.to)
        found = await handoffs.transfer(
            session,
            key.tenant,
            handoff_id,
            key.name,
            to=body.to,
            team=body.team,
            note=body.note,
            version=body.version,
            lead=_may_lead(key),
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/snooze", summary="Put a handoff aside", **takes_json(404, 409))
async def snooze(
    handoff_id: PathId, body: SnoozeIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Until a moment, or until the customer writes; then it comes back to the caller."""
    check_until(body.until)
    async with context.database.transaction() as session:
        found = await handoffs.snooze(
            session, key.tenant, handoff_id, key.name, until=body.until, version=body.version
        )
        return await views.summary(session, found)


@router.post(
    "/{handoff_id}/wake", summary="Bring a handoff back", responses=problems(400, 404, 409)
)
async def wake(
    handoff_id: PathId, key: AgentKey, context: ContextDep, body: VersionIn | None = None
) -> HandoffSummary:
    """End putting it aside or waiting for the customer; it goes to whoever had it."""
    async with context.database.transaction() as session:
        found = await handoffs.wake(
            session,
            key.tenant,
            handoff_id,
            key.name,
            version=None if body is None else body.version,
            lead=_may_lead(key),
        )
        return await views.summary(session, found)


@router.post("/{handoff_id}/seen", summary="Say what was read", **takes_json(404, 409))
async def seen(
    handoff_id: PathId, body: SeenIn, key: AgentKey, context: ContextDep
) -> HandoffSummary:
    """Up to which message the holder has read: what is after it counts as unread."""
    async with context.database.transaction() as session:
        found = await handoffs.seen(session, key.tenant, handoff_id, key.name, body.seq)
        return await views.summary(session, found)


@router.post("/{handoff_id}/notes", status_code=201, summary="Leave a note", **takes_json(404, 409))
async def note(handoff_id: PathId, body: NoteIn, key: AgentKey, context: ContextDep) -> NoteOut:
    """For colleagues; the customer never sees it."""
    async with context.database.transaction() as session:
        found = await handoffs.get(session, key.tenant, handoff_id)
        made = await handoffs.add_note(session, found, key.name, body.text)
        return views.note(made)


async def _check_person(session: AsyncSession, key: Principal, name: str | None) -> None:
    """Refuse a name that nobody has. Raises `BodyRefused`."""
    if name is None or name == key.name or await people.has_name(session, key.tenant, name):
        return
    message = "is nobody who works here: write the name as GET /v1/people has it"
    raise BodyRefused([FieldProblem(field="to", message=message)])


async def _check_team(context: ApiContext, key: Principal, team: str | None) -> None:
    """Refuse a team that the desk does not have. Raises `BodyRefused`.

    An API without the tenant's desk cannot know, and takes any.
    """
    desk = await context.desks.of(key.tenant) if team else None
    if desk is None or desk.handoff.team(team or "") is not None:
        return
    known = ", ".join(one.name for one in desk.handoff.teams) or "it has none"
    message = f"is no team of the desk ({known}); an empty one is everybody's queue"
    raise BodyRefused([FieldProblem(field="team", message=message)])


def _may_lead(caller: Principal) -> bool:
    """Whether the caller may act on what others have."""
    return caller.may(Scope.LEAD)


def check_until(moment: datetime) -> None:
    """Refuse an `until` that is past or too far ahead. Raises `BodyRefused`."""
    present = now()
    if not present < moment <= present + LONGEST_ASIDE:
        message = f"must be in the future, {LONGEST_ASIDE.days} days ahead at most"
        raise BodyRefused([FieldProblem(field="until", message=message)])

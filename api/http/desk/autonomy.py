"""What the agent may do by itself, by channel and intent, and the switch that stops all sending."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.deps import (
    AgentKey,
    ApiContext,
    ContextDep,
    LeadKey,
    Principal,
    takes_json,
)
from api.http.desk.autonomy_schemas import (
    AutonomyIn,
    AutonomyOut,
    AutonomyPage,
    SendingIn,
    SendingOut,
)
from api.http.faults import NoDesk, NoSuchPart
from api.http.responses import problems
from api.http.text import PathId
from api.mcp.server import CHANNEL as MCP
from graph.desk.model import Desk
from memory import autonomy, sending
from memory.autonomy import Standing
from memory.people import audit
from memory.tables import API_CHANNEL, AutonomyLevel, Sending

router = APIRouter(prefix="/v1", tags=["settings"])


@router.get("/autonomy", summary="Read what the agent may do", responses=problems(404))
async def get_autonomy(key: AgentKey, context: ContextDep) -> AutonomyPage:
    """The level of each channel and intent, and who set it."""
    desk = await _desk(context, key)
    async with context.database.reading() as session:
        return AutonomyPage(items=[_out(one, desk) for one in await _listed(session, key, desk)])


@router.put("/autonomy/{kind}/{name}", summary="Change what the agent may do", **takes_json(404))
async def put_autonomy(
    kind: PathId, name: PathId, body: AutonomyIn, key: LeadKey, context: ContextDep
) -> AutonomyOut:
    """Choose a level for a channel or intent; it holds from the next run on and is audited."""
    desk = await _desk(context, key)
    level = None if body.level is None else AutonomyLevel(body.level)
    async with context.database.transaction() as session:
        found = await _found(session, key, desk, (kind, name))
        changed = await autonomy.choose(session, key.tenant, found.kind, name, level, by=key.name)
        if changed is not None:
            await _note(session, key, str(changed))
        return _out(await _found(session, key, desk, (kind, name)), desk)


@router.get("/sending", summary="Read whether messages are sent")
async def get_sending(key: AgentKey, context: ContextDep) -> SendingOut:
    """Whether somebody has stopped all sending to customers, who, and why."""
    async with context.database.reading() as session:
        return _sending(await sending.stopped(session, key.tenant))


@router.post("/sending/stop", summary="Stop all sending", **takes_json())
async def stop_sending(body: SendingIn, key: AgentKey, context: ContextDep) -> SendingOut:
    """From the answer on nothing more leaves: not the agent's replies, nor people's, nor notices.

    Replies that were about to leave wait as drafts for a person.
    """
    async with context.database.transaction() as session:
        if await sending.stop(session, key.tenant, by=key.name, why=body.why):
            await _note(session, key, "sending stopped")
        return _sending(await sending.stopped(session, key.tenant))


@router.post("/sending/start", summary="Let messages be sent again")
async def start_sending(key: LeadKey, context: ContextDep) -> SendingOut:
    """What was held back stays with people; new replies leave."""
    async with context.database.transaction() as session:
        if await sending.start(session, key.tenant):
            await _note(session, key, "sending started")
        return _sending(await sending.stopped(session, key.tenant))


async def _desk(context: ApiContext, key: Principal) -> Desk:
    desk = await context.desks.of(key.tenant)
    if desk is None:
        raise NoDesk(f"no desk of tenant {key.tenant!r} is in {context.desks.path}")
    return desk


async def _listed(session: AsyncSession, key: Principal, desk: Desk) -> list[Standing]:
    return await autonomy.listed(session, key.tenant, desk.autonomy.levels, known(desk))


async def _found(
    session: AsyncSession, key: Principal, desk: Desk, what: tuple[str, str]
) -> Standing:
    for one in await _listed(session, key, desk):
        if (one.kind, one.name) == what:
            return one
    raise NoSuchPart(f"the desk has no {what[0]} {what[1]!r}: GET /v1/autonomy names them all")


def known(desk: Desk) -> Mapping[autonomy.Kind, list[str]]:
    """The channels and intents that a desk has."""
    return {
        "channel": [API_CHANNEL, MCP, *desk.channels.names],
        "intent": [one.name for one in desk.intents],
    }


def always_person(one: Standing, desk: Desk) -> bool:
    """Whether desk.yaml gives what an intent brings to a person, whatever its level is."""
    return one.kind == "intent" and desk.gives_to_person(one.name)


async def _note(session: AsyncSession, key: Principal, action: str) -> None:
    await audit.note(session, tenant=key.tenant, who=key.name, via=key.via, action=action)


def _out(one: Standing, desk: Desk) -> AutonomyOut:
    return AutonomyOut(
        kind=one.kind,
        name=one.name,
        level=one.level.value,
        source=one.source,
        changed_by=None if one.row is None else one.row.changed_by,
        changed_at=None if one.row is None else one.row.changed_at,
        always_person=always_person(one, desk),
    )


def _sending(row: Sending | None) -> SendingOut:
    if row is None:
        return SendingOut(stopped=False)
    return SendingOut(
        stopped=True, stopped_at=row.stopped_at, stopped_by=row.stopped_by, why=row.why
    )

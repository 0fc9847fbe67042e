"""The channels of a desk: how each stands; tried, paused and resumed."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request

from api.channels import check
from api.http.deps import AdminKey, AgentKey, ApiContext, ContextDep, LeadKey, Principal
from api.http.desk.channel_schemas import ChannelOut, ChannelPage, ChannelTried
from api.http.faults import NoDesk, NoSuchPart
from api.http.responses import problems
from api.http.text import PathId
from api.readiness import CHANNEL_SILENT
from graph.desk.channels import MAIL
from graph.desk.model import Desk
from memory import autonomy
from memory.channels import states
from memory.channels.outgoing import WIDGET
from memory.channels.standing import Standing, standing

AT_ONCE = 2
"""Channels that one process tries at the same time."""

router = APIRouter(prefix="/v1/channels", tags=["settings"])


@router.get("", summary="List channels", responses=problems(404))
async def list_channels(key: AgentKey, context: ContextDep) -> ChannelPage:
    """Those of desk.yaml, each with what came last and what is wrong."""
    desk = await desk_of(context, key)
    return ChannelPage(items=[await _out(context, desk, one) for one in desk.channels.names])


@router.post("/{name}/pause", summary="Pause a channel", responses=problems(404))
async def pause_channel(name: PathId, key: LeadKey, context: ContextDep) -> ChannelOut:
    """Within seconds nothing comes in by it and nothing leaves; all of it waits where it is."""
    desk = await desk_of(context, key, name)
    async with context.database.transaction() as session:
        await states.pause(session, key.tenant, name, by=key.name)
    return await _out(context, desk, name)


@router.post("/{name}/resume", summary="Resume a channel", responses=problems(404))
async def resume_channel(name: PathId, key: LeadKey, context: ContextDep) -> ChannelOut:
    """It goes on where it stood."""
    desk = await desk_of(context, key, name)
    async with context.database.transaction() as session:
        await states.resume(session, key.tenant, name)
    return await _out(context, desk, name)


@router.post("/{name}/test", summary="Test a channel", responses=problems(404))
async def test_channel(
    name: PathId, request: Request, key: AdminKey, context: ContextDep
) -> ChannelTried:
    """Try it as `deskhand connect` does; a mailbox sends itself a mail, which may take a minute."""
    desk = await desk_of(context, key, name)
    channel = getattr(desk.channels, name)
    asked = check.Asked(
        name,
        channel.model_dump(mode="json"),
        desk.company,
        context.private_hosts,
        ours_of(request),
    )
    async with room_of(request):
        found = await asyncio.to_thread(check.tried, asked)
    return ChannelTried(well=found.well, lines=list(found.lines))


def room_of(request: Request) -> asyncio.Semaphore:
    """Held by whoever tries a channel."""
    found: asyncio.Semaphore = request.app.state.trying
    return found


def ours_of(request: Request) -> str:
    """Where the caller reaches us."""
    return str(request.base_url).rstrip("/")


async def desk_of(context: ApiContext, key: Principal, name: str = "") -> Desk:
    """The caller's desk. Raises `NoDesk`, and `NoSuchPart` if it has no channel `name`."""
    desk = await context.desks.of(key.tenant)
    if desk is None:
        raise NoDesk(f"no desk of tenant {key.tenant!r} is in {context.desks.path}")
    if name and name not in desk.channels.names:
        raise NoSuchPart(f"the desk has no channel {name!r}: GET /v1/channels names them all")
    return desk


async def _out(context: ApiContext, desk: Desk, name: str) -> ChannelOut:
    async with context.database.reading() as session:
        found = await standing(session, desk.tenant, name)
        levels = await autonomy.listed(
            session, desk.tenant, desk.autonomy.levels, {"channel": [name], "intent": []}
        )
    level = next(one.level for one in levels if (one.kind, one.name) == ("channel", name))
    first = next(iter(found.troubles), None)
    return ChannelOut(
        name=name,
        at=_places(desk, name),
        level=level.value,
        last_in=found.last_in,
        last_out=found.last_out,
        waiting=found.waiting,
        trouble=None if first is None else first.trouble,
        trouble_since=None if first is None else first.since,
        running=_runs(name, found),
        paused_by=None if found.paused is None else str(found.paused.cursor["by"]),
        paused_since=None if found.paused is None else found.paused.since,
        newest=found.newest,
    )


def _places(desk: Desk, name: str) -> list[str]:
    channels = desk.channels
    if name == MAIL and channels.mail is not None:
        return [channels.mail.address]
    if name == WIDGET and channels.widget is not None:
        return list(channels.widget.origins)
    return [channels.helpdesks[name].url]


def _runs(name: str, found: Standing) -> bool:
    if name == WIDGET:
        return True
    return found.silent_for is not None and found.silent_for < CHANNEL_SILENT

"""`deskhand sending` and `deskhand autonomy`: what may leave, and what the agent may do by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from api.cli import screen
from api.cli.database import changing, tenant_of
from api.cli.failures import USAGE, CommandFault
from api.settings import read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from graph.desk.model import Desk
    from memory.autonomy import Standing
    from memory.tables import Sending

WHO = "command line"
T = TypeVar("T")
Tenant = Annotated[str | None, typer.Option(help="Whose (default: the only tenant there is).")]
sending = typer.Typer(no_args_is_help=True, help="The switch that stops all sending at once.")
autonomy = typer.Typer(
    no_args_is_help=True, help="How far the agent may go by itself: off, suggest or auto."
)


@sending.command()
def stop(
    tenant: Tenant = None,
    why: Annotated[str, typer.Option(help="Shown to everybody at the desk.")] = "",
) -> None:
    """Let nothing more leave: no reply of the agent or of people, no notice, no code."""

    async def act(session: AsyncSession, owner: str) -> None:
        from memory import sending as switch

        if await switch.stop(session, owner, by=WHO, why=why):
            await _note(session, owner, "sending stopped")

    _at(tenant, act)
    screen.out().print(
        "Stopped. Nothing is sent any more; replies wait as drafts for people. "
        "Start again with `deskhand sending start`.",
        markup=False,
    )


@sending.command()
def start(tenant: Tenant = None) -> None:
    """Let messages be sent again; what was held back stays with people."""

    async def act(session: AsyncSession, owner: str) -> None:
        from memory import sending as switch

        if await switch.start(session, owner):
            await _note(session, owner, "sending started")

    _at(tenant, act)
    screen.out().print("Messages are sent again. What was held back waits in the queue for people.")


@sending.command("show")
def show_sending(tenant: Tenant = None) -> None:
    """Say whether messages leave."""

    async def act(session: AsyncSession, owner: str) -> Sending | None:
        from memory import sending as switch

        return await switch.stopped(session, owner)

    row = _at(tenant, act)
    if row is None:
        screen.out().print("Messages leave.")
        return
    why = f" Why: {row.why}" if row.why else ""
    words = f"Stopped by {row.stopped_by} at {screen.moment(row.stopped_at)}.{why}"
    screen.out().print(words, markup=False)


@autonomy.command("show")
def show_autonomy(tenant: Tenant = None) -> None:
    """List every channel and intent with its level."""
    owner, desk = _desk_of(tenant)

    async def act(session: AsyncSession, _: str) -> list[Standing]:
        return await _listed(session, desk)

    from api.http.desk.autonomy import always_person

    rows = [
        (one.kind, one.name, "a person", "desk.yaml")
        if always_person(one, desk)
        else (one.kind, one.name, one.level.value, _source(one))
        for one in _at(owner, act)
    ]
    screen.out().print(screen.table(("Kind", "Name", "Level", "Set by"), rows))


@autonomy.command("set")
def set_autonomy(
    kind: Annotated[str, typer.Argument(help="channel or intent")],
    name: Annotated[str, typer.Argument(help="Its name, as in desk.yaml.")],
    level: Annotated[
        str, typer.Argument(help="off, suggest, auto, or desk for what the file says")
    ],
    tenant: Tenant = None,
) -> None:
    """Choose a level; it holds from the next run on, and comes before desk.yaml."""
    owner, desk = _desk_of(tenant)

    async def act(session: AsyncSession, _: str) -> Standing:
        return await _chosen(session, desk, (kind, name), level)

    found = _at(owner, act)
    words = f"The {found.kind} {found.name} is on {found.level.value} ({_source(found)})."
    screen.out().print(words, markup=False)


async def _chosen(session: AsyncSession, desk: Desk, what: tuple[str, str], level: str) -> Standing:
    from memory import autonomy as levels
    from memory.tables import AutonomyLevel

    if level not in {*AutonomyLevel, "desk"}:
        msg = f"there is no level {level!r}: use off, suggest, auto, or desk"
        raise CommandFault(msg, USAGE)
    standing = await _listed(session, desk)
    found = next((one for one in standing if (one.kind, one.name) == what), None)
    if found is None:
        msg = f"the desk has no {' '.join(what)!r}: `deskhand autonomy show` lists them"
        raise CommandFault(msg, USAGE)
    wanted = None if level == "desk" else AutonomyLevel(level)
    changed = await levels.choose(session, desk.tenant, found.kind, found.name, wanted, by=WHO)
    if changed is not None:
        await _note(session, desk.tenant, str(changed))
    again = await _listed(session, desk)
    return next(one for one in again if (one.kind, one.name) == what)


async def _listed(session: AsyncSession, desk: Desk) -> list[Standing]:
    from api.http.desk.autonomy import known
    from memory import autonomy as levels

    return await levels.listed(session, desk.tenant, desk.autonomy.levels, known(desk))


def _source(one: Standing) -> str:
    return one.row.changed_by if one.source == "person" and one.row is not None else one.source


def _desk_of(tenant: str | None) -> tuple[str, Desk]:
    from graph.desk.folder import load_desks

    settings = read_settings()
    owner, desks = tenant_of(settings, tenant), load_desks(settings.desk, settings.variables)
    if owner not in desks:
        msg = f"no desk of tenant {owner!r} is in {settings.desk}: name another with --tenant"
        raise CommandFault(msg, USAGE)
    return owner, desks[owner]


def _at(tenant: str | None, act: Callable[[AsyncSession, str], Awaitable[T]]) -> T:
    settings = read_settings()
    owner = tenant_of(settings, tenant)
    return changing(settings, lambda session: act(session, owner))


async def _note(session: AsyncSession, tenant: str, action: str) -> None:
    from memory.people import audit

    await audit.note(session, tenant=tenant, who=WHO, via="command", action=action)

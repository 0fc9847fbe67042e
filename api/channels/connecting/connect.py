"""Connects a channel: tries it, writes desk.yaml, and lets it be read from now on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.channels import check
from api.channels.check import Begin
from api.channels.connecting import desk_file
from api.channels.connecting.channel_block import Wanted
from api.channels.connecting.desk_file import NotWritten, ReadOnly
from api.channels.connecting.questions import WIDGET
from api.settings import Settings
from memory.channels import states
from memory.storage.database import Database

ELSEWHERE = (
    "desk.yaml was written on this machine. Where others have one of their own, put the same lines"
    " into it; the secrets they have already."
)
"""Told where machines share a database and no folder."""


@dataclass(frozen=True)
class Place:
    """Whose channel it is, and where it is connected from."""

    tenant: str
    company: str
    path: Path
    """The tenant's desk.yaml."""
    ours: str
    """Where our API is reached."""
    fenced: bool
    """Whether private addresses are left alone unless they are listed."""


@dataclass(frozen=True)
class Connected:
    """How it went."""

    well: bool
    """Whether it works as it was asked for; if not, nothing was written, unless it is a website."""
    lines: Sequence[str]
    """What was found, and what to do about it, a sentence a line."""
    wanted: Wanted | None = None
    """As it was written."""
    trouble: str = ""
    """Why desk.yaml could not be written; then `wanted` is what has to stand in it."""


async def connect(
    settings: Settings, database: Database, place: Place, wanted: Wanted
) -> Connected:
    """Try it and write it down. Raises `NotWritten`, `MemoryFault`."""
    await asyncio.to_thread(desk_file.make_sure, settings, place.path, wanted.name)
    asked = check.Asked(
        wanted.name,
        wanted.filled(),
        place.company,
        settings.webhook_private_hosts,
        place.ours,
        fenced=place.fenced,
        begins=True,
    )
    found = await asyncio.to_thread(check.tried, asked)
    if not found.well and wanted.name != WIDGET:  # a website may well be built later
        return Connected(well=False, lines=found.lines)
    final = wanted.with_settings(found.settings)
    try:
        await _write(settings, database, place, (final, found.begin))
    except ReadOnly as error:
        return Connected(found.well, found.lines, final, str(error))
    except NotWritten as error:
        return Connected(well=False, lines=[*found.lines, str(error)])
    lines = found.lines if settings.shared is None else [*found.lines, ELSEWHERE]
    return Connected(found.well, lines, final)


async def _write(
    settings: Settings, database: Database, place: Place, both: tuple[Wanted, Begin | None]
) -> None:
    wanted, begin = both
    try:
        async with desk_file.lock(settings):
            await asyncio.to_thread(desk_file.make_sure, settings, place.path, wanted.name)
            if begin is not None:  # before anybody reads it
                async with database.transaction() as session:
                    await states.move_cursor(session, place.tenant, wanted.name, *begin)
            await asyncio.to_thread(desk_file.add, settings, place.path, wanted)
    except OSError as error:  # the lock's time-out is one as well
        msg = f"{settings.home} cannot be written here ({error.strerror or 'somebody else does'})"
        raise ReadOnly(msg) from error

"""Which conversations of a helpdesk are to be read again, since a webhook named them.

A webhook is a nudge and nothing more: what it says is read from the helpdesk itself, in order, so
one that comes twice, late or never changes nothing but the hour. Functions never commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.channels import states

PART = "hooks"
"""The part of a channel's state that holds them."""
MOST = 1_000
"""Conversations that are named; beyond that everything that changed is looked through."""


@dataclass(frozen=True)
class Poked:
    """What waits to be read."""

    refs: dict[str, int]
    """How often each conversation was named since it was last read, the longest waiting first."""
    everything: bool = False
    """Whether more were named than are kept."""
    taken: int = 0
    """Webhooks that named a conversation, ever."""
    ignored: int = 0
    """Webhooks of no interest, ever."""


async def note(session: AsyncSession, tenant: str, channel: str, ref: str | None) -> None:
    """A genuine webhook came; None is one of no interest, which is counted."""
    row = await states.held(session, tenant, channel, PART)
    found = _read(row.cursor)
    if ref is None:
        row.cursor = _written(found, ignored=found.ignored + 1)
    elif ref in found.refs or len(found.refs) < MOST:
        refs = {**found.refs, ref: found.refs.get(ref, 0) + 1}
        row.cursor = _written(found, refs=refs, taken=found.taken + 1)
    else:
        row.cursor = _written(found, everything=True, taken=found.taken + 1)
    session.add(row)
    await session.flush()


async def waiting(session: AsyncSession, tenant: str, channel: str) -> Poked:
    """What waits to be read."""
    return _read(await states.cursor(session, tenant, channel, PART))


async def done(session: AsyncSession, tenant: str, channel: str, ref: str, times: int) -> None:
    """It was read, after it was named so often; one that was named again meanwhile stays."""
    row = await states.held(session, tenant, channel, PART)
    found = _read(row.cursor)
    if found.refs.get(ref) == times:
        row.cursor = _written(found, refs={one: n for one, n in found.refs.items() if one != ref})
        session.add(row)
        await session.flush()


async def looked_through(session: AsyncSession, tenant: str, channel: str) -> None:
    """Everything that changed is named now."""
    row = await states.held(session, tenant, channel, PART)
    row.cursor = _written(_read(row.cursor), everything=False)
    session.add(row)
    await session.flush()


def _read(cursor: dict[str, Any]) -> Poked:
    return Poked(
        dict(cursor.get("refs", {})),
        bool(cursor.get("everything")),
        int(cursor.get("taken", 0)),
        int(cursor.get("ignored", 0)),
    )


def _written(found: Poked, **changes: Any) -> dict[str, Any]:
    return {
        "refs": found.refs,
        "everything": found.everything,
        "taken": found.taken,
        "ignored": found.ignored,
        **changes,
    }

"""Which conversations of a helpdesk are to be read again, since a webhook or its list named them.

A webhook is a nudge and nothing more: what it says is read from the helpdesk itself, in order, so
one that comes twice, late or never changes nothing but the hour. Functions never commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
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

    def noted(found: Poked) -> Poked:
        if ref is None:
            return replace(found, ignored=found.ignored + 1)
        if ref in found.refs or len(found.refs) < MOST:
            refs = {**found.refs, ref: found.refs.get(ref, 0) + 1}
            return replace(found, refs=refs, taken=found.taken + 1)
        return replace(found, everything=True, taken=found.taken + 1)

    await _change(session, tenant, channel, noted)


async def name(session: AsyncSession, tenant: str, channel: str, refs: Sequence[str]) -> None:
    """These have changed, as the helpdesk lists them. All are kept: its lists are bounded."""
    if refs:

        def named(found: Poked) -> Poked:
            more = {ref: found.refs.get(ref, 0) + 1 for ref in refs}
            return replace(found, refs=found.refs | more)

        await _change(session, tenant, channel, named)


async def waiting(session: AsyncSession, tenant: str, channel: str) -> Poked:
    """What waits to be read."""
    return _read(await states.cursor(session, tenant, channel, PART))


async def done(session: AsyncSession, tenant: str, channel: str, ref: str, times: int) -> None:
    """It was read, after it was named so often; one that was named again meanwhile stays."""

    def read(found: Poked) -> Poked:
        if found.refs.get(ref) != times:
            return found
        return replace(found, refs={one: n for one, n in found.refs.items() if one != ref})

    await _change(session, tenant, channel, read)


async def looked_through(session: AsyncSession, tenant: str, channel: str) -> None:
    """Everything that changed is named now."""
    await _change(session, tenant, channel, lambda found: replace(found, everything=False))


async def _change(
    session: AsyncSession, tenant: str, channel: str, change: Callable[[Poked], Poked]
) -> None:
    row = await states.held(session, tenant, channel, PART)
    row.cursor = asdict(change(_read(row.cursor)))
    session.add(row)
    await session.flush()


def _read(cursor: dict[str, Any]) -> Poked:
    return Poked(
        dict(cursor.get("refs", {})),
        bool(cursor.get("everything")),
        int(cursor.get("taken", 0)),
        int(cursor.get("ignored", 0)),
    )

"""How each direction of a channel stands: what people see when a mailbox cannot be reached.

Its moments are the database's own, since another machine than the one that writes them compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.database_clock import present_in
from memory.storage.engines import insert
from memory.storage.units_session import within
from memory.tables import ChannelState

MOST_WORDS = 500
LEDGER = "ledger"
"""The part of a channel that says what its process met in the database."""
PAUSED = "paused"
"""The part of a channel that says who let it stand still."""


async def cursor(session: AsyncSession, tenant: str, channel: str, part: str) -> dict[str, Any]:
    """How far this part was read; empty where it never was."""
    row = await session.get(ChannelState, (tenant, channel, part))
    return {} if row is None else dict(row.cursor)


async def move_cursor(
    session: AsyncSession, tenant: str, channel: str, part: str, cursor: dict[str, Any]
) -> None:
    """Remember how far this part was read, in the transaction that stored what was read."""
    row = await held(session, tenant, channel, part)
    row.cursor = cursor
    session.add(row)
    await session.flush()


async def tell(
    session: AsyncSession, tenant: str, channel: str, part: str, trouble: str | None
) -> None:
    """Say that it works (None), or why it does not."""
    row = await held(session, tenant, channel, part)
    words = None if trouble is None else trouble[:MOST_WORDS]
    at = await within(session, present_in)
    if (row.trouble is None) != (words is None):
        row.since = at
    row.trouble, row.seen_at = words, at
    session.add(row)
    await session.flush()


async def all_rows(session: AsyncSession) -> Sequence[ChannelState]:
    """Every part of every channel, in a fixed order."""
    query = select(ChannelState).order_by(
        col(ChannelState.tenant), col(ChannelState.channel), col(ChannelState.part)
    )
    return (await session.exec(query)).all()


async def held(session: AsyncSession, tenant: str, channel: str, part: str) -> ChannelState:
    """The row of a part, which nobody else changes until the commit."""
    fresh = ChannelState(tenant=tenant, channel=channel, part=part)
    statement = insert(session, ChannelState).values(fresh.model_dump())
    await session.execute(statement.on_conflict_do_nothing())
    return await session.get_one(
        ChannelState, (tenant, channel, part), with_for_update=True, populate_existing=True
    )


async def show(
    session: AsyncSession, parts: Sequence[tuple[str, str, str]], *, damage: str = ""
) -> None:
    """Somebody runs these (tenant, channel, part), however they stand; `damage` is what they met."""
    for tenant, channel in dict.fromkeys(one[:2] for one in parts):
        if damage:
            await tell(session, tenant, channel, LEDGER, damage)
        elif (told := await session.get(ChannelState, (tenant, channel, LEDGER))) is not None:
            await session.delete(told)
    at = await within(session, present_in)
    for tenant, channel, part in parts:
        row = await held(session, tenant, channel, part)
        row.seen_at = at
        session.add(row)
    await session.flush()


async def keep(session: AsyncSession, channels: Collection[tuple[str, str]]) -> None:
    """Forget the troubles of channels (tenant, name) that are no longer set up; not their cursors."""
    for row in await all_rows(session):
        if (row.tenant, row.channel) not in channels and not row.cursor:
            await session.delete(row)
    await session.flush()


async def pause(session: AsyncSession, tenant: str, channel: str, *, by: str) -> bool:
    """Let a channel stand still until `resume`: nothing comes in or leaves. False if it does."""
    row = await held(session, tenant, channel, PAUSED)
    if row.cursor:
        return False
    row.cursor, row.since = {"by": by}, await within(session, present_in)
    session.add(row)
    await session.flush()
    return True


async def resume(session: AsyncSession, tenant: str, channel: str) -> bool:
    """Let it go on where it stood; False if it did not stand still."""
    row = await held(session, tenant, channel, PAUSED)
    was = bool(row.cursor)
    await session.delete(row)
    await session.flush()
    return was


async def paused(session: AsyncSession, tenant: str, channel: str) -> ChannelState | None:
    """The row of a channel that stands still: who paused it, and since when."""
    row = await session.get(ChannelState, (tenant, channel, PAUSED))
    return row if row is not None and row.cursor else None

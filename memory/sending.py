"""The switch that stops all sending of a tenant at once. Never commits.

Whoever intends a message reads the row in the transaction that intends it and keeps others from
changing it until the commit. So when `stop` has been committed, nothing is intended any more.
"""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.storage.engines import insert
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Sending, now
from memory.tool_names import DELIVER, NOTIFY, SEND_CODE

TO_CUSTOMERS = frozenset({DELIVER, NOTIFY, SEND_CODE})
"""Effects that reach a customer."""
STOPPED = "SELECT stopped_at FROM sending WHERE tenant = ?"
ENSURE = "INSERT INTO sending (tenant, why) VALUES (?, '') ON CONFLICT (tenant) DO NOTHING"


class SendingStopped(MemoryFault):
    """Somebody stopped all sending; nothing left."""

    def __init__(self) -> None:
        super().__init__(
            "all sending is stopped, so nothing was sent or changed: a lead starts it again in the"
            " settings, or with `deskhand sending start`"
        )


async def stop(session: AsyncSession, tenant: str, *, by: str, why: str = "") -> bool:
    """Stop it from the commit on; False if it stood still already."""
    row = await _held(session, tenant)
    if row.stopped_at is not None:
        return False
    row.stopped_at, row.stopped_by, row.why = now(), by, why
    session.add(row)
    await session.flush()
    return True


async def start(session: AsyncSession, tenant: str) -> bool:
    """Let messages be sent again; False if they did."""
    row = await _held(session, tenant)
    if row.stopped_at is None:
        return False
    row.stopped_at, row.stopped_by, row.why = None, None, ""
    session.add(row)
    await session.flush()
    return True


async def stopped(session: AsyncSession, tenant: str) -> Sending | None:
    """The row if sending is stopped. Only looks."""
    row = await session.get(Sending, tenant)
    return row if row is not None and row.stopped_at is not None else None


async def may_send(session: AsyncSession, tenant: str) -> bool:
    """Whether a message may be intended in this transaction; holds the answer until its commit."""
    return await within(session, lambda do: may_send_in(do, tenant))


def may_send_in(do: Statements, tenant: str) -> bool:
    """The same in plain SQL."""
    row = do.row(STOPPED + do.share, (tenant,))
    if row is None:
        do.run(ENSURE, (tenant,))
        row = do.row(STOPPED + do.share, (tenant,))
    return row is not None and row[0] is None


async def check(session: AsyncSession, tenant: str) -> None:
    """Raises `SendingStopped` if a message may not be intended in this transaction."""
    if not await may_send(session, tenant):
        raise SendingStopped


async def _held(session: AsyncSession, tenant: str) -> Sending:
    await _ensured(session, tenant)
    query = select(Sending).where(Sending.tenant == tenant).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one()


async def _ensured(session: AsyncSession, tenant: str) -> None:
    """A lock needs a row."""
    if await session.get(Sending, tenant) is None:
        new = insert(session, Sending).values(tenant=tenant, why="")
        await session.execute(new.on_conflict_do_nothing())

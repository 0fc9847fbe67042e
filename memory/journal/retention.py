"""How long the journal is kept: an old settled ticket's rows go, a living one's never do.

A pass deletes a bounded batch; whoever calls it comes again. Checkpoints, handoffs and messages
have their own retention.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.database import Database
from memory.tables import JournalRow, Ticket, TicketStatus, now

BATCH_TICKETS = 50
"""Tickets whose rows one transaction deletes."""
MOST_BATCHES = 20
"""Transactions of one pass, so that it holds the write lock for a short time only."""


async def forget_journals(database: Database, days: int) -> int:
    """Delete the journals of tickets that settled more than `days` ago; how many tickets.

    At most `BATCH_TICKETS * MOST_BATCHES` a call. A ticket that waits for a person, is queued or
    runs keeps all of its rows, however old it is. Raises `StorageUnavailable`.
    """
    before, forgotten = now() - timedelta(days=days), 0
    for _ in range(MOST_BATCHES):
        async with database.transaction() as session:
            gone = await _forget(session, before)
        forgotten += gone
        if gone < BATCH_TICKETS:
            break
    return forgotten


async def _forget(session: AsyncSession, before: datetime) -> int:
    kept = select(JournalRow.id).where(JournalRow.ticket_id == Ticket.id)
    settled = (
        select(Ticket.id)
        .where(
            Ticket.status == TicketStatus.SETTLED,
            col(Ticket.ended_at) < before,
            kept.correlate(Ticket).exists(),
        )
        .limit(BATCH_TICKETS)
    )
    found = list((await session.exec(settled)).all())
    if found:
        await session.execute(delete(JournalRow).where(col(JournalRow.ticket_id).in_(found)))
    return len(found)

"""Letters that our own breaker held back: due as soon as another one of their tenant has left.

They were never tried, so the growing pauses of those that were would make an outage of seconds one
of minutes for them.
"""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.journal.codes import ErrorKind
from memory.storage.engines import changed
from memory.tables import Letter, OutboxStatus, now

HELD = f"{ErrorKind.BREAKER_OPEN}:"
"""How the error of such a letter begins."""
AT_ONCE = 4
"""Letters that one that left brings forward: more and more while all goes well, never all at once."""


async def bring_forward(session: AsyncSession, tenant: str) -> None:
    """Make the oldest of them due. What another worker has in hand is left to it. Commits nothing."""
    held = (
        select(Letter.id)
        .where(
            Letter.tenant == tenant,
            Letter.status == OutboxStatus.WANTED,
            col(Letter.not_before) > now(),
            col(Letter.error).startswith(HELD),
        )
        .order_by(col(Letter.created_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = list(await session.exec(held))
    if found:
        waits = (col(Letter.id).in_(found), col(Letter.status) == OutboxStatus.WANTED)
        await changed(session, Letter, *waits, not_before=now())

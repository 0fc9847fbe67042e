"""Which workers live: each writes its row anew every few seconds, readers compare the times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.tables import WorkerBeat, now

SILENT = timedelta(seconds=7)
"""A worker that has not written for so long does not come to its work."""
FORGOTTEN = timedelta(minutes=5)
"""A row that was not written for so long is taken away: its worker is gone for good."""
MOST_ROWS = 1_000
"""Workers that are looked at."""


async def beat(session: AsyncSession, row: WorkerBeat) -> None:
    """Write a worker's row, and take the long dead away. Never commits."""
    row.beat_at = now()
    await session.merge(row)
    await session.execute(
        delete(WorkerBeat).where(
            col(WorkerBeat.beat_at) < now() - FORGOTTEN, col(WorkerBeat.worker) != row.worker
        )
    )


async def forget(session: AsyncSession, worker: str) -> None:
    """The worker has ended, or another has seen that it is dead. Never commits."""
    await session.execute(delete(WorkerBeat).where(col(WorkerBeat.worker) == worker))


async def all_rows(session: AsyncSession) -> Sequence[WorkerBeat]:
    """Every worker that has not ended in order, the last heard first."""
    query = select(WorkerBeat).order_by(col(WorkerBeat.beat_at).desc()).limit(MOST_ROWS)
    return (await session.exec(query)).all()


def is_silent(row: WorkerBeat, moment: datetime) -> bool:
    """Whether it has been silent for too long at that moment."""
    return moment - row.beat_at > SILENT

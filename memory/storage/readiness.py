"""Can the ledger be read and written, and how much waits in it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.database import StorageUnavailable
from memory.tables import Ticket, TicketStatus, now

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"


@dataclass(frozen=True)
class Depths:
    """How many tickets stand where, over all tenants."""

    queued: int
    running: int
    waiting: int
    oldest_queued_seconds: float


def head_revision() -> str:
    """The revision of the tables that this version of the program needs.

    Read from the names of the migrations, `0007_initial.py` and so on: Alembic itself would cost
    every process six megabytes for it.
    """
    return max(one.name.partition("_")[0] for one in MIGRATIONS.glob("[0-9]*_*.py"))


async def check_writable(session: AsyncSession, head: str) -> None:
    """Write one page, so that a full or read-only disk shows. Raises `StorageUnavailable`."""
    connection = await session.connection()
    await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    if found != head:
        msg = "the database is not at this version's state: run `deskhand migrate`"
        raise StorageUnavailable(msg)


async def depths(session: AsyncSession) -> Depths:
    """Counts of the living tickets, and how long the oldest has been queued."""
    living = (TicketStatus.QUEUED, TicketStatus.RUNNING, TicketStatus.WAITING)
    found = await session.exec(
        select(Ticket.status, func.count(), func.min(Ticket.updated_at))
        .where(col(Ticket.status).in_(living))
        .group_by(col(Ticket.status))
    )
    rows = {status: (count, oldest) for status, count, oldest in found.all()}
    _, oldest = rows.get(TicketStatus.QUEUED, (0, None))
    return Depths(
        queued=rows.get(TicketStatus.QUEUED, (0, None))[0],
        running=rows.get(TicketStatus.RUNNING, (0, None))[0],
        waiting=rows.get(TicketStatus.WAITING, (0, None))[0],
        oldest_queued_seconds=0.0 if oldest is None else (now() - oldest).total_seconds(),
    )

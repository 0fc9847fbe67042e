"""Can the ledger be read and written, and how much waits in it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.errors import StorageUnavailable
from memory.tables import Ticket, TicketStatus, now

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"
OLDEST_READER = "0029"
"""The earliest revision whose programs may use the tables of this version's. It is stored with them,
and older programs read it there, from 0029 on. Where a migration takes away what an older program
needs, it becomes the first revision that did without."""
FIRST_WITH_READERS = "0029"
"""From this revision on the database says who may use it."""
REVISION = "SELECT version_num FROM alembic_version"
READER = "SELECT oldest_reader FROM alembic_version"


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


def says_readers(found: str | None) -> bool:
    """Whether a database at revision `found` says who may use it."""
    return found is not None and found.isdigit() and found >= FIRST_WITH_READERS


def check_newer(found: str | None, oldest: str | None, head: str) -> None:
    """Raises `StorageUnavailable` unless a newer version's database serves a program of `head` too.

    `oldest` is the oldest reader that the database names; None where it names none.
    """
    if oldest is None or head < oldest:
        msg = (
            f"the database is at revision {found}, which a newer version of Deskhand has written,"
            f" and this version ({head}) cannot use it: run that version, or put back the copy from"
            " before its upgrade"
        )
        raise StorageUnavailable(msg)


async def check_usable(session: AsyncSession, head: str) -> bool:
    """Whether the database is at this version's own state; else a newer one serves this one as well.

    Raises `StorageUnavailable` if this version cannot use it.
    """
    connection = await session.connection()
    found = (await connection.execute(text(REVISION))).scalar()
    if found == head:
        return True
    if found is None or (found.isdigit() and found < head):
        msg = (
            f"the database is at revision {found}, and this version needs {head}:"
            " run `deskhand migrate`"
        )
        raise StorageUnavailable(msg)
    asked = says_readers(found)
    check_newer(found, (await connection.execute(text(READER))).scalar() if asked else None, head)
    return False


async def check_writable(session: AsyncSession, head: str) -> None:
    """Write one page, so that a full or read-only disk shows. Raises `StorageUnavailable`."""
    connection = await session.connection()
    await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    await check_usable(session, head)


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

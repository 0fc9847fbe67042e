"""Which workers live: each writes its row anew every few seconds, readers compare the times.

The times are the database's own: a worker whose clock is behind would look dead, one whose clock is
ahead would look alive when it has died, and would take the rows of all others away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.columns import Columns
from memory.storage.database_clock import clock_in, present_in
from memory.storage.units import Statements, marks
from memory.storage.units_session import within
from memory.tables import WorkerBeat
from memory.tables.base import own_now

SILENT = timedelta(seconds=7)
"""A worker that has not written for so long does not come to its work."""
FORGOTTEN = timedelta(minutes=1)
"""A row that was not written for so long is taken away: its worker has died, which was to be seen
for long enough, and whoever was to end or replace it has. One that goes on writes its row anew."""
MOST_ROWS = 1_000
"""Workers that are looked at."""
ROWS = Columns(WorkerBeat)
STORE = (
    f"INSERT INTO worker_beats ({ROWS.listed}) VALUES ({marks(ROWS.names)})"  # noqa: S608 - our own names
    " ON CONFLICT (worker) DO UPDATE SET pid = excluded.pid, host = excluded.host,"
    " slots = excluded.slots, trouble = excluded.trouble, clock_at = excluded.clock_at,"
    " beat_at = excluded.beat_at"
)
FORGET_DEAD = "DELETE FROM worker_beats WHERE beat_at < {then} AND worker <> ?"


async def beat(session: AsyncSession, row: WorkerBeat) -> None:
    """Write a worker's row, and take the long dead away. Never commits."""
    await within(session, lambda do: beat_in(do, row))


def beat_in(do: Statements, row: WorkerBeat) -> None:
    """The same in plain SQL: every worker does it all the time."""
    asked = own_now()
    row.beat_at = present_in(do)
    row.clock_at = row.beat_at + _off(asked, row.beat_at, own_now())
    do.run(STORE, ROWS.values(do, {name: getattr(row, name) for name in ROWS.names}))
    then = clock_in(do, seconds_ago=round(FORGOTTEN.total_seconds()))
    do.run(FORGET_DEAD.format(then=then), (row.worker,))


def _off(asked: datetime, shown: datetime, answered: datetime) -> timedelta:
    """How far our clock is off at least: the database's was read at some moment between two of ours.

    So an answer that was long under way is no clock that is behind.
    """
    return min(max(shown, asked), answered) - shown


async def forget(session: AsyncSession, worker: str) -> None:
    """The worker has ended in order. Never commits."""
    await within(session, lambda do: forget_in(do, worker))


def forget_in(do: Statements, worker: str) -> None:
    """The same in plain SQL."""
    do.run("DELETE FROM worker_beats WHERE worker = ?", (worker,))


async def all_rows(session: AsyncSession) -> Sequence[WorkerBeat]:
    """Every worker that has not ended in order, the last heard first."""
    query = select(WorkerBeat).order_by(col(WorkerBeat.beat_at).desc()).limit(MOST_ROWS)
    return (await session.exec(query)).all()


async def present(session: AsyncSession) -> datetime:
    """The moment that beats are compared with."""
    return await within(session, present_in)


def skew(row: WorkerBeat, moment: datetime) -> timedelta:
    """How far the clock of its machine is ahead; less than nothing where it is behind.

    A worker of an earlier version writes its own clock in both places: then it can be told where it is ahead.
    """
    if row.clock_at is None:
        return max(row.beat_at - moment, timedelta(0))
    return row.clock_at - row.beat_at


def is_silent(row: WorkerBeat, moment: datetime) -> bool:
    """Whether it has been silent for too long at that moment."""
    return moment - row.beat_at > SILENT

"""Which tickets a worker drives, and which of them it did not survive.

A death counts against every ticket that was under way: nobody can tell for certain which one it
was. Two deaths by the worker's own doing are enough for a person; a kill from outside (an
operator, a full machine) says little about the tickets, so more of them are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.database_clock import clock_in
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import DeathCause, Drive, DriveDeath, Ticket

MOST_CRASHES = 2
"""Deaths by a worker's own doing under one ticket, in one turn, before a person gets it."""
MOST_KILLS = 8
"""Deaths of any cause."""
MOST_UNDER_WAY = 1_000
"""Drives of one worker that are looked at."""
BEGIN = (
    "INSERT INTO drives (ticket_id, worker, epoch, since) VALUES (?, ?, ?, {now})"
    " ON CONFLICT (ticket_id) DO UPDATE SET worker = excluded.worker, epoch = excluded.epoch,"
    " since = excluded.since"
)
END = "DELETE FROM drives WHERE ticket_id = ? AND worker = ? AND epoch = ?"
KNOWN = (
    "SELECT t.tenant, d.cause, d.latest FROM tickets AS t LEFT JOIN drive_deaths AS d"
    " ON d.ticket_id = t.id AND d.turn = t.turn WHERE t.id = ?"
)


OWN_DOING = frozenset({DeathCause.CRASH, DeathCause.SILENT, DeathCause.MEMORY})


@dataclass(frozen=True)
class Step:
    """What a worker had begun last on a ticket."""

    node: str
    latest: bool
    """Whether no step of another ticket had begun since."""
    away: bool = False
    """Whether it waited for a model or a service."""


@dataclass(frozen=True)
class Record:
    """What is known against a ticket in its present turn."""

    crashes: int = 0
    kills: int = 0
    """All deaths, the crashes among them."""
    latest: bool = False
    """Its step was the last to begin, in one of them."""

    @property
    def suspect(self) -> bool:
        """Whether it is driven alone from now on."""
        return self.crashes > 0

    @property
    def guilty(self) -> bool:
        """Whether it may not be driven any more."""
        return self.crashes >= MOST_CRASHES or self.kills >= MOST_KILLS


@dataclass(frozen=True)
class Death:
    """One ticket that was under way when its worker died, with all that is known against it."""

    ticket: Ticket
    cause: DeathCause
    node: str | None
    record: Record


def begin(do: Statements, worker: str, ticket: Ticket) -> None:
    """The worker drives the ticket from the commit on."""
    do.run(BEGIN.format(now=clock_in(do)), (ticket.id, worker, ticket.epoch))


def end(do: Statements, worker: str, ticket_id: str, epoch: int) -> None:
    """The drive is over, however it went."""
    do.run(END, (ticket_id, worker, epoch))


def forgive(do: Statements, ticket_id: str) -> None:
    """The ticket has come to rest: it was none of its doing."""
    do.run("DELETE FROM drive_deaths WHERE ticket_id = ?", (ticket_id,))


def record_read(do: Statements, ticket_id: str) -> Record:
    """What is known against a ticket in its present turn, by its id alone."""
    return known_read(do, ticket_id)[0]


def known_read(do: Statements, ticket_id: str) -> tuple[Record, str]:
    """The same, and whose the ticket is; empty where there is none."""
    rows = do.rows(KNOWN, (ticket_id,))
    deaths = [(cause, latest) for _, cause, latest in rows if cause is not None]
    record = Record(
        crashes=sum(cause in OWN_DOING for cause, _ in deaths),
        kills=len(deaths),
        latest=any(latest for _, latest in deaths),
    )
    return record, str(rows[0][0]) if rows else ""


async def leave(session: AsyncSession, worker: str) -> None:
    """The worker ends in order: what it still drives is not held against anything."""
    await session.execute(delete(Drive).where(col(Drive.worker) == worker))


async def died(
    session: AsyncSession, worker: str, cause: DeathCause, steps: Mapping[str, Step]
) -> list[Death]:
    """Hold a worker's death against what it drove; once a ticket and worker. Never commits.

    Where something was at work, what waited for somebody outside did not do it: hundreds that wait, driven
    alone one after another, would hold up everybody for an hour.
    """
    query = select(Drive).where(Drive.worker == worker).limit(MOST_UNDER_WAY)
    under_way = (await session.exec(query)).all()
    away = {ticket for ticket, step in steps.items() if step.away}
    spared = away if any(drive.ticket_id not in away for drive in under_way) else set()
    found = []
    for drive in under_way:
        await session.delete(drive)
        ticket = await session.get(Ticket, drive.ticket_id)
        if ticket is None or ticket.epoch != drive.epoch:
            continue  # erased meanwhile, or another drive has it
        step = steps.get(ticket.id)
        of_this = DeathCause.OUTSIDE if ticket.id in spared else cause
        session.add(
            DriveDeath(
                ticket_id=ticket.id,
                turn=ticket.turn,
                worker=worker,
                cause=of_this.value,
                node=None if step is None else step.node,
                latest=step is not None and step.latest,
            )
        )
        await session.flush()
        record = await within(session, partial(record_read, ticket_id=ticket.id))
        found.append(Death(ticket, of_this, None if step is None else step.node, record))
    return found


@dataclass(frozen=True)
class UnderWay:
    """What all workers drive at the moment."""

    count: int
    newest: datetime | None
    """When the last drive began; None if there is none."""


async def under_way(session: AsyncSession) -> UnderWay:
    """Over all tenants."""
    found = await session.exec(select(func.count(), func.max(Drive.since)).select_from(Drive))
    count, newest = found.one()
    return UnderWay(count, newest)

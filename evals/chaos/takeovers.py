"""How soon the tickets of a killed worker are taken up by another one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from sqlmodel import col, func, select

from memory.storage.database import Database
from memory.storage.urls import plain_url
from memory.tables import JournalRow

LIVED_ON = timedelta(seconds=5)
"""Longer than a takeover may take. It does not depend on how long one took, which would flatter."""
UNDER_WAY = "SELECT ticket_id, epoch FROM drives JOIN worker_beats USING (worker) WHERE worker_beats.pid = %s"
AT_WORK = "SELECT DISTINCT worker_beats.pid FROM drives JOIN worker_beats USING (worker)"


@dataclass(frozen=True)
class CutOff:
    """A ticket whose worker was killed."""

    ticket_id: str
    epoch: int
    """Of the drive that was cut off."""
    at: datetime
    others: frozenset[int]
    """Process ids of the workers that were ready then."""
    disturbed: bool
    """Whether the database went down shortly before or after."""

    def is_calm(self, died: Mapping[int, datetime]) -> bool:
        """Whether one that was ready lived on for a while (`died`, by process id): who else shows it?"""
        until = self.at + LIVED_ON
        return not self.disturbed and any(died.get(pid, until) >= until for pid in self.others)


def at_work(url: str) -> set[int]:
    """Process ids of the workers that drive something now."""
    with psycopg.connect(plain_url(url)) as connection:
        return {pid for (pid,) in connection.execute(AT_WORK).fetchall()}


def cut_off(
    url: str, pid: int, at: datetime, others: frozenset[int], *, disturbed: bool
) -> list[CutOff]:
    """What the worker with that process id was driving when it was killed `at` that moment."""
    with psycopg.connect(plain_url(url)) as connection:
        found = connection.execute(UNDER_WAY, (pid,)).fetchall()
    return [CutOff(ticket_id, epoch, at, others, disturbed) for ticket_id, epoch in found]


async def seconds_until_taken_up(database: Database, all_cut: Iterable[CutOff]) -> Sequence[float]:
    """From the death to the next drive's first row; nothing where none had to come."""
    found = []
    async with database.reading() as session:
        for one in all_cut:
            first = select(func.min(JournalRow.at)).where(
                JournalRow.ticket_id == one.ticket_id, col(JournalRow.epoch) > one.epoch
            )
            begun = (await session.exec(first)).one()
            if begun is not None:
                found.append((begun - one.at).total_seconds())
    return found

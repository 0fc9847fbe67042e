"""How soon the tickets of a killed worker are taken up by another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from sqlmodel import col, func, select

from memory.storage.database import Database
from memory.storage.urls import plain_url
from memory.tables import JournalRow, now

UNDER_WAY = "SELECT ticket_id, epoch FROM drives JOIN worker_beats USING (worker) WHERE worker_beats.pid = %s"


@dataclass(frozen=True)
class CutOff:
    """A ticket whose worker was killed."""

    ticket_id: str
    epoch: int
    """Of the drive that was cut off."""
    at: datetime
    disturbed: bool
    """Whether nobody else was ready, or the database went down shortly before or after."""


def cut_off(url: str, pid: int, *, disturbed: bool) -> list[CutOff]:
    """What the worker with that process id was driving when it was killed, just now."""
    at = now()
    with psycopg.connect(plain_url(url)) as connection:
        found = connection.execute(UNDER_WAY, (pid,)).fetchall()
    return [CutOff(ticket_id, epoch, at, disturbed) for ticket_id, epoch in found]


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

"""A ticket that ended its worker twice is with a person, and no step of it has run for that."""

from pathlib import Path

import pytest

from api.worker.last_words import StepMarks, write_fate
from api.worker.quarantine import Quarantine
from memory import handoffs
from memory.journal.codes import Reason
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import DeathCause, HandoffStatus, Ticket, TicketStatus, WorkerBeat
from memory.tickets import intake, lifecycle
from memory.tickets.intake import NewTicket
from memory.tickets.lifecycle import Begun
from memory.workers import beats, drives
from tests.postgres import copy_of


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_two_deaths_lead_to_a_person(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    """With the reason, how it died and in which step; the first death changes nothing."""
    url = copy_of(request.getfixturevalue(f"{engine}_template"), tmp_path)
    database, queue = Database(url), Queue(url)
    try:
        async with database.transaction() as session:
            new = NewTicket("It will not start", "--" + " " * 50 + "x")
            accepted = await intake.accept(
                session, queue, new=new, tenant="acme", key=None, digest="d"
            )
            await beats.beat(session, WorkerBeat(worker="w2", pid=1, host="h", slots=1))
        statuses = []
        for worker in ("w1", "w2"):
            await _dies(database, tmp_path, worker, accepted.ticket)
            await Quarantine(database, {}, tmp_path).died(worker)
            async with database.reading() as session:
                stored = await session.get_one(Ticket, accepted.ticket.id)
                statuses.append(stored.status)
        assert statuses == [TicketStatus.RUNNING, TicketStatus.WAITING]
        assert stored.reason == Reason.STOPPED_PROGRAM
        async with database.reading() as session:
            handoff = await handoffs.newest(session, stored.id, stored.turn)
            rows = await beats.all_rows(session)
        assert handoff is not None
        assert handoff.status == HandoffStatus.OPEN
        assert handoff.reason == Reason.STOPPED_PROGRAM
        assert [one.worker for one in rows] == ["w2"]  # it shows for a moment that it is silent
    finally:
        queue.close()
        await database.close()


async def _dies(database: Database, folder: Path, worker: str, ticket: Ticket) -> None:
    """A worker that begins to plan and stands still."""
    async with database.transaction() as session:
        begun = await lifecycle.begin(session, ticket.id, run=1)
        assert isinstance(begun, Begun)
    await database.units.write(lambda do: drives.begin(do, worker, begun.ticket))
    marks = StepMarks(folder, worker)
    marks.mark(ticket.id, "plan")
    marks.close()
    write_fate(folder, worker, DeathCause.SILENT)

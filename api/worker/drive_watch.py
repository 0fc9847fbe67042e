"""What is noted of each drive while it goes on, so that a death tells which ticket it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel.ext.asyncio.session import AsyncSession

from api.worker.capacity import Capacity
from api.worker.isolation import Isolation
from api.worker.last_words import StepMarks
from memory.admission import Admission, taking_turns
from memory.storage.database import Database
from memory.tables import Ticket
from memory.tickets import tickets
from memory.workers import drives


class DriveWatch:
    """The drives of one worker."""

    def __init__(
        self,
        database: Database,
        worker: str,
        marks: StepMarks | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        self._database = database
        self._worker = worker
        self._marks = marks
        self.admission = Admission()
        self.capacity = capacity
        self.isolation = Isolation(may_run=self._may_run)

    @asynccontextmanager
    async def admitted(self, ticket_id: str) -> AsyncIterator[None]:
        """Beside others; alone where a worker may have died of the ticket."""
        async with self._database.reading() as session:
            ticket = await tickets.get(session, None, ticket_id)
            record = await drives.record_of(session, ticket)
        async with self.isolation.entered(suspect=record.suspect, last=record.latest):
            with taking_turns(self.admission):
                yield

    def note_lateness(self, seconds: float) -> None:
        """The event loop woke so late: the number of drives adapts."""
        if self.capacity is not None:
            self.capacity.note(seconds, self.admission.waiting)

    def _may_run(self, running: int) -> bool:
        return self.capacity is None or running < self.capacity.now

    async def begin(self, session: AsyncSession, ticket: Ticket) -> None:
        """The drive is under way once the transaction is committed."""
        await drives.begin(session, self._worker, ticket)

    @asynccontextmanager
    async def under_way(self, ticket: Ticket) -> AsyncIterator[None]:
        """Until the end of the drive, however it comes."""
        try:
            yield
        finally:
            if self._marks is not None:
                self._marks.clear(ticket.id)
            async with self._database.transaction() as session:
                await drives.end(session, self._worker, ticket.id, ticket.epoch)

    def mark(self, ticket_id: str, node: str) -> None:
        """A step of the ticket begins."""
        if self._marks is not None:
            self._marks.mark(ticket_id, node)

    async def forgive(self, ticket_id: str) -> None:
        """The ticket has come to rest."""
        async with self._database.transaction() as session:
            await drives.forgive(session, ticket_id)

    async def leave(self) -> None:
        """The worker ends in order."""
        async with self._database.transaction() as session:
            await drives.leave(session, self._worker)
        if self._marks is not None:
            self._marks.close()

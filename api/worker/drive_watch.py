"""What is noted of each drive while it goes on, so that a death tells which ticket it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from api.worker.capacity import Capacity
from api.worker.isolation import Isolation
from api.worker.last_words import StepMarks
from memory.admission import Admission, taking_turns
from memory.step_turns import StepTurns
from memory.storage.database import Database
from memory.storage.units import Statements
from memory.tables import Ticket
from memory.workers import drives


@dataclass
class UnderWay:
    """A drive that goes on."""

    ended: bool = False
    """Whether its end is on record already, beside the outcome of its ticket."""


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
        self._turns = StepTurns()
        self.capacity = capacity
        self.isolation = Isolation(may_run=self._may_run)
        self.admission = Admission(on_leave=self.isolation.let_in)

    @asynccontextmanager
    async def admitted(self, ticket_id: str) -> AsyncIterator[None]:
        """Beside others; alone where a worker may have died of the ticket."""
        record, tenant = await self._database.units.look(
            lambda do: drives.known_read(do, ticket_id)
        )
        entered = self.isolation.entered(
            suspect=record.suspect,
            last=record.latest,
            first=record.kills > 0,
            tenant=tenant,
        )
        async with entered:
            with taking_turns(self.admission, partial(self._waits, ticket_id)):
                yield

    def note_lateness(self, seconds: float) -> None:
        """The event loop woke so late: the number of drives adapts."""
        if self.capacity is not None:
            self.capacity.note(seconds, self.admission.waiting)
            self.isolation.let_in()

    def _may_run(self, running: int) -> bool:
        # Who waits for a model costs no time of this process: it is bounded by what the worker takes on.
        return self.capacity is None or running - self.admission.away < self.capacity.now

    def begin(self, do: Statements, ticket: Ticket) -> None:
        """The drive is under way once the unit is committed."""
        drives.begin(do, self._worker, ticket)

    def end(self, do: Statements, ticket: Ticket) -> None:
        """It is over once the unit is committed."""
        drives.end(do, self._worker, ticket.id, ticket.epoch)

    @asynccontextmanager
    async def under_way(self, ticket: Ticket) -> AsyncIterator[UnderWay]:
        """Until the end of the drive, however it comes."""
        here = UnderWay()
        try:
            with self._turns.under_way(ticket.tenant):
                yield here
        finally:
            if self._marks is not None:
                self._marks.clear(ticket.id)
            if not here.ended:
                await self._database.units.write(lambda do: self.end(do, ticket))

    def _waits(self, ticket_id: str, outside: int) -> None:
        if self._marks is not None:
            self._marks.waits(ticket_id, outside)

    def mark(self, ticket_id: str, node: str) -> None:
        """A step of the ticket begins."""
        if self._marks is not None:
            self._marks.mark(ticket_id, node)

    def rested(self, do: Statements, ticket: Ticket) -> None:
        """The ticket has come to rest once the unit is committed: it was none of its doing."""
        drives.forgive(do, ticket.id)
        self.end(do, ticket)

    async def leave(self) -> None:
        """The worker ends in order."""
        async with self._database.transaction() as session:
            await drives.leave(session, self._worker)
        if self._marks is not None:
            self._marks.close()

"""How long each class of data is kept. A pass removes a bounded batch; whoever calls comes again.

The journal has its own pass (`memory.journal.retention`). A ticket that is queued, runs or waits
for a person keeps everything, however old it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, delete, or_, update
from sqlmodel import col, select

from memory.erasure import rows
from memory.files import uploads
from memory.knowledge.index import VectorIndex
from memory.knowledge.settled_tickets import forget
from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.queue import Queue
from memory.tables import AuditRow, Handoff, Memory, Ticket, TicketStatus, now

BATCH = 200
"""Threads, stories, memories, rows or jobs that one pass removes of each class."""
TICKETS_AT_ONCE = 20
"""Whole tickets of one pass: each is a transaction of its own."""
UPLOADS = timedelta(days=1)
"""How long an upload waits for its message."""
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
"""States in which a job of the engine does nothing more."""


@dataclass(frozen=True)
class Periods:
    """Days for which each class is kept, from the end of the ticket or the row's own moment."""

    checkpoints: int
    stories: int
    texts: int
    memories: int
    audit: int
    engine: int


@dataclass(frozen=True)
class Retention:
    """Removes what has been kept for long enough."""

    database: Database
    queue: Queue
    checkpoints: Checkpoints
    index: VectorIndex
    periods: Periods

    async def enforce(self, moment: datetime | None = None) -> Mapping[str, int]:
        """One pass over every class; how many of each. Raises `StorageUnavailable`."""
        moment = moment or now()

        def before(days: int) -> datetime:
            return moment - timedelta(days=days)

        periods = self.periods
        return {
            "texts": await self._texts(before(periods.texts)),
            "checkpoints": await self._threads(before(periods.checkpoints)),
            "stories": await self._stories(before(periods.stories)),
            "memories": await self._memories(before(periods.memories), moment),
            "audit": await self._audit(before(periods.audit)),
            "engine": await self._jobs(before(periods.engine)),
            "uploads": await self._uploads(moment - UPLOADS),
        }

    async def _threads(self, before: datetime) -> int:
        """Forget the threads of settled tickets: their next turn begins a new one."""
        forgotten, after = 0, ""
        while forgotten < BATCH and (names := await self.checkpoints.threads(after, BATCH)):
            async with self.database.reading() as session:
                settled = select(Ticket.id, Ticket.epoch).where(
                    col(Ticket.id).in_(names),
                    Ticket.status == TicketStatus.SETTLED,
                    col(Ticket.ended_at) < before,
                )
                old = (await session.exec(settled)).all()
            for ticket_id, epoch in old:
                with suppress(Fenced):  # its next turn has just begun
                    forgotten += await self.checkpoints.forget(ticket_id, epoch)
            after = names[-1]
        return forgotten

    async def _stories(self, before: datetime) -> int:
        empty: dict[str, object] = {}
        old = (
            select(Handoff.id)
            .join(Ticket, col(Ticket.id) == Handoff.ticket_id)
            .where(
                Ticket.status == TicketStatus.SETTLED,
                col(Ticket.ended_at) < before,
                cast(Handoff.story, Text) != "{}",  # Postgres compares no JSON
            )
            .limit(BATCH)
        )
        async with self.database.transaction() as session:
            found = list(await session.exec(old))
            emptied = update(Handoff).where(col(Handoff.id).in_(found)).values(story=empty)
            await session.execute(emptied)
        return len(found)

    async def _texts(self, before: datetime) -> int:
        """Remove whole tickets: messages, notes, letters, effects and what is left of the rest."""
        old = select(Ticket.id, Ticket.epoch, Ticket.tenant).where(
            Ticket.status == TicketStatus.SETTLED, col(Ticket.ended_at) < before
        )
        async with self.database.reading() as session:
            found = (await session.exec(old.limit(TICKETS_AT_ONCE))).all()
        for ticket_id, epoch, tenant in found:
            await self._ticket(ticket_id, epoch, tenant)
        return len(found)

    async def _ticket(self, ticket_id: str, epoch: int, tenant: str) -> None:
        with suppress(Fenced):
            await self.checkpoints.forget(ticket_id, epoch)
        async with self.database.reading() as session:
            memories = await rows.memories_of(session, [ticket_id])
        await self._unfind(tenant, memories)
        async with self.database.transaction() as session:
            held = await session.get(Ticket, ticket_id, with_for_update=True)
            if held is not None and held.epoch == epoch and held.status == TicketStatus.SETTLED:
                await rows.remove(session, ticket_id)

    async def _memories(self, before: datetime, moment: datetime) -> int:
        old = (
            select(Memory.id, Memory.tenant)
            .where(or_(col(Memory.created_at) < before, col(Memory.expires_at) < moment))
            .limit(BATCH)
        )
        async with self.database.reading() as session:
            found = (await session.exec(old)).all()
        for tenant in {tenant for _, tenant in found}:
            await self._unfind(tenant, [one for one, whose in found if whose == tenant])
        async with self.database.transaction() as session:
            gone = [one for one, _ in found]
            await session.execute(delete(Memory).where(col(Memory.id).in_(gone)))
        return len(found)

    async def _unfind(self, tenant: str, memories: Sequence[str]) -> None:
        if memories:
            await asyncio.to_thread(forget, self.index, tenant, memories)

    async def _audit(self, before: datetime) -> int:
        old = select(AuditRow.id).where(col(AuditRow.at) < before).limit(BATCH)
        async with self.database.transaction() as session:
            found = list(await session.exec(old))
            await session.execute(delete(AuditRow).where(col(AuditRow.id).in_(found)))
        return len(found)

    async def _jobs(self, before: datetime) -> int:
        jobs = await self.queue.client.list_workflows_async(
            status=list(ENDED),
            end_time=before.isoformat(),
            limit=BATCH,
            load_input=False,
            load_output=False,
        )
        if jobs:
            await self.queue.client.delete_workflows_async([one.workflow_id for one in jobs])
        return len(jobs)

    async def _uploads(self, before: datetime) -> int:
        async with self.database.transaction() as session:
            return await uploads.forget_waiting(session, before, BATCH)

"""The nodes' door to memory, over the real database. One transaction a call, fenced by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import handoffs
from memory.journal import journal
from memory.journal.codes import Reason
from memory.journal.events import Attempted, Call, Event
from memory.knowledge.settled_tickets import Recall
from memory.storage.database import Database, Fenced
from memory.tables import Effect, Handoff, Memory, Message, Ticket
from memory.tickets import lifecycle, messages, tickets
from tools.contract import CallContext


@dataclass(frozen=True)
class TicketLedger:
    """`graph.context.Ledger` for one ticket, turn and epoch."""

    database: Database
    recall: Recall
    ticket_id: str
    tenant: str
    epoch: int

    async def record(self, events: Sequence[Event]) -> None:
        """See `Ledger.record`."""
        async with self.database.transaction() as session:
            ticket = await self._own(session)
            await journal.append(session, ticket, *events)

    async def open_handoff(self, handoff: Handoff) -> Handoff:
        """See `Ledger.open_handoff`."""
        async with self.database.transaction() as session:
            await self._own(session)
            return await handoffs.open_once(session, handoff)

    async def sent(
        self,
        key: str,
        *,
        kind: str,
        text: str,
        role: str,
        author: str | None,
        citations: Sequence[Mapping[str, str]],
    ) -> None:
        """See `Ledger.sent`.

        What was sent is a fact: where a person took the ticket over meanwhile, it is still
        written down, so that they see it, and only then is the run stopped.
        """
        async with self.database.transaction() as session:
            ticket = await lifecycle.hold(session, self.ticket_id, tenant=self.tenant)
            overtaken = ticket.epoch > self.epoch
            if overtaken and ticket.reason != Reason.TAKEN_OVER:
                raise self._fenced(ticket)
            known = await session.exec(
                select(Message.id).where(Message.ticket_id == ticket.id, Message.key == key)
            )
            if known.first() is None:
                await messages.append(
                    session,
                    ticket,
                    role=role,
                    kind=kind,
                    text=text,
                    author=author,
                    key=key,
                    citations=[dict(citation) for citation in citations],
                )
                if overtaken:
                    await handoffs.answer_was_sent(session, ticket)
        if overtaken:
            raise self._fenced(ticket)

    async def earlier_handoffs(self, email: str | None) -> int:
        """See `Ledger.earlier_handoffs`."""
        if not email:
            return 0
        async with self.database.reading() as session:
            return await handoffs.recent_of_customer(session, self.tenant, email, self.ticket_id)

    async def effect(self, key: str) -> str | None:
        """See `Ledger.effect`."""
        async with self.database.reading() as session:
            await self._own(session)
            found = await session.get(Effect, key)
            return None if found is None else found.status

    async def remember(self, memory: Memory) -> None:
        """See `Ledger.remember`."""
        async with self.database.reading() as session:
            await self._own(session)
        await self.recall.remember(memory)

    async def similar(self, text: str, limit: int) -> list[dict[str, Any]]:
        """See `Ledger.similar`."""
        return await self.recall.similar(self.tenant, text, limit)

    async def _own(self, session: AsyncSession) -> Ticket:
        ticket = await tickets.get(session, self.tenant, self.ticket_id)
        if ticket.epoch > self.epoch:
            raise self._fenced(ticket)
        return ticket

    def _fenced(self, ticket: Ticket) -> Fenced:
        return Fenced(f"drive {self.epoch} of {ticket.id} was replaced by drive {ticket.epoch}")


@dataclass(frozen=True)
class JournalledCalls:
    """`tools.contract.CallLog` over the journal."""

    database: Database

    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        """See `CallLog.record`."""
        async with self.database.transaction() as session:
            await journal.append_at(
                session,
                caller["ticket_id"],
                caller["tenant"],
                turn=caller["turn"],
                epoch=caller["epoch"],
                events=[event],
            )

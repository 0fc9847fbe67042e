"""The nodes' door to memory, over the real database. One transaction a call, fenced by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from graph.context import Ledger
from memory import handoffs
from memory.effects import keep_in
from memory.handoffs import outbox
from memory.journal import journal
from memory.journal.codes import Reason
from memory.journal.events import Attempted, Call, Event
from memory.journal.journal import Line
from memory.knowledge.settled_tickets import Recall
from memory.storage.customer_digest import digest, key_of
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.step import Standing, Step, overtaken, present_step
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Effect, Handoff, Memory, Ticket
from memory.tickets import lifecycle, messages, tickets
from memory.tickets.messages import Said
from memory.tool_names import INSIDE
from tools.contract import CallContext, CallLog

SLOW_MS = 250.0
"""A call that took longer is written at once: its row says when it ended."""


@dataclass(frozen=True)
class TicketLedger(Ledger):
    """For one ticket, turn and epoch, over the database."""

    database: Database
    recall: Recall
    ticket_id: str
    tenant: str
    epoch: int

    @override
    async def record(self, events: Sequence[Event]) -> None:
        step = present_step(self.ticket_id)
        alone = Step(self.database.units, self.ticket_id, self.epoch) if step is None else step
        alone.tell(journal.tell_in, [Line(self.tenant, one) for one in events])
        if step is None:
            await alone.flush()

    @override
    async def open_handoff(self, handoff: Handoff) -> Handoff:
        if (step := present_step(self.ticket_id)) is not None:
            await step.flush()  # the rows of the steps before come first
        async with self.database.transaction() as session:
            await self._own(session)
            return await handoffs.open_once(session, handoff)

    @override
    async def owe(self, handoff: Handoff, text: str) -> None:
        async with self.database.transaction() as session:
            await self._own(session)
            await outbox.owe(session, handoff, text)

    @override
    async def sent(self, said: Said) -> None:
        """What was sent is a fact, and written down whoever has the ticket.

        Where a person took it over meanwhile, they see it, and only then is the run stopped.
        """
        if (step := present_step(self.ticket_id)) is not None:
            kept, lines = step.kept, step.kept_lines
            step.kept, step.kept_lines = None, []

            def written(do: Statements) -> None:
                if kept is not None:
                    keep_in(do, *kept)
                    if lines:
                        at = Standing(kept[0].turn, kept[0].epoch)
                        journal.tell_in(do, self.ticket_id, at, lines)
                messages.append_in(do, self.ticket_id, said)

            try:
                await step.commit(written)
            except Fenced:
                if kept is not None:
                    raise  # it would have been sent by this commit
            else:
                return
        await self._sent(said)

    async def _sent(self, said: Said) -> None:
        """The same where the ticket may have been overtaken."""
        async with self.database.transaction() as session:
            ticket = await lifecycle.hold(session, self.ticket_id, tenant=self.tenant)
            replaced = ticket.epoch > self.epoch
            if replaced and ticket.reason != Reason.TAKEN_OVER:
                raise self._fenced(ticket)
            new = await within(session, lambda do: messages.append_in(do, ticket.id, said))
            if new and replaced:
                await handoffs.answer_was_sent(session, ticket)
        if replaced:
            raise self._fenced(ticket)

    @override
    async def earlier_handoffs(self, email: str | None) -> int:
        if not email:
            return 0
        async with self.database.reading() as session:
            return await handoffs.recent_of_customer(session, self.tenant, email, self.ticket_id)

    @override
    async def effect(self, key: str) -> str | None:
        if (step := present_step(self.ticket_id)) is not None:
            await step.flush()  # that it is done may wait there
        async with self.database.reading() as session:
            await self._own(session)
            found = await session.get(Effect, key)
            return None if found is None else found.status

    @override
    async def remember(self, memory: Memory, email: str | None) -> None:
        if email is not None:
            memory.customer = digest(key_of(self.database), self.tenant, email)
        if present_step(self.ticket_id) is None:  # the step's commit looks at the fence itself
            async with self.database.reading() as session:
                await self._own(session)
        await self.recall.remember(memory)

    @override
    async def similar(self, text: str, limit: int) -> list[dict[str, Any]]:
        return await self.recall.similar(self.tenant, text, limit)

    async def _own(self, session: AsyncSession) -> Ticket:
        ticket = await tickets.get(session, self.tenant, self.ticket_id)
        if ticket.epoch > self.epoch:
            raise self._fenced(ticket)
        return ticket

    def _fenced(self, ticket: Ticket) -> Fenced:
        return Fenced(overtaken(ticket.id, self.epoch, ticket.epoch))


@dataclass(frozen=True)
class JournalledCalls(CallLog):
    """Calls as rows of the journal."""

    database: Database

    @override
    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        step = present_step(caller["ticket_id"])
        if step is not None:
            at = Standing(caller["turn"], caller["epoch"])
            tool, line = getattr(event, "tool", None), Line(caller["tenant"], event, at)
            if step.kept is not None and step.kept[0].tool == tool:
                step.kept_lines.append(line)
                return  # nor is a slow one written before it is true
            step.tell(journal.tell_in, [line], fact=tool not in INSIDE)
            if (event.duration_ms or 0.0) >= SLOW_MS:
                # The call is a fact, and so is what it sent, which is still to be written down: a
                # drive that was replaced meanwhile learns it after that.
                with suppress(Fenced):
                    await step.flush()
            return
        async with self.database.transaction() as session:
            await journal.append_at(
                session,
                caller["ticket_id"],
                caller["tenant"],
                turn=caller["turn"],
                epoch=caller["epoch"],
                events=[event],
            )

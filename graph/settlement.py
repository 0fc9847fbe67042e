"""What a drive reads of its ticket, and what its rest means for the ticket's row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from graph.run import RunResult, TurnInput
from graph.state import Decided, MessageRecord
from memory import handoffs
from memory.handoffs.model import story_of
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import TurnSettled, Waiting
from memory.storage.database import Database, Fenced
from memory.storage.queue import Queue
from memory.tables import Handoff, HandoffStatus, Message, Outcome, Ticket
from memory.tickets import lifecycle, messages, tickets
from memory.tickets.lifecycle import Held, Moved


@dataclass(frozen=True)
class LedgerReader:
    """`graph.run.TicketReader` over the tickets table."""

    database: Database
    ticket_id: str
    tenant: str
    turn: int
    epoch: int

    async def begin(self) -> TurnInput:
        """See `TicketReader.begin`."""
        async with self.database.transaction() as session:
            ticket = await lifecycle.hold(session, self.ticket_id, epoch=self.epoch)
            stored = await tickets.messages(session, ticket.id)
            ticket.handled = stored[-1].seq
            session.add(ticket)
            # By turns: what came in while the last turn was answered is this turn's question.
            told = sorted(stored, key=lambda one: (one.turn, one.seq))
            return TurnInput(ticket.subject, ticket.headers, [_record(one) for one in told])

    async def decision(self) -> Decided | None:
        """See `TicketReader.decision`."""
        async with self.database.reading() as session:
            handoff = await handoffs.newest(session, self.ticket_id, self.turn)
        if handoff is None or handoff.status != HandoffStatus.DECIDED:
            return None
        return decided_of(handoff)


def decided_of(handoff: Handoff) -> Decided:
    """The stored decision as the graph takes it: approving sends the suggested text."""
    decision: dict[str, Any] = handoff.decision or {}
    text = decision.get("text", "")
    if decision["kind"] == "approve":
        text = story_of(handoff).suggested
    return {
        "kind": decision["kind"],
        "text": text,
        "guidance": decision.get("guidance", ""),
        "actions": list(decision.get("actions", ())),
        "by": handoff.decided_by or "",
        "handoff_id": handoff.id,
    }


async def settle(
    database: Database, queue: Queue, ticket_id: str, epoch: int, rest: RunResult
) -> None:
    """Write where the ticket stands now, and begin the next turn where the customer wrote on.

    Doing it again, after a crash, does nothing: by then a person may have decided or the
    customer written. Raises `Fenced` where another drive has taken over.
    """
    async with database.transaction() as session:
        if rest.state == "waiting":
            await _wait(session, ticket_id, epoch, rest)
        else:
            await _end(session, queue, ticket_id, epoch, rest)


async def _wait(session: AsyncSession, ticket_id: str, epoch: int, rest: RunResult) -> None:
    assert rest.handoff_id is not None
    assert rest.interrupt_id is not None
    happened = await lifecycle.rest(
        session,
        ticket_id,
        epoch=epoch,
        interrupt_id=rest.interrupt_id,
        reason=rest.reason,
        intent=rest.intent,
        confidence=rest.confidence,
    )
    if (ticket := _moved(happened)) is None:
        return
    await handoffs.arrived(session, ticket.id, rest.handoff_id, rest.interrupt_id)
    reason = Reason(rest.reason or Reason.NODE_FAILED)
    await journal.append(session, ticket, Waiting(cause=Cause.HAND_OFF, outcome=reason))


async def _end(
    session: AsyncSession, queue: Queue, ticket_id: str, epoch: int, rest: RunResult
) -> None:
    happened = await lifecycle.settle(
        session,
        ticket_id,
        epoch=epoch,
        outcome=outcome_of(rest),
        intent=rest.intent,
        confidence=rest.confidence,
    )
    if (ticket := _moved(happened)) is None:
        return
    await handoffs.finished(session, ticket.id)
    await journal.append(session, ticket, TurnSettled(outcome=outcome_of(rest)))
    if await messages.has_unhandled(session, ticket):
        await messages.next_turn(session, queue, ticket.id)


def _moved(happened: Moved | Held) -> Ticket | None:
    """The ticket, None where this drive had settled it before. Raises `Fenced`."""
    if isinstance(happened, Moved):
        return happened.ticket
    if happened.because == "epoch":
        raise Fenced(str(happened))
    return None


def outcome_of(rest: RunResult) -> Outcome:
    """How a finished turn ended."""
    if rest.delivered is None and rest.ended is not None:
        return Outcome(rest.ended)
    if rest.delivered is None:
        return Outcome.CLOSED_BY_PERSON
    if rest.by == "person":
        return Outcome.ANSWERED_BY_PERSON
    return Outcome.CLARIFYING if rest.delivered == "clarification" else Outcome.DELIVERED


def _record(message: Message) -> MessageRecord:
    return {
        "seq": message.seq,
        "role": message.role,  # type: ignore[typeddict-item]
        "kind": message.kind,
        "text": message.text,
    }

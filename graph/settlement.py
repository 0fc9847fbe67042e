"""Where a drive came to rest, written to the ticket's row."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from graph.run import RunResult
from memory import handoffs
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import TurnSettled, Waiting
from memory.storage.database import Database, Fenced
from memory.storage.queue import Queue
from memory.tables import Outcome, Ticket
from memory.tickets import lifecycle, messages
from memory.tickets.lifecycle import Held, Moved


async def settle(
    database: Database, queue: Queue, ticket_id: str, epoch: int, rest: RunResult
) -> None:
    """Write where the ticket stands now, and begin the next turn where the customer wrote on.

    Doing it again, after a crash, does nothing: by then a person may have decided or the
    customer written. Raises `Fenced` if another drive has taken over.
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
    """The ticket, None if this drive had settled it before. Raises `Fenced`."""
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

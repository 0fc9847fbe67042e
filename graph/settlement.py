"""Where a drive came to rest, written to the ticket's row."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from graph.run_result import RunResult
from memory import handoffs
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import TurnSettled, Waiting
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.queue import Queue
from memory.storage.step import present_step
from memory.storage.units import Statements
from memory.tables import Outcome, Ticket
from memory.tickets import driving, lifecycle, messages
from memory.tickets.lifecycle import Held, Moved


async def settle(
    database: Database,
    queue: Queue,
    ticket_id: str,
    epoch: int,
    rest: RunResult,
    *,
    also: Callable[[Statements, Ticket], None] = lambda _do, _ticket: None,
) -> bool:
    """Write where the ticket stands now, and begin the next turn where the customer wrote on.

    `also` is written once the ticket has come to rest, in the same commit if the end is a usual one.
    Whether it came to rest now.

    Doing it again, after a crash, does nothing: by then a person may have decided or the
    customer written. Raises `Fenced` if another drive has taken over.
    """

    def after(do: Statements, ticket: Ticket) -> None:
        driving.let_next_in(do, queue, ticket)
        also(do, ticket)

    if rest.state == "finished" and await _ended_in_short(database, ticket_id, epoch, rest, after):
        return True
    async with database.transaction() as session:
        if rest.state == "waiting":
            ticket = await _wait(session, ticket_id, epoch, rest)
        else:
            ticket = await _end(session, queue, ticket_id, epoch, rest)
    if ticket is None:
        return False
    await database.units.write(lambda do: after(do, ticket))
    return True


async def _ended_in_short(
    database: Database,
    ticket_id: str,
    epoch: int,
    rest: RunResult,
    also: Callable[[Statements, Ticket], None],
) -> bool:
    """The usual end: no person has decided, and the customer has not written on."""
    outcome = outcome_of(rest)

    def end(do: Statements) -> bool:
        found = {"intent": rest.intent, "confidence": rest.confidence}
        one = driving.settle_in(do, ticket_id, epoch=epoch, outcome=outcome, found=found)
        if one is None:
            return False
        settled = [TurnSettled(outcome=outcome)]
        journal.append_in(do, one.id, one.tenant, turn=one.turn, epoch=epoch, events=settled)
        also(do, one)
        return True

    step = present_step(ticket_id)
    write = database.units.write if step is None else step.commit
    return await write(end)


async def _wait(
    session: AsyncSession, ticket_id: str, epoch: int, rest: RunResult
) -> Ticket | None:
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
        return None
    await handoffs.arrived(session, ticket.id, rest.handoff_id, rest.interrupt_id)
    reason = Reason(rest.reason or Reason.NODE_FAILED)
    await journal.append(session, ticket, Waiting(cause=Cause.HAND_OFF, outcome=reason))
    return ticket


async def _end(
    session: AsyncSession, queue: Queue, ticket_id: str, epoch: int, rest: RunResult
) -> Ticket | None:
    happened = await lifecycle.settle(
        session,
        ticket_id,
        epoch=epoch,
        outcome=outcome_of(rest),
        intent=rest.intent,
        confidence=rest.confidence,
    )
    if (ticket := _moved(happened)) is None:
        return None
    await handoffs.finished(session, ticket.id)
    await journal.append(session, ticket, TurnSettled(outcome=outcome_of(rest)))
    if await messages.has_unhandled(session, ticket):
        await messages.next_turn(session, queue, ticket.id)
    return ticket


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

"""A ticket's life: the one place that writes `status`, `run` and `epoch`.

Each transition is one conditional UPDATE that says what it expects and gives back what happened:
`Moved`, or `Held` with the ticket as somebody else has left it. No rule rests on a lock that the
caller took before. Functions take the caller's session and never commit.

Whoever changes a ticket and its handoffs in one transaction takes the ticket first (a transition,
or `hold`), so that two of them wait for each other in one order only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from memory.faults import MemoryFault
from memory.journal.codes import RunCause
from memory.storage.engines import changed
from memory.storage.errors import Fenced
from memory.storage.queue import Queue
from memory.tables import Outcome, Ticket, TicketStatus, now
from memory.tickets import tickets
from memory.tickets.transitions import TRANSITIONS, Transition


class TicketMoved(MemoryFault):
    """The ticket no longer stands where the change needs it."""


@dataclass(frozen=True)
class Moved:
    """The transition was made; `ticket` is how it stands now."""

    transition: Transition
    ticket: Ticket


@dataclass(frozen=True)
class Begun(Moved):
    """A drive was begun."""

    recovered: bool
    """Another drive of the same run was begun before."""
    queued_since: datetime | None
    """Since when it had waited in the queue; None where it was recovered."""

    def cause(self, stated: str | None) -> RunCause:
        """Why it is driven, from what its queue entry says."""
        if self.recovered:
            return RunCause.RECOVERED
        # A newer version's API may name causes that this one does not know.
        return RunCause(stated) if stated in set(RunCause) else RunCause.UNSTATED


@dataclass(frozen=True)
class Held:
    """The transition was not made; `ticket` is how somebody else has left it."""

    transition: Transition
    ticket: Ticket
    because: Literal["epoch", "run", "status", "key"]
    """What was not as expected: the first of these that differs."""

    @override
    def __str__(self) -> str:
        """For a log or an error."""
        one = self.ticket
        where = f"{one.status}, run {one.run}, epoch {one.epoch}"
        return f"no {self.transition} of ticket {one.id}: another {self.because} ({where})"


@dataclass(frozen=True)
class Seen:
    """What a caller knows of the ticket it wants to move; None where any will do."""

    run: int | None = None
    epoch: int | None = None
    status: str | None = None

    @classmethod
    def of(cls, ticket: Ticket) -> Seen:
        """Exactly as it was read."""
        return cls(ticket.run, ticket.epoch, ticket.status)


async def begin(session: AsyncSession, ticket_id: str, *, run: int) -> Begun | Held:
    """Drive run number `run` under a new epoch; whatever drove it before is a zombie now."""
    before = await hold(session, ticket_id)
    recovered, since = before.status == TicketStatus.RUNNING, before.updated_at
    moved = await _move(session, Transition.BEGIN, ticket_id, Seen(run=run))
    if isinstance(moved, Held):
        return moved
    return Begun(moved.transition, moved.ticket, recovered, None if recovered else since)


async def rest(
    session: AsyncSession, ticket_id: str, *, epoch: int, interrupt_id: str, **found: Any
) -> Moved | Held:
    """Drive `epoch` waits for a person at this interrupt. `found`: reason, intent, confidence."""
    return await _move(
        session,
        Transition.REST,
        ticket_id,
        Seen(epoch=epoch),
        outcome=Outcome.WITH_PERSON,
        interrupt_id=interrupt_id,
        ended_at=now(),
        **found,
    )


async def settle(
    session: AsyncSession, ticket_id: str, *, epoch: int, outcome: Outcome, **found: Any
) -> Moved | Held:
    """Drive `epoch` has come to its end. `found`: intent, confidence."""
    return await _move(
        session,
        Transition.SETTLE,
        ticket_id,
        Seen(epoch=epoch),
        outcome=outcome,
        reason=None,
        interrupt_id=None,
        ended_at=now(),
        **found,
    )


async def next_turn(session: AsyncSession, queue: Queue, ticket_id: str) -> Moved | Held:
    """A settled ticket goes on with another turn, which has its own chances."""
    moved = await _move(
        session,
        Transition.NEXT_TURN,
        ticket_id,
        Seen(),
        turn=Ticket.turn + 1,
        redrives=0,
        outcome=None,
        reason=None,
        ended_at=None,
    )
    return await _queued(session, queue, moved, RunCause.MESSAGE)


async def amend(session: AsyncSession, queue: Queue, ticket_id: str) -> Moved | Held:
    """The turn begins anew, with what the customer has written meanwhile."""
    moved = await _move(session, Transition.AMEND, ticket_id, Seen())
    return await _queued(session, queue, moved, RunCause.AMENDED)


async def carry_out(
    session: AsyncSession, queue: Queue, ticket_id: str, cause: RunCause, *, handled: int
) -> Moved | Held:
    """A run does what a person decided, with its own chances. Messages up to `handled` are seen."""
    moved = await _move(
        session, Transition.CARRY_OUT, ticket_id, Seen(), redrives=0, handled=handled
    )
    return await _queued(session, queue, moved, cause)


async def merge(session: AsyncSession, ticket_id: str, *, handled: int) -> Moved | Held:
    """It ends here and is answered with another ticket. Messages up to `handled` are seen."""
    return await _move(
        session,
        Transition.MERGE,
        ticket_id,
        Seen(),
        handled=handled,
        outcome=Outcome.MERGED,
        reason=None,
        interrupt_id=None,
        ended_at=now(),
    )


async def take_over(session: AsyncSession, seen: Ticket, *, reason: str) -> Moved | Held:
    """A person has it, and the run that was seen is a zombie."""
    return await _to_person(session, Transition.TAKE_OVER, seen, reason=reason)


async def give_up(session: AsyncSession, seen: Ticket, *, reason: str) -> Moved | Held:
    """A person has it, since the lost run that was seen was the last chance."""
    redrives = Ticket.redrives + 1
    return await _to_person(session, Transition.GIVE_UP, seen, reason=reason, redrives=redrives)


async def erase(session: AsyncSession, ticket_id: str) -> Moved | Held:
    """It ends, wherever it stands: what drives it is a zombie and what is queued for it is void."""
    return await _move(
        session,
        Transition.ERASE,
        ticket_id,
        Seen(),
        outcome=Outcome.CLOSED_BY_PERSON,
        reason=None,
        interrupt_id=None,
        ended_at=now(),
    )


async def redrive(session: AsyncSession, queue: Queue, seen: Ticket) -> Moved | Held:
    """Another run begins where the one that was seen is lost."""
    moved = await _move(
        session, Transition.REDRIVE, seen.id, Seen.of(seen), redrives=Ticket.redrives + 1
    )
    return await _queued(session, queue, moved, RunCause.REDRIVE)


async def hold(
    session: AsyncSession, ticket_id: str, *, tenant: str | None = None, epoch: int | None = None
) -> Ticket:
    """The ticket as it stands, which nobody else moves until this transaction ends.

    Raises `TicketUnknown`, also where it belongs to another tenant, and `Fenced` where another
    drive than `epoch` has it.
    """
    wanted = [col(Ticket.id) == ticket_id]
    wanted += [] if tenant is None else [col(Ticket.tenant) == tenant]
    wanted += [] if epoch is None else [col(Ticket.epoch) == epoch]
    found = await _update(session, wanted, {"epoch": Ticket.epoch})
    if found is not None:
        return found
    stands = await tickets.get(session, tenant, ticket_id)
    await session.refresh(stands)
    raise Fenced(f"drive {epoch} of {ticket_id} was replaced by drive {stands.epoch}")


def made(happened: Moved | Held) -> Ticket:
    """The ticket that was moved. Raises `TicketMoved` where it was not."""
    if isinstance(happened, Held):
        raise TicketMoved(str(happened))
    return happened.ticket


async def _to_person(
    session: AsyncSession, transition: Transition, seen: Ticket, **changes: Any
) -> Moved | Held:
    return await _move(
        session,
        transition,
        seen.id,
        Seen.of(seen),
        outcome=Outcome.WITH_PERSON,
        interrupt_id=None,
        ended_at=now(),
        **changes,
    )


async def _move(
    session: AsyncSession, transition: Transition, ticket_id: str, seen: Seen, **changes: Any
) -> Moved | Held:
    rule = TRANSITIONS[transition]
    wanted = [col(Ticket.id) == ticket_id, col(Ticket.status).in_(rule.sources)]
    known = ((Ticket.run, seen.run), (Ticket.epoch, seen.epoch), (Ticket.status, seen.status))
    wanted += [col(column) == value for column, value in known if value is not None]
    values = {**changes, "status": rule.target.value, "updated_at": now()}
    values |= {"run": Ticket.run + 1} if rule.new_run else {}
    values |= {"epoch": Ticket.epoch + 1} if rule.new_epoch else {}
    found = await _update(session, wanted, values)
    if found is not None:
        return Moved(transition, found)
    stands = await tickets.get(session, None, ticket_id)
    await session.refresh(stands)
    return Held(transition, stands, difference(stands, seen))


def difference(stands: Ticket, seen: Seen) -> Literal["epoch", "run", "status"]:
    """What of a ticket is not as it was expected: the first that differs."""
    if seen.epoch not in {None, stands.epoch}:
        return "epoch"
    return "run" if seen.run not in {None, stands.run} else "status"


async def _update(
    session: AsyncSession, wanted: list[ColumnElement[bool]], values: Mapping[str, Any]
) -> Ticket | None:
    return next(iter(await changed(session, Ticket, *wanted, **values)), None)


async def _queued(
    session: AsyncSession,
    queue: Queue,
    happened: Moved | Held,
    cause: RunCause,
) -> Moved | Held:
    if isinstance(happened, Moved):
        one = happened.ticket
        await queue.run_ticket(session, one.id, one.run, one.tenant, cause.value)
    return happened

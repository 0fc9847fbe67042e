"""A person takes a ticket that the agent still works on.

The ticket's epoch grows, so the fence refuses whatever its run does next: no row of the journal,
no effect, no settlement. An answer that had left at that very moment cannot be called back; it
is reported as `maybe_sent` and shown as soon as it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import log as handoff_log
from memory.handoffs import outbox
from memory.handoffs.changing import UNDECIDED, held, newest
from memory.handoffs.faults import AlreadyAnswered, AlreadyDecided, NothingToTake, NotYetOpen
from memory.handoffs.holding import add_note, claim
from memory.handoffs.model import Story
from memory.handoffs.opening import finished, open_once
from memory.journal import journal
from memory.journal.codes import Cause, Node, Reason
from memory.journal.events import StepBase, Waiting
from memory.storage.queue import Queue
from memory.storage.units_session import within
from memory.tables import (
    DecisionKind,
    Effect,
    EffectStatus,
    Handoff,
    HandoffStatus,
    JournalRow,
    Ticket,
    now,
)
from memory.tickets import driving, lifecycle, tickets
from memory.tickets.transitions import AT_WORK
from memory.tool_names import DELIVER

AgentAnswer = Literal["none", "maybe_sent", "sent"]
"""Whether an answer of the agent in this turn reached the customer."""
_IN_DOUBT = (EffectStatus.INTENDED, EffectStatus.UNKNOWN)


@dataclass(frozen=True)
class Taken:
    """A ticket in the hands of the person who took it."""

    handoff: Handoff
    answer: AgentAnswer


async def take_over(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    ticket_id: str,
    who: str,
    lease: timedelta,
    explanation: str,
    note: str = "",
) -> Taken:
    """Stop the run at its next step and give the ticket to `who`.

    `explanation` says what the agent did last (see `last_step`). A ticket that waits for a person
    already is claimed. Raises `NothingToTake`, `AlreadyAnswered`, `AlreadyDecided`,
    `ClaimedByOther`.
    """
    ticket = await lifecycle.hold(session, ticket_id, tenant=tenant)
    before = await newest(session, ticket.id, ticket.turn)
    if ticket.status not in AT_WORK:
        return await _claimed(session, ticket, before, who, lease=lease, note=note)
    answer = await _may_be_taken(session, ticket, before)
    await _stop(session, ticket)
    await within(session, lambda do: driving.let_next_in(do, queue, ticket))
    if before is None or before.status != HandoffStatus.OPENING:
        before = await open_once(session, _new(ticket, explanation))
    handoff = await _given(session, before, who, lease, answer)
    await finished(session, ticket.id)
    if note.strip():
        await add_note(session, handoff, who, note, kind="takeover")
    await queue.tell_story(session, handoff.id, ticket.tenant)
    return Taken(handoff, answer)


async def _claimed(
    session: AsyncSession,
    ticket: Ticket,
    handoff: Handoff | None,
    who: str,
    *,
    lease: timedelta,
    note: str,
) -> Taken:
    if handoff is None or handoff.status not in UNDECIDED:
        raise NothingToTake(f"nothing runs on ticket {ticket.id}: it is {ticket.status}")
    taken = await claim(session, ticket.tenant, handoff.id, who, lease=lease)
    if note.strip():
        await add_note(session, taken, who, note, kind="takeover")
    return Taken(taken, await answer_of(session, taken))


async def _may_be_taken(
    session: AsyncSession, ticket: Ticket, before: Handoff | None
) -> AgentAnswer:
    if before is not None and before.status == HandoffStatus.DECIDED:
        kind = (before.decision or {}).get("kind")
        if kind != DecisionKind.RETURN:
            # What runs is a person's decision, not the agent's own work.
            raise AlreadyDecided(before.decided_by, before.decided_at)
    if before is not None and before.status in UNDECIDED:
        raise NotYetOpen("the ticket is just coming to a person: try again in a moment")
    answer = await _answer(session, ticket.id, ticket.turn)
    if answer == "sent":
        msg = "the agent's answer went out a moment ago: write on the ticket instead"
        raise AlreadyAnswered(msg)
    return answer


async def _stop(session: AsyncSession, ticket: Ticket) -> None:
    lifecycle.made(await lifecycle.take_over(session, ticket, reason=Reason.TAKEN_OVER))
    waits = Waiting(cause=Cause.TAKEOVER, outcome=Reason.TAKEN_OVER)
    await journal.append(session, ticket, waits)


def _new(ticket: Ticket, explanation: str) -> Handoff:
    return Handoff(
        id=tickets.new_id("hnd"),
        ticket_id=ticket.id,
        tenant=ticket.tenant,
        turn=ticket.turn,
        status=HandoffStatus.OPENING,
        reason=Reason.TAKEN_OVER,
        explanation=explanation,
        intent=ticket.intent,
        story=Story(summary=ticket.subject).as_data(),
    )


async def last_step(session: AsyncSession, tenant: str, ticket_id: str) -> Node | None:
    """The last step that ran in the ticket's turn, None if none has."""
    ticket = await tickets.get(session, tenant, ticket_id)
    query = select(JournalRow.name).where(
        JournalRow.ticket_id == ticket.id,
        JournalRow.turn == ticket.turn,
        JournalRow.kind == StepBase.kind,
    )
    found = await session.exec(query.order_by(col(JournalRow.seq).desc()).limit(1))
    name = found.first()
    return None if name is None else Node(name)


async def _given(
    session: AsyncSession, handoff: Handoff, who: str, lease: timedelta, answer: AgentAnswer
) -> Handoff:
    moment = now()
    handoff.status, handoff.claimed_by = HandoffStatus.CLAIMED, who
    handoff.lease_expires_at = moment + lease
    handoff.version, handoff.updated_at = handoff.version + 1, moment
    session.add(handoff)
    await session.flush()
    await handoff_log.record(session, handoff, who, "taken_over", answer=answer)
    return handoff


async def answer_was_sent(session: AsyncSession, ticket: Ticket) -> None:
    """An answer that had left when the ticket was taken over has arrived: its holder must see."""
    handoff = await newest(session, ticket.id, ticket.turn)
    if handoff is not None:
        handoff.version, handoff.updated_at = handoff.version + 1, now()
        session.add(handoff)
        await session.flush()
        await handoff_log.record(session, handoff, handoff_log.AGENT, "sent", purpose="reply")


async def fill_story(session: AsyncSession, handoff_id: str, story: Story, **fields: Any) -> bool:
    """Add what the run had found to a handoff that was taken over; False if that is too late.

    The version stays: there is nothing yet that a person could have decided on.
    """
    handoff = await held(session, handoff_id)
    if handoff is None or handoff.status not in UNDECIDED:
        return False
    handoff.story = {**handoff.story, **story.as_data()}
    for name, value in fields.items():
        setattr(handoff, name, value)
    handoff.updated_at = now()
    session.add(handoff)
    await session.flush()
    await handoff_log.record(session, handoff, handoff_log.AGENT, "story")
    return True


async def answer_of(session: AsyncSession, handoff: Handoff) -> AgentAnswer:
    """Whether an answer of the agent in this handoff's turn reached the customer."""
    return await _answer(session, handoff.ticket_id, handoff.turn)


async def _answer(session: AsyncSession, ticket_id: str, turn: int) -> AgentAnswer:
    asked = {outbox.key_of(one) for one in await outbox.of_turn(session, ticket_id, turn)}
    query = select(Effect).where(
        Effect.ticket_id == ticket_id, Effect.turn == turn, Effect.tool == DELIVER
    )
    effects = [one for one in (await session.exec(query)).all() if one.key not in asked]
    if any(one.status == EffectStatus.DONE for one in effects):
        return "sent"
    return "maybe_sent" if any(one.status in _IN_DOUBT for one in effects) else "none"

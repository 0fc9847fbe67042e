"""Everything around one handoff, read in one consistent look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import handoffs
from memory.handoffs import Listed, corrections, outbox
from memory.handoffs import log as handoff_log
from memory.journal import codec
from memory.journal.events import GuidanceFollowed
from memory.storage.customer_digest import compared_as
from memory.tables import (
    Correction,
    Handoff,
    HandoffEvent,
    HandoffNote,
    JournalRow,
    Letter,
    Memory,
    Message,
    Ticket,
    now,
)
from memory.tickets import messages, tickets

PAST_TICKETS = 20
"""Earlier tickets of the customer that are shown: the newest ones."""
MEMORIES = 10
NOTES = 200
MERGED = 20
"""Duplicates that are shown: the newest ones, which still want their answer."""


@dataclass(frozen=True)
class Merged:
    """A duplicate with what the customer wrote on it."""

    handoff: Handoff
    ticket: Ticket
    messages: Sequence[Message]


@dataclass(frozen=True)
class Whole:
    """A handoff with all that belongs to it."""

    listed: Listed
    ticket: Ticket
    messages: Sequence[Message]
    history: Sequence[Ticket]
    titles: Mapping[str, str]
    """Of the earlier tickets, by id."""
    memories: Sequence[Memory]
    merged: Sequence[Merged]
    letters: Sequence[Letter]
    notes: Sequence[HandoffNote]
    events: Sequence[HandoffEvent]
    corrections: Sequence[Correction]
    guidance: Sequence[GuidanceFollowed]
    """What was done with what people said on giving the ticket back."""


async def listed_one(session: AsyncSession, handoff: Handoff) -> Listed:
    """A handoff with what a list shows of its ticket."""
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    unread = await handoffs.unread_of(session, [handoff.id])
    name = ticket.customer_name or ticket.customer_email
    title = (await messages.titles(session, {ticket.id: ticket.subject}))[ticket.id]
    return Listed(handoff, ticket.subject, title, name, unread.get(handoff.id, 0))


async def whole(session: AsyncSession, handoff: Handoff) -> Whole:
    """All of it."""
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    earlier = await history(session, ticket)
    return Whole(
        listed=await listed_one(session, handoff),
        ticket=ticket,
        messages=await tickets.messages(session, ticket.id),
        history=earlier,
        titles=await messages.titles(session, {one.id: one.subject for one in earlier}),
        memories=await _memories(session, handoff),
        merged=await _merged(session, handoff),
        letters=await outbox.of_ticket(session, ticket.id),
        notes=await _notes(session, handoff),
        events=await handoff_log.of_handoff(session, handoff.id),
        corrections=await corrections.listed(session, handoff.tenant, ticket_id=ticket.id),
        guidance=await _guidance(session, handoff),
    )


async def history(session: AsyncSession, ticket: Ticket) -> list[Ticket]:
    """Earlier tickets of the same customer, newest first; none where nobody knows who wrote."""
    email = ticket.customer_email
    if not email:
        return []
    query = select(Ticket).where(
        Ticket.tenant == ticket.tenant,
        col(Ticket.customer_address).in_(compared_as(session, ticket.tenant, email)),
        Ticket.id != ticket.id,
    )
    return list(await session.exec(query.order_by(col(Ticket.id).desc()).limit(PAST_TICKETS)))


async def _memories(session: AsyncSession, handoff: Handoff) -> list[Memory]:
    if handoff.customer is None:
        return []
    query = select(Memory).where(
        Memory.tenant == handoff.tenant,
        Memory.customer == handoff.customer,
        Memory.ticket_id != handoff.ticket_id,
        Memory.expires_at > now(),
        ~corrections.answered_wrong(),
    )
    return list(await session.exec(query.order_by(col(Memory.created_at).desc()).limit(MEMORIES)))


async def _guidance(session: AsyncSession, handoff: Handoff) -> list[GuidanceFollowed]:
    query = select(JournalRow).where(
        JournalRow.ticket_id == handoff.ticket_id,
        JournalRow.turn == handoff.turn,
        JournalRow.kind == GuidanceFollowed.kind,
        JournalRow.name == GuidanceFollowed.name,
    )
    rows = await session.exec(query.order_by(col(JournalRow.seq)).limit(NOTES))
    found = (codec.event(row) for row in rows)
    return [event for event in found if isinstance(event, GuidanceFollowed)]


async def _merged(session: AsyncSession, handoff: Handoff) -> list[Merged]:
    found = []
    for one in (await handoffs.merged_into(session, handoff.ticket_id))[-MERGED:]:
        ticket = await tickets.get(session, one.tenant, one.ticket_id)
        found.append(Merged(one, ticket, await tickets.messages(session, ticket.id)))
    return found


async def _notes(session: AsyncSession, handoff: Handoff) -> list[HandoffNote]:
    query = select(HandoffNote).where(HandoffNote.ticket_id == handoff.ticket_id)
    return list(await session.exec(query.order_by(col(HandoffNote.created_at)).limit(NOTES)))

"""The messages of a ticket: written one after the other, and handed to the graph by turns. Functions take the caller's session and never commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.queue import Queue
from memory.tables import Message, Ticket, TicketStatus, now


async def append(
    session: AsyncSession,
    ticket: Ticket,
    *,
    role: str,
    text: str,
    kind: str = "message",
    citations: Sequence[dict[str, str]] = (),
    author: str | None = None,
    key: str | None = None,
    digest: str | None = None,
) -> Message:
    """Store a message as the ticket's last one. The caller has checked that `key` is new."""
    last = await session.exec(select(func.max(Message.seq)).where(Message.ticket_id == ticket.id))
    message = Message(
        ticket_id=ticket.id,
        seq=(last.one() or 0) + 1,
        turn=ticket.turn,
        role=role,
        kind=kind,
        text=text,
        citations=list(citations),
        author=author,
        key=key,
        body_digest=digest,
    )
    session.add(message)
    await session.flush()
    return message


async def next_turn(session: AsyncSession, queue: Queue, ticket: Ticket) -> None:
    """Begin the turn that answers every customer message not handed to the graph yet."""
    ticket.turn += 1
    await session.exec(
        update(Message)
        .where(
            col(Message.ticket_id) == ticket.id,
            col(Message.role) == "customer",
            col(Message.seq) > ticket.handled,
        )
        .values(turn=ticket.turn)
    )
    ticket.redrives = 0
    ticket.outcome = ticket.reason = ticket.ended_at = None
    await enqueue_run(session, queue, ticket)


async def has_unhandled(session: AsyncSession, ticket: Ticket) -> bool:
    """Whether the customer wrote something that no turn and no person has seen."""
    found = await session.exec(
        select(func.count()).where(
            Message.ticket_id == ticket.id,
            Message.role == "customer",
            Message.seq > ticket.handled,
        )
    )
    return found.one() > 0


async def enqueue_run(session: AsyncSession, queue: Queue, ticket: Ticket) -> None:
    """Enqueue the ticket's next run, in the caller's transaction."""
    ticket.run += 1
    ticket.status = TicketStatus.QUEUED
    ticket.updated_at = now()
    session.add(ticket)
    await session.flush()
    await queue.run_ticket(session, ticket.id, ticket.run, ticket.tenant)

"""Tickets and their messages. Functions take the caller's session and never commit."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import log as handoff_log
from memory.journal import journal
from memory.storage.database import MemoryFault
from memory.storage.queue import Queue
from memory.tables import Message, Ticket, TicketStatus, now

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class TicketUnknown(MemoryFault):
    """No such ticket in this tenant."""


class KeyReused(MemoryFault):
    """The idempotency key was used before with another body."""


@dataclass(frozen=True)
class NewTicket:
    """What a customer's system hands in."""

    subject: str
    text: str
    customer_email: str | None = None
    customer_name: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """A stored ticket; `repeated` when the key had brought it before."""

    ticket: Ticket
    repeated: bool


@dataclass(frozen=True)
class AddedMessage:
    """A stored message; `started` when it set off a run by itself."""

    message: Message
    started: bool
    repeated: bool


@dataclass(frozen=True)
class Load:
    """How much of a tenant waits for a worker."""

    depth: int
    """Tickets queued or running."""
    oldest_seconds: float
    """Age of the oldest of them that no worker has taken up."""


def new_id(prefix: str) -> str:
    """A sortable, unguessable id: 10 characters of time, 16 of chance."""
    moment, stamp = int(time.time() * 1000), ""
    for _ in range(10):
        moment, digit = divmod(moment, 32)
        stamp = _CROCKFORD[digit] + stamp
    return f"{prefix}_{stamp}{''.join(secrets.choice(_CROCKFORD) for _ in range(16))}"


async def accept(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    new: NewTicket,
    key: str | None,
    digest: str,
) -> Accepted:
    """Store a ticket, its first message and its queue entry together.

    Raises `KeyReused` where `key` came before with another body.
    """
    if key is not None and (known := await _by_key(session, tenant, key)) is not None:
        if known.body_digest != digest:
            msg = f"the Idempotency-Key was used for ticket {known.id} with another body"
            raise KeyReused(msg)
        return Accepted(known, repeated=True)
    ticket = Ticket(
        id=new_id("tkt"),
        tenant=tenant,
        subject=new.subject,
        customer_email=new.customer_email,
        customer_name=new.customer_name,
        headers=new.headers,
        idempotency_key=key,
        body_digest=digest,
    )
    session.add(ticket)
    await session.flush()
    session.add(Message(ticket_id=ticket.id, seq=1, turn=1, role="customer", text=new.text))
    await journal.append(session, ticket, journal.Entry("ticket", "accept", "accepted", "ok"))
    await queue.run_ticket(session, ticket.id, ticket.run, tenant)
    return Accepted(ticket, repeated=False)


async def add_message(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    ticket_id: str,
    text: str,
    key: str | None,
    digest: str,
    kind: str = "message",
) -> AddedMessage:
    """Store the customer's next message.

    A settled ticket starts its next turn at once. While a run goes on, the message waits for
    `next_turn`; while a person has the ticket, the person sees it.
    """
    ticket = await get(session, tenant, ticket_id)
    if key is not None and (known := await _message_by_key(session, ticket_id, key)) is not None:
        if known.body_digest != digest:
            msg = f"the Idempotency-Key was used for message {known.seq} with another body"
            raise KeyReused(msg)
        return AddedMessage(known, started=False, repeated=True)
    message = await append_message(
        session, ticket, role="customer", text=text, kind=kind, key=key, digest=digest
    )
    started = ticket.status == TicketStatus.SETTLED
    await journal.append(
        session, ticket, journal.Entry("ticket", "message", "customer", ticket.status)
    )
    if started:
        await next_turn(session, queue, ticket)
    else:
        await handoff_log.written_on(session, ticket_id)
    return AddedMessage(message, started=started, repeated=False)


async def append_message(
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


async def get(session: AsyncSession, tenant: str | None, ticket_id: str) -> Ticket:
    """The ticket. Raises `TicketUnknown`, also where it belongs to another tenant."""
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None or tenant not in {None, ticket.tenant}:
        msg = f"there is no ticket {ticket_id!r}"
        raise TicketUnknown(msg)
    return ticket


async def listed(
    session: AsyncSession,
    tenant: str,
    *,
    status: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Ticket]:
    """The newest tickets first; `before` is the id of the last one of the page before."""
    query = select(Ticket).where(Ticket.tenant == tenant)
    if status is not None:
        query = query.where(Ticket.status == status)
    if before is not None:
        query = query.where(col(Ticket.id) < before)
    found = await session.exec(query.order_by(col(Ticket.id).desc()).limit(limit))
    return list(found.all())


async def messages(session: AsyncSession, ticket_id: str) -> list[Message]:
    """The conversation in order."""
    found = await session.exec(
        select(Message).where(Message.ticket_id == ticket_id).order_by(col(Message.seq))
    )
    return list(found.all())


async def load(session: AsyncSession, tenant: str) -> Load:
    """Depth and age of the tenant's queue, for back-pressure."""
    busy = (TicketStatus.QUEUED, TicketStatus.RUNNING)
    row = await session.exec(
        select(func.count(), func.min(Ticket.updated_at)).where(
            Ticket.tenant == tenant, col(Ticket.status).in_(busy)
        )
    )
    depth, oldest = row.one()
    return Load(depth, _age(oldest))


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (now() - moment).total_seconds())


async def _by_key(session: AsyncSession, tenant: str, key: str) -> Ticket | None:
    found = await session.exec(
        select(Ticket).where(Ticket.tenant == tenant, Ticket.idempotency_key == key)
    )
    return found.first()


async def _message_by_key(session: AsyncSession, ticket_id: str, key: str) -> Message | None:
    found = await session.exec(
        select(Message).where(Message.ticket_id == ticket_id, Message.key == key)
    )
    return found.first()

"""The messages of a ticket: written one after the other, and handed to the graph by turns. Functions take the caller's session and never commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import webhooks
from memory.storage.queue import Queue
from memory.tables import Message, Ticket
from memory.tickets import lifecycle

BOUNCE = "bounce"
"""Kind of a message that says that one of ours did not arrive: a person must see it."""
LOOP = "loop"
"""Kind of a customer's message that a program seems to have sent: the agent answers none of them."""


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
    """Store a message as the ticket's last one. The caller holds it and knows that `key` is new."""
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
    if role != "customer":  # what a customer writes, the journal tells
        told = {"turn": ticket.turn, "message": message.seq, "kind": kind, "role": role}
        await webhooks.note(session, ticket.tenant, ticket.id, webhooks.SENT, told)
    return message


async def next_turn(session: AsyncSession, queue: Queue, ticket_id: str) -> None:
    """Begin the turn that answers every customer message not handed to the graph yet.

    Raises `TicketMoved` if the ticket has not settled.
    """
    ticket = lifecycle.made(await lifecycle.next_turn(session, queue, ticket_id))
    await session.exec(
        update(Message)
        .where(
            col(Message.ticket_id) == ticket_id,
            col(Message.role) == "customer",
            col(Message.seq) > ticket.handled,
        )
        .values(turn=ticket.turn)
    )


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

"""What customers send: tickets and messages, each stored once for its key. Functions take the caller's session and never commit."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.characters import undirected
from memory.faults import MemoryFault
from memory.journal import events, journal
from memory.storage.columns import Columns
from memory.storage.customer_digest import compared
from memory.storage.queue import Queue
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import API_CHANNEL, Message, Ticket, TicketStatus
from memory.tickets import driving, lifecycle, messages, tickets
from memory.tickets.lifecycle import Held

MESSAGES = Columns(Message, without=("id",))
MESSAGE = "message"
"""Kind of the customer's own words."""
MOST_IN_A_TURN = 6
"""Messages for which a turn begins anew; who writes more is answered first."""


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
    vouched_by: str | None = None
    """Who says that the customer is the holder of the address; None where nobody does."""
    channel: str = API_CHANNEL
    """The way it came."""
    bulk: bool = False
    """Nobody waits for it: it goes after the tenant's other runs."""
    opened_by: str = ""
    """The person who opened it for the customer; empty where the customer wrote."""
    kind: str = "message"
    """message, or `memory.tickets.messages.LOOP`"""
    beside: str | None = None
    """The first ticket of the thread that it came in, by another address than that one's."""


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
    email = new.customer_email
    address = None if email is None else compared(session, tenant, email)
    return await within(
        session,
        lambda do: accept_in(
            do, queue, tenant=tenant, new=new, key=key, digest=digest, address=address
        ),
    )


def accept_in(
    do: Statements,
    queue: Queue,
    *,
    tenant: str,
    new: NewTicket,
    key: str | None,
    digest: str,
    address: str | None,
) -> Accepted:
    """The same in plain SQL, for a caller that writes nothing beside it.

    `address`: the customer's as `customer_digest.compared` has it.
    """
    ticket = driving.ROWS.new(
        id=tickets.new_id("tkt"),
        tenant=tenant,
        subject=undirected(new.subject),
        customer_email=new.customer_email,
        customer_address=address,
        customer_name=None if new.customer_name is None else undirected(new.customer_name),
        vouched_by=new.vouched_by,
        channel=new.channel,
        beside=new.beside,
        headers=new.headers,
        idempotency_key=key,
        body_digest=digest,
    )
    happened = driving.accept_in(do, queue, ticket, bulk=new.bulk)
    stored = happened.ticket
    if isinstance(happened, Held):
        if stored.body_digest != digest:
            msg = f"the Idempotency-Key was used for ticket {stored.id} with another body"
            raise KeyReused(msg)
        return Accepted(stored, repeated=True)
    first = MESSAGES.new(
        ticket_id=stored.id, seq=1, turn=1, role="customer", text=new.text, kind=new.kind
    )
    do.run(MESSAGES.insert, MESSAGES.values(do, first))
    journal.append_in(
        do,
        stored.id,
        tenant,
        turn=stored.turn,
        epoch=stored.epoch,
        events=[
            events.Accepted(
                vouched_by=new.vouched_by or "",
                opened_by=new.opened_by,
                beside=new.beside or "",
            )
        ],
    )
    return Accepted(stored, repeated=False)


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
    author: str | None = None,
) -> AddedMessage:
    """Store the customer's next message.

    A settled ticket starts its next turn at once. While a run goes on, its turn begins anew with
    the message, so that both are answered once; where something has left already, the message
    waits for `settle`, which begins the next turn. Where a person has the ticket, the caller lets
    them know (`handoffs.customer_wrote`).
    """
    ticket = await lifecycle.hold(session, ticket_id, tenant=tenant)
    if key is not None and (known := await _message_by_key(session, ticket_id, key)) is not None:
        if known.body_digest != digest:
            msg = f"the Idempotency-Key was used for message {known.seq} with another body"
            raise KeyReused(msg)
        return AddedMessage(known, started=False, repeated=True)
    message = await messages.append(
        session,
        ticket,
        role="customer",
        text=text,
        kind=kind,
        author=author,
        key=key,
        digest=digest,
    )
    started = ticket.status == TicketStatus.SETTLED
    await journal.append(session, ticket, events.CustomerWrote(outcome=TicketStatus(ticket.status)))
    if started:
        await messages.next_turn(session, queue, ticket_id)
    elif ticket.status == TicketStatus.RUNNING and await _may_amend(session, ticket, kind):
        lifecycle.made(await lifecycle.amend(session, queue, ticket_id))
    return AddedMessage(message, started=started, repeated=False)


async def _may_amend(session: AsyncSession, ticket: Ticket, kind: str) -> bool:
    """Whether the run may begin anew: whatever it wants to send from now on meets the new epoch."""
    if kind != MESSAGE or await messages.of_turn(session, ticket) > MOST_IN_A_TURN:
        return False
    return await within(session, lambda do: driving.is_untouched_in(do, ticket.id, ticket.turn))


async def _message_by_key(session: AsyncSession, ticket_id: str, key: str) -> Message | None:
    found = await session.exec(
        select(Message).where(Message.ticket_id == ticket_id, Message.key == key)
    )
    return found.first()

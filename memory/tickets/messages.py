"""The messages of a ticket: written one after the other, and handed to the graph by turns. Functions take the caller's session and never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import enclosures, webhooks
from memory.storage.columns import Columns
from memory.storage.queue import Queue
from memory.storage.step import recount_in
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Message, Ticket, now
from memory.tickets import lifecycle

BOUNCE = "bounce"
"""Kind of a message that says that one of ours did not arrive: a person must see it."""
LOOP = "loop"
"""Kind of a customer's message that a program seems to have sent: the agent answers none of them."""
OTHER = "other"
"""Kind of a message in the customer's conversation that somebody else wrote: a person must see it."""
ROWS = Columns(Message, without=("id",))
TITLE_CHARS = 80
NO_TITLE = "(no subject)"
KNOWN = (
    "SELECT tenant, turn, counted, (SELECT max(seq) FROM messages WHERE ticket_id = tickets.id),"
    " EXISTS (SELECT 1 FROM messages WHERE ticket_id = tickets.id AND key = ?)"
    " FROM tickets WHERE id = ?"
)


async def titles(session: AsyncSession, subjects: Mapping[str, str]) -> dict[str, str]:
    """What to call each ticket, by id: its subject, or its first words where it has none."""
    bare = [one for one, subject in subjects.items() if not subject.strip()]
    if not bare:
        return dict(subjects)
    query = select(Message.ticket_id, Message.text).where(
        col(Message.ticket_id).in_(bare), Message.seq == 1
    )
    opened = dict((await session.exec(query)).all())
    return {one: title_of(subject, opened.get(one, "")) for one, subject in subjects.items()}


def title_of(subject: str, opening: str) -> str:
    """What to call a ticket; `opening` is the text of its first message, empty where it is gone."""
    return subject if subject.strip() else first_words(opening) or NO_TITLE


def first_words(text: str) -> str:
    """Of the first line that says something; cut at a word where it is longer than TITLE_CHARS."""
    line = " ".join(text.lstrip().partition("\n")[0].split())
    return line if len(line) <= TITLE_CHARS else f"{line[:TITLE_CHARS].rsplit(' ', 1)[0]} ..."


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
    """Store a message as the ticket's last one.

    The caller holds the ticket and knows that `key` is new.
    """
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
        await within(session, partial(_sent, ticket=ticket, told=told))
    return message


def _sent(do: Statements, *, ticket: Ticket, told: dict[str, Any]) -> None:
    recount_in(do, ticket.id)  # its first response may be this one
    webhooks.note_in(do, ticket.tenant, ticket.id, webhooks.SENT, told)


@dataclass(frozen=True)
class Said:
    """What was sent to the customer."""

    key: str
    kind: str
    text: str
    role: str = "agent"
    author: str | None = None
    citations: Sequence[Mapping[str, str]] = ()
    files: Sequence[str] = ()
    """Ids of those that left with it."""


def append_in(do: Statements, ticket_id: str, said: Said) -> bool:
    """Store what was sent, once a key; whether it is new. The caller's unit holds the ticket."""
    known = do.row(KNOWN, (said.key, ticket_id))
    assert known is not None
    tenant, turn, counted, last, already = known
    if already:
        return False
    if counted:
        recount_in(do, ticket_id)  # its first response may be this one
    row = {
        "ticket_id": ticket_id,
        "seq": (last or 0) + 1,
        "turn": turn,
        "role": said.role,
        "kind": said.kind,
        "text": said.text,
        "citations": said.citations,
        "author": said.author,
        "key": said.key,
        "created_at": now(),
    }
    do.run(ROWS.insert, ROWS.values(do, row))
    enclosures.said_in(do, said.files, (ticket_id, row["seq"]))
    told = {"turn": turn, "message": row["seq"], "kind": said.kind, "role": said.role}
    webhooks.note_in(do, tenant, ticket_id, webhooks.SENT, told)
    return True


async def of_turn(session: AsyncSession, ticket: Ticket) -> int:
    """How many messages the customer has written in the ticket's turn."""
    found = await session.exec(
        select(func.count()).where(
            Message.ticket_id == ticket.id, Message.role == "customer", Message.turn == ticket.turn
        )
    )
    return found.one()


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

"""Rows of the ledger as the bodies that callers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.files.views import attached_out
from api.http.tickets.schemas import (
    AcceptedOut,
    JournalRowOut,
    MessageAcceptedOut,
    MessageOut,
    ThreadTicketOut,
    TicketOut,
    TicketSummary,
)
from graph.reasons import reason_sentence
from memory.channels import standing
from memory.files import message_files
from memory.tables import JournalRow, Message, StoredFile, Ticket, arrived
from memory.tickets import messages, tickets
from memory.tickets.messages import title_of

Files = Mapping[int, Sequence[StoredFile]]
"""Those of one conversation, by the number of the message."""
Left = Mapping[tuple[int, str, str], str]
Came = Mapping[str, Mapping[int, str]]
"""How far what leaves by a channel has come, by turn, kind and text."""
_ANSWERS = ("reply", "clarification")


def ticket_url(ticket_id: str) -> str:
    """Path of a ticket's status. A path holds behind any proxy; a full URL would not."""
    return f"/v1/tickets/{ticket_id}"


def events_url(ticket_id: str) -> str:
    """Path of a ticket's events."""
    return f"{ticket_url(ticket_id)}/events"


def accepted(ticket: Ticket) -> AcceptedOut:
    """The answer to a post, equal for each repetition."""
    return AcceptedOut(
        id=ticket.id, status_url=ticket_url(ticket.id), events_url=events_url(ticket.id)
    )


def message_accepted(message: Message) -> MessageAcceptedOut:
    """The answer to the post of a message, equal for each repetition."""
    return MessageAcceptedOut(
        ticket_id=message.ticket_id,
        seq=message.seq,
        status_url=ticket_url(message.ticket_id),
        events_url=events_url(message.ticket_id),
    )


def ticket_summary(
    ticket: Ticket, title: str, came: Came, said: str | None = None
) -> TicketSummary:
    """A ticket in a list; `said` is where the words of a search stand in it."""
    fields = _ticket_fields(ticket, came)
    return TicketSummary(**fields, title=title, customer_name=ticket.customer_name, said=said)


def ticket_out(
    ticket: Ticket,
    conversation: Sequence[Message],
    files: Files,
    came: Came,
    left: Left | None = None,
) -> TicketOut:
    """A ticket with its conversation and the answer of its present turn."""
    answers = [m for m in conversation if m.kind in _ANSWERS and m.turn == ticket.turn]
    last = answers[-1] if answers else None
    return TicketOut(
        **_ticket_fields(ticket, came),
        title=title_of(ticket.subject, conversation[0].text if conversation else ""),
        customer_name=ticket.customer_name,
        reason_text=None if ticket.reason is None else reason_sentence(ticket.reason),
        reply=None if last is None else last.text,
        citations=[] if last is None else last.citations,
        messages=[message_out(message, files, left) for message in conversation],
        events_url=events_url(ticket.id),
    )


async def whole_ticket(session: AsyncSession, tenant: str, ticket_id: str) -> TicketOut:
    """A ticket with its conversation and its thread. Raises `TicketUnknown`."""
    ticket = await tickets.get(session, tenant, ticket_id)
    attached = await message_files.of_tickets(session, [ticket_id])
    said = await tickets.messages(session, ticket_id)
    left = await standing.of_messages(session, ticket_id)
    came = await standing.of_turns(session, [ticket_id])
    found = ticket_out(ticket, said, attached[ticket_id], came, left)
    return found.model_copy(update={"thread": await thread_of(session, ticket)})


async def thread_of(session: AsyncSession, ticket: Ticket) -> list[ThreadTicketOut]:
    """What others wrote in the ticket's thread."""
    found = await tickets.of_thread(session, ticket)
    titles = await messages.titles(session, {one.id: one.subject for one in found})
    came = await standing.of_turns(session, [one.id for one in found])
    return [
        ThreadTicketOut(
            id=one.id,
            title=titles[one.id],
            customer=" ".join(filter(None, (one.customer_name, one.customer_email))),
            status=one.status,
            outcome=arrived(one.outcome, _delivery(one, came)),
            delivery=_delivery(one, came),
            created_at=one.created_at,
        )
        for one in found
    ]


def _delivery(ticket: Ticket, came: Came) -> str | None:
    return came.get(ticket.id, {}).get(ticket.turn)


def _ticket_fields(ticket: Ticket, came: Came) -> dict[str, Any]:
    same = ("id", "subject", "status", "reason", "intent", "confidence", "turn")
    moments = ("created_at", "updated_at", "ended_at")
    fields = {name: getattr(ticket, name) for name in (*same, *moments)}
    fields["delivery"] = _delivery(ticket, came)
    fields["outcome"] = arrived(ticket.outcome, fields["delivery"])
    return {**fields, "status_url": ticket_url(ticket.id)}


def message_out(message: Message, files: Files, left: Left | None = None) -> MessageOut:
    """One message of a conversation."""
    return MessageOut(
        seq=message.seq,
        role=message.role,
        kind=message.kind,
        text=message.text,
        citations=message.citations,
        author=message.author,
        at=message.created_at,
        files=[attached_out(one) for one in files.get(message.seq, ())],
        delivery=(left or {}).get((message.turn, message.kind, message.text)),
    )


def journal_row(row: JournalRow) -> JournalRowOut:
    """One row of the journal."""
    return JournalRowOut.model_validate(row, from_attributes=True)

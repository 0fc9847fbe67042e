"""Reads what an answer needs from the ledger. Bounded, and within one tenant."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from api.explain.answers import About, Answer, answer
from memory.channels import standing
from memory.channels.outgoing import OPEN
from memory.journal import codec, events, journal
from memory.journal.events import Record
from memory.tables import OutgoingStatus, Ticket

COMPARED_TICKETS = 200
"""Tickets of the same tenant that a ticket's cost is compared with."""


async def read_records(session: AsyncSession, ticket: Ticket) -> list[Record]:
    """The ticket's journal, with a line for each answer that has still to leave."""
    records = codec.records(await journal.of_ticket(session, ticket.id))
    came = await standing.of_turns(session, [ticket.id])
    for turn, status in came.get(ticket.id, {}).items():
        own = [n for n, one in enumerate(records) if one.turn == turn]
        if status in OPEN and own:
            waits = events.Undelivered(outcome=OutgoingStatus(status))
            records.insert(own[-1] + 1, replace(records[own[-1]], event=waits))
    return records


async def read_answer(
    session: AsyncSession, ticket: Ticket, about: About, tool: str | None = None
) -> Answer:
    """The answer to one question about `ticket`; the caller has checked who may ask."""
    records = await read_records(session, ticket)
    usual = None
    if about == "cost":
        usual = await journal.usual_cost(
            session, ticket.tenant, besides=ticket.id, tickets=COMPARED_TICKETS
        )
    return answer(records, about, tool=tool, usual=usual)

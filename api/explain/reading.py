"""Reads what an answer needs from the ledger. Bounded, and within one tenant."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from api.explain.answers import About, Answer, answer
from api.explain.cost import Usual
from memory.journal import codec, journal
from memory.tables import Ticket

COMPARED_TICKETS = 200
"""Tickets of the same tenant that a ticket's cost is compared with."""


async def read_answer(
    session: AsyncSession, ticket: Ticket, about: About, tool: str | None = None
) -> Answer:
    """The answer to one question about `ticket`; the caller has checked who may ask."""
    records = codec.records(await journal.of_ticket(session, ticket.id))
    usual = None
    if about == "cost":
        found = await journal.usual_cost(
            session, ticket.tenant, besides=ticket.id, tickets=COMPARED_TICKETS
        )
        usual = Usual(found.median_micros, found.tickets)
    return answer(records, about, tool=tool, usual=usual)

"""What customers say of an answer. Functions take the caller's session and never commit."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.journal import journal
from memory.journal.codes import Said
from memory.journal.events import AnswerJudged
from memory.tables import Feedback, Outcome, TicketStatus, now
from memory.tickets import tickets

ANSWERS = (Outcome.DELIVERED, Outcome.ANSWERED_BY_PERSON)


class NothingToJudge(MemoryFault):
    """The ticket's present turn has no answer."""


async def record(session: AsyncSession, tenant: str, ticket_id: str, *, solved: bool) -> Feedback:
    """Store what the customer said of the present turn; the last word counts.

    Raises `TicketUnknown`, `NothingToJudge`.
    """
    ticket = await tickets.get(session, tenant, ticket_id)
    if ticket.status != TicketStatus.SETTLED or ticket.outcome not in ANSWERS:
        msg = f"ticket {ticket_id} has no answer to judge: it is {ticket.outcome or ticket.status}"
        raise NothingToJudge(msg)
    said = await session.get(Feedback, (ticket_id, ticket.turn))
    if said is not None and said.solved == solved:
        return said
    said = said or Feedback(ticket_id=ticket_id, turn=ticket.turn, tenant=tenant, solved=solved)
    said.solved, said.at = solved, now()
    session.add(said)
    word = Said.SOLVED if solved else Said.NOT_SOLVED
    await journal.append(session, ticket, AnswerJudged(outcome=word))
    return said

"""What the ledger says at the end: nothing is under way, and each message is there once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import col, func, select

from evals.channels.judging import Verdict
from evals.channels.traces import ASKED, Trace, marks_in
from evals.stack.sending import ENDED
from memory.channels.outgoing import OPEN
from memory.storage.database import Database
from memory.tables import ChannelOutgoing, HookStatus, Message, Ticket, WebhookDelivery


async def under_way(database: Database, tenants: Sequence[str]) -> int:
    """Tickets that have not ended, and messages and events that have not left."""
    open_tickets = select(func.count()).where(
        col(Ticket.tenant).in_(tenants), col(Ticket.status).not_in(ENDED)
    )
    leaving = select(func.count()).where(
        col(ChannelOutgoing.tenant).in_(tenants), col(ChannelOutgoing.status).in_(OPEN)
    )
    untold = select(func.count()).where(
        col(WebhookDelivery.tenant).in_(tenants), WebhookDelivery.status == HookStatus.WANTED
    )
    async with database.reading() as session:
        return sum([(await session.exec(one)).one() for one in (open_tickets, leaving, untold)])


async def judge_ledger(database: Database, tenant: str, traces: Iterable[Trace]) -> Verdict:
    """Each message on one ticket, once; one ticket for each conversation; all of them ended."""
    query = (
        select(Message.text, Ticket.id, Ticket.status)
        .join(Ticket, col(Message.ticket_id) == col(Ticket.id))
        .where(Ticket.tenant == tenant, Message.role == "customer")
    )
    async with database.reading() as session:
        rows = (await session.exec(query)).all()
    where: defaultdict[str, list[str]] = defaultdict(list)
    for text, ticket_id, _ in rows:
        for mark in marks_in(text, ASKED):
            where[mark].append(ticket_id)
    unended = {ticket_id: status for _, ticket_id, status in rows if status not in ENDED}
    found = Verdict(lost=[f"{one} is {status} at the end" for one, status in unended.items()])
    for trace in traces:
        found.add(_of_conversation(trace, where))
    return found


def _of_conversation(trace: Trace, where: dict[str, list[str]]) -> Verdict:
    stored = Counter({mark: len(where.get(mark, ())) for mark in trace.asked})
    homes = {one for mark in trace.asked for one in where.get(mark, ())}
    found = Verdict(lost=[f"{mark} is on no ticket" for mark, n in stored.items() if not n])
    found.doubled += [f"{mark} is on tickets {n} times" for mark, n in stored.items() if n > 1]
    if len(homes) > 1:
        found.doubled.append(f"conversation {trace.side} {trace.number} has {len(homes)} tickets")
    return found

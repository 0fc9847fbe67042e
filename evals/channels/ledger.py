"""What the ledger says at the end: nothing is under way, and each message is there once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from evals.channels.files import Sample, brought
from evals.channels.judging import Verdict
from evals.channels.traces import ASKED, Trace, marks_in
from evals.stack.sending import ENDED
from memory.channels.outgoing import OPEN
from memory.files import contents
from memory.storage.database import Database
from memory.tables import (
    ChannelOutgoing,
    HookStatus,
    Kept,
    Message,
    StoredFile,
    Ticket,
    WebhookDelivery,
)


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


async def judge_ledger(database: Database, tenant: str, traces: Sequence[Trace]) -> Verdict:
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
    found.add(await _judge_files(database, tenant, traces))
    return found


async def _judge_files(database: Database, tenant: str, traces: Iterable[Trace]) -> Verdict:
    """Each file that a customer sent belongs to its message, once, byte for byte."""
    query = (
        select(StoredFile, Message.text)
        .join(Message, col(Message.ticket_id) == col(StoredFile.ticket_id))
        .where(StoredFile.tenant == tenant, Message.seq == StoredFile.seq)
    )
    found, had = Verdict(), defaultdict[str, list[tuple[StoredFile, str]]](list)
    async with database.reading() as session:
        for stored, text in await session.exec(query):
            had[stored.name].append((stored, text))
        for trace in traces:
            sent = [(mark, file) for mark in trace.asked if (file := brought(trace, mark))]
            for mark, file in sent:
                rows = [one for one, text in had[file.name] if mark in marks_in(text, ASKED)]
                if not any([await _is_whole(session, one, file) for one in rows]):
                    found.lost.append(f"the file of {mark} is not on its message")
                if len(had[file.name]) > 1:
                    found.doubled.append(f"the file of {mark} is there more than once")
    return found


async def _is_whole(session: AsyncSession, stored: StoredFile, sent: Sample) -> bool:
    """Of a file that stays on the other side only its name is known here."""
    return stored.kept == Kept.ELSEWHERE or await contents.read(session, stored) == sent.content


def _of_conversation(trace: Trace, where: dict[str, list[str]]) -> Verdict:
    stored = Counter({mark: len(where.get(mark, ())) for mark in trace.asked})
    homes = {one for mark in trace.asked for one in where.get(mark, ())}
    found = Verdict(lost=[f"{mark} is on no ticket" for mark, n in stored.items() if not n])
    found.doubled += [f"{mark} is on tickets {n} times" for mark, n in stored.items() if n > 1]
    if len(homes) > 1:
        found.doubled.append(f"conversation {trace.side} {trace.number} has {len(homes)} tickets")
    return found

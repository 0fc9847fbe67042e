"""What became of every mail of a run: the ledger beside what the customers wrote and got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from evals.stack.mail_servers import Arrived
from evals.stack.stack import Stack
from memory.storage.database import Database
from memory.tables import ChannelOutgoing, Message, OutgoingStatus, Ticket, TicketStatus

ENDED = (TicketStatus.SETTLED.value, TicketStatus.WAITING.value)


@dataclass
class Seen:
    """What a run found."""

    messages: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """How often the server misbehaved, by kind."""
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    after_takeover: int = 0
    takeovers: int = 0
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0


async def judge(
    stack: Stack, arrived: Sequence[Arrived], taken: Mapping[str, float], seen: Seen
) -> None:
    """Compare the ledger with what the customers sent and got.

    `taken` says when each ticket that a person took over was theirs, in monotonic seconds.
    """
    database = Database(stack.settings.ledger_url)
    try:
        async with database.reading() as session:
            messages = list(await session.exec(select(Message).order_by(col(Message.id))))
            outgoing = list(await session.exec(select(ChannelOutgoing)))
            tickets = list(await session.exec(select(Ticket)))
    finally:
        await database.close()
    written = Counter(
        one.text.strip() for one in messages if one.role == "customer" and one.kind == "message"
    )
    seen.lost += max(0, seen.messages - len(written))
    seen.doubled += sum(count - 1 for count in written.values())
    seen.notes += [f"a mail is on its ticket {n} times" for n in written.values() if n > 1]
    seen.notes += [f"{one.id} is {one.status}" for one in tickets if one.status not in ENDED]
    seen.lost += sum(one.status not in ENDED for one in tickets)
    _judge_sent(arrived, outgoing, seen)
    _judge_takeovers(arrived, outgoing, taken, seen)


def _judge_sent(
    arrived: Sequence[Arrived], outgoing: Sequence[ChannelOutgoing], seen: Seen
) -> None:
    """Each of our mails once, and of one ticket in the order in which they were wanted."""
    order = [str(one.mail["Message-ID"]) for one in arrived]
    count = Counter(order)
    seen.doubled += sum(n - 1 for n in count.values())
    seen.notes += [f"{one} arrived {n} times" for one, n in count.items() if n > 1]
    missing = [one for one in outgoing if one.foreign_id not in count]
    unsent = [one for one in missing if one.status != OutgoingStatus.WITHDRAWN]
    seen.lost += len(unsent)
    seen.notes += [f"{one.kind} of {one.ticket_id} is {one.status}, not arrived" for one in unsent]
    place = {one: number for number, one in enumerate(order)}
    by_ticket: dict[str, list[int]] = {}
    for one in sorted(outgoing, key=lambda row: row.id or 0):
        if one.foreign_id in place:
            by_ticket.setdefault(one.ticket_id, []).append(place[one.foreign_id])
    seen.out_of_order += sum(places != sorted(places) for places in by_ticket.values())


def _judge_takeovers(
    arrived: Sequence[Arrived],
    outgoing: Sequence[ChannelOutgoing],
    taken: Mapping[str, float],
    seen: Seen,
) -> None:
    """No answer of the agent to the turn that a person took."""
    at = {str(one.mail["Message-ID"]): one.at for one in arrived}
    for one in outgoing:
        moment = taken.get(one.ticket_id)
        late = moment is not None and one.turn == 1 and at.get(one.foreign_id, 0.0) > moment
        if late and one.kind in {"reply", "clarification"}:
            seen.after_takeover += 1
            seen.notes.append(f"{one.ticket_id} was answered after its takeover")

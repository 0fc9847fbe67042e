"""Letters: a person's question or a notice of the desk, sent once by a worker.

A letter is stored with its job, or with the moment from which it is given one. The worker sends it
through the delivery effect, whose key makes it one message however often the job runs. What cannot
leave now is tried again with growing pauses, and dropped once it is pointless. Nothing commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.enclosures import Enclosed
from memory.fingerprints import effect_key
from memory.handoffs import log as handoff_log
from memory.handoffs.changing import ENDED
from memory.sealing.columns import placed
from memory.storage.engines import changed, hold_tickets, insert, needs_locks
from memory.storage.queue import Queue
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Handoff, HandoffStatus, Letter, Message, OutboxStatus, Ticket, now
from memory.tickets import lifecycle, messages, tickets
from memory.tool_names import DELIVER, NOTIFY

TOOLS = {"clarification": DELIVER, "notice": NOTIFY}
"""The tools of tools/adapters/delivery.py that send the two kinds of letters."""
HANDOFF, LATE = "handoff", "late"
"""Purposes of notices that say no more than that a person will answer."""
ATTEMPTS = 5
"""Jobs that a person's letter may have: they wait to hear that it cannot be sent."""
NOTICE_ATTEMPTS = 16
"""Jobs that a notice of the desk may have; with the pauses between them, six hours."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
GONE = (OutboxStatus.FAILED, OutboxStatus.UNKNOWN)
"""Ends of what was wanted and did not arrive for certain."""
ANY_DUE = "SELECT 1 FROM letters WHERE status = ? AND not_before < ? LIMIT 1"
LOST_AFTER = timedelta(seconds=30)
"""A letter that is still wanted after so long is looked at: its job may be gone."""


async def want(
    session: AsyncSession,
    queue: Queue,
    handoff: Handoff,
    *,
    kind: str,
    purpose: str,
    text: str,
    author: str | None = None,
    files: Sequence[Enclosed] = (),
) -> Letter:
    """Store a letter and its job, in the caller's transaction."""
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    letter = Letter(
        id=tickets.new_id("ltr"),
        tenant=ticket.tenant,
        ticket_id=ticket.id,
        handoff_id=handoff.id,
        turn=ticket.turn,
        epoch=ticket.epoch,
        kind=kind,
        purpose=purpose,
        text=text,
        author=author,
        files=[dict(one) for one in files],
        not_before=now() + LOST_AFTER,
    )
    session.add(letter)
    await session.flush()
    await queue.send_letter(session, letter.id, letter.attempts, letter.tenant)
    return letter


async def owe(session: AsyncSession, handoff: Handoff, text: str) -> None:
    """Store the notice that the handoff owes the customer, once; the clock gives it its jobs."""
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    letter = {
        "id": f"ltr_{handoff.id.removeprefix('hnd_')}",
        "tenant": ticket.tenant,
        "ticket_id": ticket.id,
        "handoff_id": handoff.id,
        "turn": handoff.turn,
        "epoch": ticket.epoch,
        "kind": "notice",
        "purpose": HANDOFF,
        "text": text,
        "status": OutboxStatus.WANTED.value,
        "attempts": 0,
        "not_before": now() + FIRST_PAUSE,
        "created_at": now(),
    }
    once = insert(session, Letter).values(placed(Letter, letter)).on_conflict_do_nothing()
    await session.execute(once)


def arguments(letter: Letter) -> dict[str, Any]:
    """What its tool is called with."""
    files = {"files": letter.files} if letter.files else {}
    return {"kind": letter.kind, "text": letter.text, "citations": [], **files}


def key_of(letter: Letter) -> str:
    """The key of its effect."""
    return effect_key(letter.ticket_id, letter.turn, TOOLS[letter.kind], arguments(letter))


async def of_turn(session: AsyncSession, ticket_id: str, turn: int) -> list[Letter]:
    """The letters of one turn of a ticket, oldest first."""
    query = select(Letter).where(Letter.ticket_id == ticket_id, Letter.turn == turn)
    return list(await session.exec(query.order_by(col(Letter.created_at), col(Letter.id))))


async def of_ticket(session: AsyncSession, ticket_id: str) -> list[Letter]:
    """All letters of a ticket, oldest first."""
    query = select(Letter).where(Letter.ticket_id == ticket_id)
    return list(await session.exec(query.order_by(col(Letter.created_at), col(Letter.id))))


def _message_key(letter: Letter) -> str:
    """The key of what was said: the same as where the run itself had said it."""
    return notice_key(letter.turn) if letter.purpose == HANDOFF else letter.id


def notice_key(turn: int) -> str:
    """The key of the message that says that a person has the ticket; once a turn."""
    return f"notice:{turn}"


def _most_attempts(letter: Letter) -> int:
    """How many jobs it may have."""
    return NOTICE_ATTEMPTS if letter.author is None else ATTEMPTS


async def begin(session: AsyncSession, letter_id: str) -> Letter | None:
    """The letter to be sent, None if that has come to an end, as what is pointless now does here."""
    letter = await session.get(Letter, letter_id)
    if letter is None or letter.status != OutboxStatus.WANTED:
        return None
    if await _is_pointless(session, letter):
        await settle(session, letter.id, OutboxStatus.WITHDRAWN)
        return None
    return letter


async def _is_pointless(session: AsyncSession, letter: Letter) -> bool:
    """Whether a notice comes too late: a person decided, or something else was said since."""
    if letter.purpose not in {HANDOFF, LATE}:
        return False
    handoff = await session.get_one(Handoff, letter.handoff_id)
    said = select(Message.id).where(
        Message.ticket_id == letter.ticket_id,
        Message.role != "customer",
        Message.created_at > letter.created_at,
    )
    return handoff.status in ENDED or (await session.exec(said.limit(1))).first() is not None


async def later(session: AsyncSession, letter: Letter, error: str) -> bool:
    """It could not leave now: it is tried again after a pause. False if it had its last chance."""
    if letter.attempts + 1 >= _most_attempts(letter):
        return False
    pause: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2**letter.attempts * _spread(letter.id))
    await changed(
        session,
        Letter,
        col(Letter.id) == letter.id,
        col(Letter.status) == OutboxStatus.WANTED,
        col(Letter.attempts) == letter.attempts,
        error=error,
        not_before=now() + pause,
    )
    return True


def _spread(letter_id: str) -> float:
    """1 to 2: what an outage held up together must not come together, a breaker lets one through."""
    return 1 + crc32(letter_id.encode()) / 2**32


async def settle(
    session: AsyncSession, letter_id: str, status: OutboxStatus, error: str | None = None
) -> None:
    """Write what became of it, once; a letter that was sent stands in the conversation."""
    await _hold(session, letter_id)
    waits = (col(Letter.id) == letter_id, col(Letter.status) == OutboxStatus.WANTED)
    ended = await changed(session, Letter, *waits, status=status, error=error, settled_at=now())
    if not ended:
        return
    letter = ended[0]
    ticket = await lifecycle.hold(session, letter.ticket_id)
    handoff = await session.get_one(Handoff, letter.handoff_id, populate_existing=True)
    if status == OutboxStatus.SENT:
        await _tell(session, letter, ticket)
    elif letter.purpose == "ask":
        await _back(session, handoff)
    what = "sent" if status == OutboxStatus.SENT else "not_sent"
    who = letter.author or handoff_log.AGENT
    await handoff_log.record(
        session, handoff, who, what, purpose=letter.purpose, letter=letter.id, became=str(status)
    )


async def _hold(session: AsyncSession, letter_id: str) -> None:
    if needs_locks(session):
        ticket_of = select(Letter.ticket_id).where(Letter.id == letter_id)
        await hold_tickets(session, (await session.exec(ticket_of)).all())


async def _tell(session: AsyncSession, letter: Letter, ticket: Ticket) -> None:
    said = messages.Said(
        _message_key(letter),
        letter.kind,
        letter.text,
        "agent" if letter.author is None else "person",
        letter.author,
        files=[one["id"] for one in letter.files],
    )
    await within(session, lambda do: messages.append_in(do, ticket.id, said))


async def _back(session: AsyncSession, handoff: Handoff) -> None:
    """The customer never got the question, so nobody waits for an answer."""
    if handoff.status != HandoffStatus.WAITING_CUSTOMER:
        return
    moment = now()
    values = {"version": col(Handoff.version) + 1, "updated_at": moment}
    values |= handoff_log.returned(handoff, moment)
    await changed(session, Handoff, col(Handoff.id) == handoff.id, **values)


def any_due_in(do: Statements) -> bool:
    """Whether `due` would find a letter."""
    return do.row(ANY_DUE, (OutboxStatus.WANTED.value, do.moment(now()))) is not None


async def due(session: AsyncSession, limit: int) -> list[Letter]:
    """Letters that are due for another job, the longest due first; some may still have one."""
    query = select(Letter).where(
        Letter.status == OutboxStatus.WANTED, col(Letter.not_before) < now()
    )
    return list(await session.exec(query.order_by(col(Letter.not_before)).limit(limit)))


@dataclass(frozen=True)
class Standing:
    """Letters that have not arrived, of all tenants."""

    tried_again: int = 0
    """They could not leave yet."""
    dead: int = 0
    """They did not, or nobody knows, and nobody has answered the customer since."""


async def standing(session: AsyncSession) -> Standing:
    """What a person who looks after the program must know."""
    tried = select(func.count()).where(
        Letter.status == OutboxStatus.WANTED, col(Letter.error).is_not(None)
    )
    dead = (
        select(func.count(col(Letter.id)))
        .join(Handoff, col(Handoff.id) == Letter.handoff_id)
        .where(col(Letter.status).in_(GONE), col(Handoff.status).not_in(ENDED))
    )
    return Standing((await session.exec(tried)).one(), (await session.exec(dead)).one())


async def again(session: AsyncSession, queue: Queue, letter: Letter) -> None:
    """Give a letter that is due another job; after the last chance, say that it is unknown."""
    await _hold(session, letter.id)
    found = await session.get(Letter, letter.id, populate_existing=True)
    if found is None or found.status != OutboxStatus.WANTED or found.attempts != letter.attempts:
        return
    if found.attempts + 1 >= _most_attempts(found):
        await settle(session, letter.id, OutboxStatus.UNKNOWN, "its job was lost again and again")
        return
    found.attempts += 1
    found.not_before = now() + LOST_AFTER
    session.add(found)
    await session.flush()
    await queue.send_letter(session, found.id, found.attempts, found.tenant)

"""Letters: a person's question or a notice of the desk, sent once by a worker.

A letter is stored together with its job. The worker sends it through the delivery effect, whose
key makes it one message however often the job runs. Functions never commit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.fingerprints import effect_key
from memory.handoffs import log as handoff_log
from memory.storage.engines import hold_tickets, needs_locks
from memory.storage.queue import Queue
from memory.tables import Handoff, HandoffStatus, Letter, Message, OutboxStatus, Ticket, now
from memory.tickets import lifecycle, messages, tickets
from memory.tool_names import DELIVER, NOTIFY

"""The tools of tools/adapters/delivery.py that send the two kinds of letters."""
TOOLS = {"clarification": DELIVER, "notice": NOTIFY}
ATTEMPTS = 5
"""Jobs that a letter may have; then nobody can tell what became of it."""
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
    )
    session.add(letter)
    await session.flush()
    await queue.send_letter(session, letter.id, letter.attempts, letter.tenant)
    return letter


def arguments(letter: Letter) -> dict[str, Any]:
    """What its tool is called with."""
    return {"kind": letter.kind, "text": letter.text, "citations": []}


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


async def begin(session: AsyncSession, letter_id: str) -> Letter | None:
    """The letter to be sent, None if that has come to an end."""
    letter = await session.get(Letter, letter_id)
    if letter is None or letter.status != OutboxStatus.WANTED:
        return None
    return letter


async def settle(
    session: AsyncSession, letter_id: str, status: OutboxStatus, error: str | None = None
) -> None:
    """Write what became of it, once; a letter that was sent stands in the conversation."""
    await _hold(session, letter_id)
    done: CursorResult[Any] = await session.exec(
        update(Letter)
        .where(col(Letter.id) == letter_id, col(Letter.status) == OutboxStatus.WANTED)
        .values(status=status, error=error, settled_at=now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 0:
        return
    letter = await session.get_one(Letter, letter_id, populate_existing=True)
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
    known = await session.exec(
        select(Message.id).where(Message.ticket_id == letter.ticket_id, Message.key == letter.id)
    )
    if known.first() is None:
        await messages.append(
            session,
            ticket,
            role="agent" if letter.author is None else "person",
            kind=letter.kind,
            text=letter.text,
            author=letter.author,
            key=letter.id,
        )


async def _back(session: AsyncSession, handoff: Handoff) -> None:
    """The customer never got the question, so nobody waits for an answer."""
    if handoff.status != HandoffStatus.WAITING_CUSTOMER:
        return
    moment = now()
    await session.exec(
        update(Handoff)
        .where(col(Handoff.id) == handoff.id)
        .values(
            version=Handoff.version + 1,
            updated_at=moment,
            **handoff_log.returned(handoff, moment),
        )
        .execution_options(synchronize_session=False)
    )
    await session.refresh(handoff)


async def lost(session: AsyncSession, limit: int) -> list[Letter]:
    """Letters that are wanted for longer than their job should take, oldest first."""
    query = select(Letter).where(
        Letter.status == OutboxStatus.WANTED, col(Letter.created_at) < now() - LOST_AFTER
    )
    return list(await session.exec(query.order_by(col(Letter.created_at)).limit(limit)))


async def again(session: AsyncSession, queue: Queue, letter: Letter) -> None:
    """Give a letter that lost its job another one; after the last chance, say that it is unknown."""
    await _hold(session, letter.id)
    found = await session.get(Letter, letter.id, populate_existing=True)
    if found is None or found.status != OutboxStatus.WANTED or found.attempts != letter.attempts:
        return
    if found.attempts + 1 >= ATTEMPTS:
        await settle(session, letter.id, OutboxStatus.UNKNOWN, "its job was lost again and again")
        return
    found.attempts += 1
    session.add(found)
    await session.flush()
    await queue.send_letter(session, found.id, found.attempts, found.tenant)

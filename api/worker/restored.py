"""After a restore: nobody is answered twice, and nobody who was erased is back.

What the outside has seen since the backup, the restored ledger cannot know. A reply may have been
sent with other words, under another key. So whatever was under way then goes to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.worker.forced_handoff import open_forced
from memory.channels import outgoing
from memory.erasure.person import tickets_of
from memory.handoffs import outbox
from memory.journal import journal
from memory.journal.codes import Cause, Reason
from memory.journal.events import Waiting
from memory.storage.database import Database
from memory.tables import (
    Erasure,
    ErasureStatus,
    Handoff,
    HandoffNote,
    HandoffStatus,
    Letter,
    OutboxStatus,
    Ticket,
)
from memory.tickets import lifecycle
from memory.tickets.lifecycle import Held
from memory.tickets.tickets import TicketUnknown, new_id
from memory.tickets.transitions import AT_WORK

AUTHOR = "restore"
"""Who the notes are by."""
GONE = (HandoffStatus.DECIDED, HandoffStatus.CLOSED)


@dataclass(frozen=True)
class Restored:
    """What was done to a restored ledger before anything runs on it."""

    to_people: int
    """Tickets that were under way."""
    noted: int
    """Handoffs that waited for a person and got a note."""
    letters: int
    """Letters of which nobody knows whether they went out."""
    ended: int
    """Tickets of erased people, ended until a worker removes them."""


async def settle_restored(database: Database, key: bytes, made_at: str) -> Restored:
    """Make a restored ledger safe to work on. `made_at`: when the backup was made."""
    ended = await _end_erased(database, key)
    words = (
        f"This is restored from a backup of {made_at[:16].replace('T', ' ')} UTC. Nobody can tell"
        " here whether the customer was answered since: look before you write."
    )
    noted = await _note_waiting(database, words)
    letters = await _letters_in_doubt(database)
    async with database.transaction() as session:
        await outgoing.doubt_all(session)
    return Restored(await _to_people(database, words), noted, letters, ended)


async def _end_erased(database: Database, key: bytes) -> int:
    ended = 0
    async with database.transaction() as session:
        wanted = select(Erasure).where(Erasure.status == ErasureStatus.WANTED)
        for one in (await session.exec(wanted)).all():
            met = await tickets_of(session, key, one.tenant, one.person, until=one.requested_at)
            for ticket_id in {*met, *one.tickets}:
                ended += await _ended(session, ticket_id)
    return ended


async def _ended(session: AsyncSession, ticket_id: str) -> bool:
    try:
        return not isinstance(await lifecycle.erase(session, ticket_id), Held)
    except TicketUnknown:
        return False  # accepted after the backup


async def _to_people(database: Database, words: str) -> int:
    async with database.reading() as session:
        found = list(await session.exec(select(Ticket).where(col(Ticket.status).in_(AT_WORK))))
    for ticket in found:
        async with database.transaction() as session:
            happened = await lifecycle.give_up(session, ticket, reason=Reason.RUN_FAILED)
            assert not isinstance(happened, Held)  # nothing else runs
            await open_forced(session, None, happened.ticket, Reason.RUN_FAILED, words)
            told = Waiting(cause=Cause.REDRIVE, outcome=Reason.RUN_FAILED)
            await journal.append(session, happened.ticket, told)
    return len(found)


async def _note_waiting(database: Database, words: str) -> int:
    async with database.transaction() as session:
        waiting = select(Handoff).where(col(Handoff.status).not_in(GONE))
        found = (await session.exec(waiting)).all()
        for one in found:
            note = HandoffNote(
                id=new_id("not"), tenant=one.tenant, handoff_id=one.id,
                ticket_id=one.ticket_id, author=AUTHOR, text=words,
            )  # fmt: skip
            session.add(note)
    return len(found)


async def _letters_in_doubt(database: Database) -> int:
    async with database.transaction() as session:
        wanted = select(Letter.id).where(Letter.status == OutboxStatus.WANTED)
        found = list(await session.exec(wanted))
        for one in found:
            await outbox.settle(session, one, OutboxStatus.UNKNOWN, "restored from a backup")
    return len(found)

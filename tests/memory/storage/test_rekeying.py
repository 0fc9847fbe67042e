"""Texts at rest on both engines: sealed where they stand, and sealed anew with another key."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from langgraph.checkpoint.base import empty_checkpoint
from sqlalchemy import text
from sqlmodel import select

from memory.handoffs import fulltext
from memory.rekeying import Rekeyed, rekey
from memory.sealing.keyring import EncryptionRefused, Keyring, SealBroken, new_key, read_keyring
from memory.storage.database import Database
from memory.storage.opening import open_checkpoints
from memory.storage.queue import Queue
from memory.storage.stale_cells import waits
from memory.tables import Handoff, Message, Ticket, WorkerBeat
from memory.tickets import fulltext as ticket_text
from memory.tickets import intake
from memory.tickets.driving import conversation_in, read_in
from memory.tickets.intake import NewTicket
from memory.workers import beats

TENANT = "acme"
MARK = "zwiebelfisch"
FIRST, SECOND = new_key(), new_key()
OLD, NEW = read_keyring(FIRST), read_keyring(f"{SECOND},{FIRST}")


@asynccontextmanager
async def opened(url: str, ring: Keyring | None) -> AsyncIterator[Database]:
    """The ledger with these keys."""
    async with Database(url, lambda: b"k" * 32, ring) as database:
        yield database


async def written(url: str, ring: Keyring | None, count: int = 1) -> list[str]:
    """Tickets, each with a handoff and a thread; ids of the tickets."""
    queue = Queue(url)
    async with opened(url, ring) as database:
        made = [await _ticket(database, queue) for _ in range(count)]
        await ticket_text.catch_up(database.units)
    queue.close()
    return made


async def _ticket(database: Database, queue: Queue) -> str:
    new = NewTicket(f"About {MARK}", MARK, customer_email=f"{MARK}@example.com", customer_name=MARK)
    async with database.transaction() as session:
        accepted = await intake.accept(session, queue, tenant=TENANT, new=new, key=None, digest="d")
        ticket = accepted.ticket
        handoff = Handoff(
            id=f"hnd_{ticket.id}", ticket_id=ticket.id, tenant=TENANT, turn=1, reason="r",
            explanation=f"{MARK} stays open", story={"summary": MARK},
        )  # fmt: skip
        session.add(handoff)
        await session.flush()
        await fulltext.add_of(session, handoff, ticket)
    place: Any = {"configurable": {"thread_id": ticket.id, "checkpoint_ns": ""}}
    async with open_checkpoints(database).saver(ticket.id, 1) as saver:
        made: Any = {**empty_checkpoint(), "channel_values": {"said": MARK}}
        made["channel_versions"] = {"said": 1}
        await saver.aput(place, made, {}, {"said": 1})
    return ticket.id


async def read(url: str, ring: Keyring | None, ticket_id: str) -> list[str]:
    """What every layer gives back of a ticket."""
    async with opened(url, ring) as database:
        async with database.reading() as session:
            ticket = await session.get_one(Ticket, ticket_id)
            said = (
                await session.exec(select(Message.text).where(Message.ticket_id == ticket_id))
            ).one()
            story = (await session.exec(select(Handoff.story))).first()
        found = await database.units.write(
            lambda do: (read_in(do, ticket_id), conversation_in(do, ticket))
        )
        thread = await open_checkpoints(database).newest(ticket_id)
        assert thread is not None
        assert story is not None
        plain = [ticket.subject, str(ticket.customer_email), said, story["summary"]]
        return [
            *plain,
            found[0].subject,
            found[1][0][-1],
            thread.checkpoint["channel_values"]["said"],
        ]


async def stored(url: str, ring: Keyring | None) -> str:
    """Everything in the tables that hold texts, as it stands there."""
    tables = ("tickets", "messages", "handoffs", "threads", "handoff_text", "ticket_text")
    async with opened(url, ring) as database, database.reading() as session:
        connection = await session.connection()
        rows = [list(await connection.execute(text(f"SELECT * FROM {one}"))) for one in tables]  # noqa: S608 - fixed names
    return "\n".join(
        str([bytes(c) if isinstance(c, memoryview) else c for c in row])
        for part in rows
        for row in part
    )


async def found(url: str, ring: Keyring | None, query: str) -> int:
    """How many handoffs a search finds, and as many tickets."""
    async with opened(url, ring) as database, database.reading() as session:
        handoffs = fulltext.matching(query, TENANT, postgres=not database.is_sqlite, ring=ring)
        tickets = ticket_text.matching(session, TENANT, query)
        assert handoffs is not None
        assert tickets is not None
        count = len((await session.execute(handoffs)).all())
        assert "stays" in query or len((await session.execute(tickets)).all()) == count
        return count


async def done(url: str, ring: Keyring) -> Rekeyed:
    """All of it sealed anew."""
    async with opened(url, ring) as database:
        return await rekey(database, ring, lambda _table, _rows: None)


EVERYWHERE = [f"About {MARK}", f"{MARK}@example.com", MARK, MARK, f"About {MARK}", MARK, MARK]


async def test_sealed_texts_are_read_and_found_and_not_seen(url: str) -> None:
    """Mapper, plain SQL, checkpoints and the search give the words back; the tables hold none."""
    (ticket,) = await written(url, OLD)
    assert await read(url, OLD, ticket) == EVERYWHERE
    assert MARK not in (await stored(url, OLD)).lower()
    assert [await found(url, OLD, one) for one in ("ZWIEB stays", f"{MARK}@exam", "zw fishe")] == [
        1,
        1,
        0,
    ]


async def test_a_first_key_and_then_another_seal_what_was_there(url: str) -> None:
    """Plain rows are readable before, sealed after; the key of before is needed no more."""
    first, second = await written(url, None, 2)
    assert await read(url, OLD, first) == EVERYWHERE
    sealed = await done(url, OLD)
    assert MARK not in (await stored(url, OLD)).lower()
    assert sealed.rows["messages"] == 2
    assert sealed.ended == []
    assert sealed.broken == []
    await written(url, NEW)
    assert await found(url, NEW, MARK) == 3
    rotated = await done(url, NEW)
    assert rotated.ended == OLD.ids
    assert rotated.rows["messages"] == 2
    assert await read(url, read_keyring(SECOND), second) == EVERYWHERE
    assert await found(url, read_keyring(SECOND), MARK) == 3
    assert OLD.current.id not in (await stored(url, NEW))
    assert "messages" not in (await done(url, NEW)).rows


async def test_a_missing_or_another_key_is_told_before_anything_is_read(url: str) -> None:
    """One sentence names the setting and the key; no text is given back."""
    await written(url, OLD)
    for ring in (None, read_keyring(SECOND)):
        with pytest.raises(
            EncryptionRefused,
            match=f"DESKHAND_ENCRYPTION_KEY.*{OLD.current.id}|{OLD.current.id}.*DESKHAND_ENCRYPTION_KEY",
        ):
            async with opened(url, ring) as database, database.reading():
                pass


async def test_a_cell_that_was_moved_to_another_row_does_not_open(url: str) -> None:
    """One customer's words cannot be shown as another's by whoever can write the database."""
    one, other = await written(url, OLD, 2)
    async with opened(url, OLD) as database:
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.execute(
                text(
                    "UPDATE messages SET text = (SELECT text FROM messages WHERE ticket_id = :one) WHERE ticket_id = :other"
                ),
                {"one": one, "other": other},
            )
        with pytest.raises(SealBroken):
            async with database.reading() as session:
                await session.exec(select(Message.text))
    assert (await done(url, NEW)).broken != []


async def test_nothing_is_sealed_anew_beside_a_worker_without_the_key(url: str) -> None:
    """It would go on writing with the key of before; once it has ended, the command works."""
    async with opened(url, OLD) as database, database.transaction() as session:
        await beats.beat(session, WorkerBeat(worker="w", pid=1, host="h", slots=1))
    async with opened(url, NEW) as database:
        with pytest.raises(EncryptionRefused, match="restart every process"):
            await rekey(database, NEW, lambda _table, _rows: None)
        async with database.transaction() as session:
            await beats.forget(session, "w")
    assert (await done(url, NEW)).ended == OLD.ids


KILLED = """
import asyncio, os, signal, sys
from memory import rekeying
from memory.sealing.keyring import read_keyring
from memory.storage.database import Database

url, keys, moment = sys.argv[1:]
ring, rekeying.ROWS_AT_ONCE, written = read_keyring(keys), 2, rekeying._written

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def between(table, rows):
    if table == "messages" and rows >= 2:
        die()

def inside(do, changes):
    if "messages" in changes[0].sql:
        do.run(changes[0].sql, changes[0].values)
        die()
    return written(do, changes=changes)

if moment == "inside":
    rekeying._written = inside

async def main():
    await rekeying.rekey(Database(url, lambda: b"k" * 32, ring), ring, between)

asyncio.run(main())
"""
"""A process that seals anew and ends itself as `kill -9` would."""


@pytest.mark.parametrize(("moment", "left"), [("between", 3), ("inside", 5)])
async def test_sealing_anew_goes_on_after_kill_9(url: str, moment: str, left: int) -> None:
    """Between two batches or inside one: everything is readable, and the next run does the rest."""
    tickets = await written(url, OLD, 5)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, url, f"{SECOND},{FIRST}", moment
    )
    assert await child.wait() == -signal.SIGKILL

    async with opened(url, NEW) as database:
        assert await waits(database, NEW)
    assert [await read(url, NEW, one) for one in tickets] == [EVERYWHERE] * 5
    rest = await done(url, NEW)
    assert (rest.rows["messages"], rest.broken, rest.ended) == (left, [], OLD.ids)
    assert [await read(url, read_keyring(SECOND), one) for one in tickets] == [EVERYWHERE] * 5

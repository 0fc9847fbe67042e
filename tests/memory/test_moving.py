"""An embedded installation moves to Postgres whole, or not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update
from sqlmodel import select

from memory.handoffs.listing import Filter, listed
from memory.handoffs.opening import open_once
from memory.knowledge import fulltext
from memory.knowledge.text_rows import TextRow
from memory.moving import NotMovable, move
from memory.sealing.keyring import Keyring, new_key, read_keyring
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.hmac_key import FILE, read_hmac_key
from memory.storage.opening import open_checkpoints
from memory.storage.queue import Queue
from memory.storage.units_session import within
from memory.tables import Article, Chunk, Handoff, HandoffStatus, Message, Ticket, now
from memory.tickets import finding
from memory.tickets import fulltext as ticket_text
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.storage.test_checkpoints import put, where
from tests.postgres import copy_of

RING = read_keyring(new_key())


@pytest.fixture
def ring() -> Keyring | None:
    """Texts are plain unless a test says otherwise."""
    return None


@pytest.fixture
async def old(tmp_path: Path, sqlite_template: Path, ring: Keyring | None) -> AsyncIterator[Ledger]:
    """An embedded installation with a ticket, a handoff, an article and a checkpoint."""
    url = copy_of(sqlite_template, tmp_path / "old")
    ledger = Ledger(Database(url, None, ring), Queue(url))
    ticket = await ledger.accept("Where is my order BK-4410?")
    async with ledger.database.transaction() as session:
        session.add(
            Article(
                tenant=TENANT, doc_id="a", title="Orders", text="t", content_hash="h", source="file"
            )
        )
        session.add(
            Chunk(id="0" * 32, tenant=TENANT, doc_id="a", ordinal=0, heading="", text="Tracking.")
        )
        await fulltext.add(session, TENANT, [TextRow("0" * 32, "Orders", "", "Tracking.")])
        await open_once(
            session,
            Handoff(
                id="h1",
                ticket_id=ticket.id,
                tenant=TENANT,
                turn=1,
                status=HandoffStatus.OPEN,
                reason="low_confidence",
                explanation="It is not known.",
                story={"summary": "a question"},
                due_at=now(),
            ),
        )
    async with open_checkpoints(ledger.database).saver(ticket.id, 3) as saver:
        await put(saver, ticket.id, "1", triaged={"intent": "order"})
        await saver.aput_writes(where(ticket.id, checkpoint_id="1"), [("x", [1])], "task")
    await ticket_text.catch_up(ledger.database.units)
    yield ledger
    ledger.queue.close()
    await ledger.database.close()


@pytest.fixture
def target(tmp_path: Path, postgres_template: Path) -> str:
    """An empty ledger on Postgres."""
    return copy_of(postgres_template, tmp_path / "new")


@pytest.mark.parametrize("ring", [None, RING], ids=["plain", "sealed"])
async def test_everything_arrives(
    old: Ledger, tmp_path: Path, target: str, ring: Keyring | None
) -> None:
    """Rows, full text, the waiting job, the checkpoint with its fence, and the secret."""
    home = tmp_path / "old"
    key = read_hmac_key(home)
    moved = move(old.database.url, target, secret=home / FILE, ring=ring)
    new = Ledger(Database(target, None, ring), Queue(target))
    try:
        assert await new.jobs() == await old.jobs()
        assert await ticket_text.catch_up(new.database.units) == 1
        async with new.database.transaction() as session:
            [ticket] = (await session.exec(select(Ticket))).all()
            [found] = await within(session, lambda do: fulltext.match(do, TENANT, "tracking", 5))
            [handoff] = await listed(session, TENANT, Filter(query="know bk-4410"))
            [said] = await finding.found(session, TENANT, "order bk-4410")
            session.add(Message(ticket_id=ticket.id, seq=2, turn=1, role="customer", text="and?"))
        assert (ticket.subject, found[0], handoff.handoff.id) == ("", "0" * 32, "h1")
        assert said.id == ticket.id
        kept = open_checkpoints(new.database)
        checkpoint = await kept.newest(ticket.id)
        assert checkpoint is not None
        assert checkpoint.checkpoint["channel_values"] == {"triaged": {"intent": "order"}}
        assert checkpoint.pending_writes == [("task", "x", [1])]
        with pytest.raises(Fenced):
            async with kept.saver(ticket.id, 2):
                pass
    finally:
        new.queue.close()
        await new.database.close()
    assert read_hmac_key(tmp_path / "elsewhere", url=target) == key
    wanted = {"tickets": 1, "messages": 1, "handoffs": 1, "chunks": 1, "jobs": 1, "threads": 1}
    assert wanted.items() <= moved.counts.items()


async def test_a_database_in_use_is_left_alone(old: Ledger, tmp_path: Path, target: str) -> None:
    """Moving twice would mix two installations."""
    move(old.database.url, target)
    with pytest.raises(NotMovable, match="name an empty one"):
        move(old.database.url, target)


async def test_what_does_not_arrive_as_it_was_is_not_kept(
    old: Ledger, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that changes on the way is found by its digest, and nothing stays behind."""
    from memory import transfer

    def tampering(new: Connection, _ring: object) -> None:
        new.execute(update(Ticket).values(subject="changed"))

    monkeypatch.setattr(transfer, "_make_findable", tampering)
    with pytest.raises(transfer.NotArrived, match="tickets did not arrive"):
        move(old.database.url, target)
    monkeypatch.undo()
    move(old.database.url, target)


def test_only_sqlite_moves_and_only_to_postgres() -> None:
    """Anything else says what to set."""
    with pytest.raises(NotMovable, match="DESKHAND_DATABASE_URL"):
        move("sqlite:///a.db", "sqlite:///b.db")

"""Ledgers of other releases: one made by the first release's steps goes on, others are refused.

`ledger_at_0007.sql` was written by that release: its tables, three tickets that it worked on (one
settled and written on again, one waiting for a person, one just decided) and one in its queue.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import handoffs
from memory.handoffs import Decision, Filter
from memory.journal import journal
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.migrate import check_head, migrate, opened
from memory.storage.queue import Queue
from memory.storage.readiness import (
    OLDEST_READER,
    check_usable,
    check_writable,
    head_revision,
)
from memory.tables import DecisionKind, HandoffStatus, Ticket
from memory.tickets import lifecycle, tickets
from memory.tickets.lifecycle import Begun
from tests.memory.ledgers import Ledger

OLD = Path(__file__).with_name("ledger_at_0007.sql")
Shape = dict[str, Any]
Newer = Callable[[str, str | None], Path]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The first release's ledger."""
    path = tmp_path / "deskhand.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    return path


def shape_of(path: Path) -> dict[str, Shape]:
    """Columns, keys and indexes of each table; not the order of the columns, which no one reads."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return {name: _table(connection, name) for (name,) in names.fetchall()}


def _table(connection: sqlite3.Connection, name: str) -> Shape:
    def pragma(what: str, of: str) -> list[tuple[Any, ...]]:
        return connection.execute(f"PRAGMA {what}('{of}')").fetchall()

    indexes = [(row[1], row[2]) for row in pragma("index_list", name)]
    return {
        "columns": sorted(row[1:] for row in pragma("table_info", name)),
        "references": sorted(row[2:] for row in pragma("foreign_key_list", name)),
        "indexes": sorted(
            (
                "" if one.startswith("sqlite_") else one,
                unique,
                tuple(row[2] for row in pragma("index_info", one)),
            )
            for one, unique in indexes
        ),
    }


def set_revision(path: Path, revision: str) -> None:
    """As if another version had been there."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_an_old_ledger_gets_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    """Column by column, key by key, index by index."""
    migrate(f"sqlite:///{old}")
    migrate(f"sqlite:///{tmp_path}/new/deskhand.db")
    was, new = shape_of(old), shape_of(tmp_path / "new" / "deskhand.db")
    assert was == new


@pytest.fixture
async def ledger(old: Path) -> AsyncIterator[Ledger]:
    """The first release's ledger, brought up to date and opened."""
    url = f"sqlite:///{old}"
    migrate(url)
    opened = Ledger(Database(url), Queue(url))
    yield opened
    opened.queue.close()
    await opened.database.close()


async def waiting(session: AsyncSession) -> Ticket:
    """The ticket that waits for a person."""
    return (await session.exec(select(Ticket).where(Ticket.status == "waiting"))).one()


async def test_an_old_ledger_is_read(ledger: Ledger) -> None:
    """Tickets, messages, journal, and the queue's full text."""
    async with ledger.database.reading() as session:
        ticket = await waiting(session)
        rows = await tickets.listed(session, "acme", status="queued")
        listed = await handoffs.listed(session, "acme", Filter(query="bo@example.com"))
        told = await tickets.messages(session, ticket.id)
        lines = await journal.of_ticket(session, ticket.id)
    assert len(rows) == 3
    assert [one.handoff.ticket_id for one in listed] == [ticket.id]
    assert told[0].text == "Where is my order? #person"
    assert [one.seq for one in lines] == list(range(1, len(lines) + 1))


async def test_an_old_ledger_goes_on(ledger: Ledger) -> None:
    """What waited in it is decided and driven."""
    async with ledger.database.transaction() as session:
        await check_writable(session, head_revision())
        ticket = await waiting(session)
        handoff = await handoffs.newest(session, ticket.id, ticket.turn)
        assert handoff is not None
        decided = await handoffs.decide(
            session,
            ledger.queue,
            tenant="acme",
            handoff_id=handoff.id,
            who="Ann",
            decision=Decision(DecisionKind.REPLY, text="It left this morning."),
        )
        begun = await lifecycle.begin(session, ticket.id, run=2)
    assert decided.status == HandoffStatus.DECIDED
    assert isinstance(begun, Begun)
    assert begun.ticket.epoch == 2


def test_a_ledger_from_before_the_first_release_is_refused(old: Path) -> None:
    """With what to do, and nothing is changed."""
    set_revision(old, "0004")
    before = shape_of(old)
    with pytest.raises(StorageUnavailable, match=r"at revision 0004.*begins at 0007.*migrate"):
        migrate(f"sqlite:///{old}")
    assert shape_of(old) == before


@pytest.fixture
def newer(old: Path) -> Newer:
    """A ledger as a newer version leaves it: its revision, and the oldest that may read it."""

    def make(revision: str, oldest: str | None) -> Path:
        migrate(f"sqlite:///{old}")
        set_revision(old, revision)
        with closing(sqlite3.connect(old)) as connection, connection:
            connection.execute("UPDATE alembic_version SET oldest_reader = ?", (oldest,))
        return old

    return make


REFUSED = pytest.mark.parametrize(
    ("revision", "oldest"), [("0999", "0998"), ("0999", None), ("a1b2c3", None)]
)


@REFUSED
def test_a_ledger_of_a_newer_release_is_refused(
    newer: Newer, revision: str, oldest: str | None
) -> None:
    """Where its tables do not serve this one, whatever that one calls its revisions."""
    path = newer(revision, oldest)
    with pytest.raises(StorageUnavailable, match=f"at revision {revision}, which a newer version"):
        migrate(f"sqlite:///{path}")


@REFUSED
async def test_a_program_does_not_begin_on_a_ledger_that_it_cannot_use(
    newer: Newer, revision: str, oldest: str | None
) -> None:
    """It names both revisions."""
    async with Database(f"sqlite:///{newer(revision, oldest)}") as database:
        with pytest.raises(
            StorageUnavailable, match=rf"at revision {revision}.*\({head_revision()}\)"
        ):
            async with database.transaction() as session:
                await check_writable(session, head_revision())


async def test_a_ledger_of_a_newer_release_that_serves_this_one_is_used(newer: Newer) -> None:
    """Programs begin on it, `migrate` leaves it alone, and no copy is made of what is half known."""
    path = newer("0999", head_revision())
    before = shape_of(path)
    migrate(f"sqlite:///{path}")
    assert shape_of(path) == before
    refused = pytest.raises(StorageUnavailable, match="run the newer version")
    with opened(f"sqlite:///{path}") as connection, refused:
        check_head(connection)
    async with Database(f"sqlite:///{path}") as database, database.transaction() as session:
        await check_writable(session, head_revision())
        assert not await check_usable(session, head_revision())


def test_a_ledger_says_who_may_use_it(old: Path) -> None:
    """From the migration on that gave it a place to say so."""
    migrate(f"sqlite:///{old}")
    with closing(sqlite3.connect(old)) as connection:
        found = connection.execute("SELECT version_num, oldest_reader FROM alembic_version")
        assert found.fetchall() == [(head_revision(), OLDEST_READER)]


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    """And stays as it is."""
    path = tmp_path / "deskhand.db"
    path.write_text("Dear customer,\n" * 100, encoding="utf-8")
    with pytest.raises(StorageUnavailable, match=r"deskhand.db is not a database: move it away"):
        migrate(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8").startswith("Dear customer,")


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    """It is what a set-up that was cut off leaves."""
    (tmp_path / "deskhand.db").touch()
    migrate(f"sqlite:///{tmp_path}/deskhand.db")
    assert "tickets" in shape_of(tmp_path / "deskhand.db")


def test_another_programs_database_is_refused(old: Path) -> None:
    """Nothing is built into what has tickets of its own."""
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DROP TABLE alembic_version")
    with pytest.raises(StorageUnavailable, match="not a ledger of Deskhand"):
        migrate(f"sqlite:///{old}")

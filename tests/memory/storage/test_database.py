"""Transactions: nothing is half written, no update is lost, and each failure says what to do."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError, StatementError

from evals.stack.postgres import private_cluster
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable, advice, advice_for, advice_of
from memory.storage.sqlite import connect
from memory.tables import Ticket, now
from tests.damage import damage_page
from tests.postgres import require_postgres
from tests.waiting import until

AT_ONCE = 40


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite file with one counter."""
    async with Database(f"sqlite:///{tmp_path}/desk.db") as opened:
        async with opened.transaction() as session:
            connection = await session.connection()
            await connection.execute(text("CREATE TABLE counters (value INTEGER NOT NULL)"))
            await connection.execute(text("INSERT INTO counters VALUES (0)"))
        yield opened


async def value(database: Database) -> int:
    """The counter."""
    async with database.reading() as session:
        connection = await session.connection()
        return int((await connection.execute(text("SELECT value FROM counters"))).scalar_one())


async def test_no_update_is_lost(database: Database) -> None:
    """Read, then write, forty times at once."""

    async def add() -> None:
        async with database.transaction() as session:
            connection = await session.connection()
            seen = (await connection.execute(text("SELECT value FROM counters"))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(text(f"UPDATE counters SET value = {seen + 1}"))  # noqa: S608 - a number

    await asyncio.gather(*(add() for _ in range(AT_ONCE)))
    assert await value(database) == AT_ONCE


async def fail(database: Database) -> None:
    """Write, then raise."""
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE counters SET value = 7"))
        raise LookupError


async def test_an_error_leaves_nothing_behind(database: Database) -> None:
    """All of it or none."""
    with pytest.raises(LookupError):
        await fail(database)
    assert await value(database) == 0


async def test_a_missing_table_says_what_to_run(tmp_path: Path) -> None:
    """Not a traceback of the driver."""
    async with Database(f"sqlite:///{tmp_path}/empty.db") as database:
        with pytest.raises(StorageUnavailable, match="deskhand migrate"):
            await value(database)


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Nothing is created behind the operator's back."""
    before = set(threading.enumerate())
    async with Database(f"sqlite:///{tmp_path}/no/desk.db") as database:
        with pytest.raises(StorageUnavailable, match="cannot be opened"):
            await value(database)
    # The driver's thread says goodbye to this loop after its connection failed.
    await until(lambda: set(threading.enumerate()) <= before)


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """Whichever command meets it first."""
    (tmp_path / "desk.db").write_text("some other file, and longer than a page's header is" * 9)
    async with Database(f"sqlite:///{tmp_path}/desk.db") as database:
        with pytest.raises(StorageUnavailable, match="move it away"):
            await value(database)


async def test_damage_is_noted_by_every_way_that_meets_it(
    database: Database, tmp_path: Path
) -> None:
    """Units that look, read or write, and transactions: the words stay with the database."""
    damage_page(tmp_path / "desk.db", "counters")
    query = "SELECT value FROM counters"
    ways = {
        "look": lambda one: one.units.look(lambda do: do.row(query)),
        "read": lambda one: one.units.read(lambda do: do.row(query)),
        "write": lambda one: one.units.write(lambda do: do.run("UPDATE counters SET value = 1")),
        "transaction": value,
    }
    for way in ways.values():
        async with Database(database.url) as fresh:
            assert not fresh.damage.words
            with pytest.raises(StorageUnavailable, match="deskhand restore"):
                await way(fresh)
            assert "is damaged" in fresh.damage.words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("database or disk is full", "free some space"),
        ("attempt to write a readonly database", "read-only"),
        ("unable to open database file", "permissions"),
        ("database is locked", "repeat the request"),
        ("no such table: tickets", "deskhand migrate"),
        ("file is not a database", "move it away"),
        ("database disk image is malformed", "deskhand restore"),
        ("something new", "something new"),
    ],
)
def test_each_failure_says_what_to_do(message: str, words: str) -> None:
    """In a sentence."""
    error = sqlite3.OperationalError(message)
    assert words in advice_for(error)
    assert words in advice(OperationalError("SELECT 1", {}, error))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('FATAL:  password authentication failed for user "desk"', "refuses the name or password"),
        ("fe_sendauth: no password supplied", "refuses the name or password"),
        ('FATAL:  database "desk" does not exist', "does not exist: create it"),
        ("FATAL:  sorry, too many clients already", "no connections"),
        ("failed to resolve host 'nowhere': Name or service not known", "correct it"),
        ("server does not support SSL, but SSL was required", "sslmode"),
        ("Connection refused", "check that it runs"),
    ],
)
def test_a_server_that_refuses_is_not_one_that_is_down(message: str, words: str) -> None:
    """The driver leaves the code out where no connection comes about."""
    assert words in advice_of(psycopg.OperationalError(f"connection failed: {message}"))


def test_a_real_server_that_refuses_is_understood() -> None:
    """In the words that it has for a name and a database that it does not know."""
    require_postgres()
    with private_cluster() as cluster:
        wanted = {"postgres": "does not exist: create it", "stranger": "refuses the name"}
        for who, words in wanted.items():
            with pytest.raises(psycopg.OperationalError) as refused:
                psycopg.connect(f"postgresql://{who}@127.0.0.1:{cluster.port}/nowhere")
            assert words in advice_of(refused.value)


async def test_moments_keep_their_zone(url: str) -> None:
    """SQLite gives naive values back; a naive one is refused on the way in."""
    async with Database(url) as database:
        moment = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        ticket = Ticket(id="tkt_zone", tenant="acme", subject="", created_at=moment)
        async with database.transaction() as session:
            session.add(ticket)
        async with database.reading() as session:
            found = await session.get_one(Ticket, "tkt_zone")
        assert found.created_at == moment
        assert found.created_at.tzinfo == UTC
        assert now().tzinfo == UTC
        with pytest.raises(StatementError, match="time zone"):
            await naive(database)
        async with database.transaction() as session:
            await session.delete(await session.get_one(Ticket, "tkt_zone"))


async def naive(database: Database) -> None:
    """Store a moment without a zone."""
    async with database.transaction() as session:
        session.add(Ticket(id="n", tenant="a", subject="", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_a_command_that_is_stopped_while_it_waits_ends_in_silence(tmp_path: Path) -> None:
    """The thread of its connection outlives the event loop, and nobody is left to be told."""
    waits, free = Event(), Event()
    connection = connect(make_url(f"sqlite+aiosqlite:///{tmp_path}/desk.db"))

    def wait() -> None:
        waits.set()
        free.wait()

    async def stopped() -> None:
        await connection
        waiting = asyncio.ensure_future(connection._execute(wait))
        await asyncio.to_thread(waits.wait)
        waiting.cancel()

    asyncio.run(stopped())
    free.set()
    connection._thread.join()  # an exception in a thread fails the test
    assert connection._connection is not None
    connection._connection.close()
    connection._connection = None

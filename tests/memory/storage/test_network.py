"""The way to Postgres is cut or slow: nothing is half written, and all goes on by itself."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from evals.stack.postgres import private_cluster
from evals.stack.wire import Wire, wire_to
from memory.storage import stuck_connections, units_postgres
from memory.storage.commit_status import LIFE, status_in
from memory.storage.database import Database
from memory.storage.errors import CommitUnknown, StorageUnavailable
from memory.storage.postgres_talk import Talk
from memory.storage.queue import Queue
from memory.storage.step import Step
from memory.tables import Ticket
from memory.workers.postgres_locks import PostgresLocks
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.storage.test_units import adding, stored
from tests.postgres import copy_of, require_postgres


@pytest.fixture
def direct(postgres_template: Path, tmp_path: Path) -> str:
    """The address of a fresh ledger on Postgres."""
    return copy_of(postgres_template, tmp_path / "home")


@pytest.fixture
def wire(direct: str) -> Iterator[Wire]:
    """The way to it."""
    port = urlsplit(direct).port
    assert port is not None
    with wire_to(port) as opened:
        yield opened


@pytest.fixture
def url(direct: str, wire: Wire) -> str:
    """The same ledger, at the other end of the wire."""
    parts = urlsplit(direct)
    return parts._replace(netloc=f"{parts.username}@127.0.0.1:{wire.port}").geturl()


async def test_a_ticket_is_stored_whole_or_not_at_all(wire: Wire, url: str) -> None:
    """While the wire is cut every try says so; once it is mended the next one is stored, alone."""
    ledger = Ledger(Database(url), Queue(url))
    try:
        first = await ledger.accept()
        wire.cut()
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await ledger.accept()
        wire.mend()
        second = await ledger.accept()
        jobs = [name.split(":")[1] for name, *_ in await ledger.jobs()]
        assert sorted(jobs) == sorted([first.id, second.id])
    finally:
        ledger.queue.close()
        await ledger.database.close()


async def test_a_commit_without_an_answer_is_made_once(wire: Wire, url: str) -> None:
    """The server made it and the connection was lost: it is asked, and nothing is written again."""
    database = Database(url)
    try:
        await database.units.write(adding("a"))
        wire.unanswered, wire.on_unanswered = b"COMMIT", wire.mend
        await database.units.write(adding("b"))
        assert wire.unanswered == b""
        assert await stored(database) == ["a", "b"]
    finally:
        await database.close()


async def test_lines_of_a_commit_that_nobody_could_ask_about_stand_once(
    wire: Wire, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is away for longer than it is asked; the next commit of the drive knows better."""
    monkeypatch.setattr(units_postgres, "ASKED_SECONDS", 0.3)
    ledger = Ledger(Database(url), Queue(url))
    try:
        ticket = await ledger.accept()
        step = Step(ledger.database.units, ticket.id, 0)
        step.leave(adding("a"), fact=True)
        wire.unanswered, wire.on_unanswered = b"COMMIT", wire.cut
        with pytest.raises(CommitUnknown):
            await step.flush()
        wire.mend()
        step.leave(adding("b"))
        await step.flush()
        step.close()
        assert await stored(ledger.database) == ["a", "b"]
    finally:
        ledger.queue.close()
        await ledger.database.close()


def test_a_number_that_a_crash_gave_to_another_is_not_ours() -> None:
    """What was not yet on disk is lost with its number, and who gets that next has made another commit."""
    require_postgres()
    with private_cluster() as cluster:
        url = cluster.url("postgres")
        with closing(psycopg.connect(url, autocommit=True)) as lost:
            lost.execute("CREATE TABLE found (number int)")
            lost.execute("CHECKPOINT")
            cursor = lost.cursor()
            cursor.execute(units_postgres.WRITING, prepare=False)
            cursor.nextset()
            row = cursor.fetchone()
            assert row is not None
            lost.execute("INSERT INTO found VALUES (1)")
            os.kill(lost.info.backend_pid, signal.SIGKILL)
        number, _, life = row[0].partition("@")
        with closing(_begun_anew(url, life)) as other:
            other.execute("INSERT INTO found VALUES (2)")
            given = other.execute("SELECT CAST(xmin AS text) FROM found").fetchone()
            assert given == (number,)
            do = units_postgres.PostgresStatements(Talk(other), None)
            assert status_in(do, row[0]) == "lost"


def _begun_anew(url: str, before: str) -> psycopg.Connection:
    """A connection to a server in another life; bounded by the test's timeout."""
    while True:
        with suppress(psycopg.OperationalError):
            found = psycopg.connect(url, autocommit=True)
            with suppress(psycopg.OperationalError):
                if found.execute(f"SELECT {LIFE}").fetchone() != (before,):
                    return found
            found.close()
        time.sleep(0.05)


async def test_a_slow_wire_only_takes_longer(wire: Wire, url: str) -> None:
    """Ten tickets at once over a wire on which each piece takes its time."""
    wire.delay_seconds = 0.02
    ledger = Ledger(Database(url), Queue(url))
    try:
        accepted = await asyncio.gather(*(ledger.accept(key=f"k{one}") for one in range(10)))
        again = await asyncio.gather(*(ledger.accept(key=f"k{one}") for one in range(10)))
        assert [one.id for one in accepted] == [one.id for one in again]
        assert len(await ledger.jobs()) == 10
        assert {partition for _, _, partition, _ in await ledger.jobs()} == {TENANT}
    finally:
        ledger.queue.close()
        await ledger.database.close()


def test_a_worker_that_is_cut_off_is_free_to_be_taken_over(
    wire: Wire, url: str, direct: str
) -> None:
    """Another worker gets its lock; it says so while it is cut off, and holds it again after."""
    far, near = PostgresLocks(url), PostgresLocks(direct)
    far.take("a")
    wire.cut()
    free = False
    while not free:  # the server has to see the end first; bounded by the test's timeout
        with near.trying("a") as free:
            pass
    with pytest.raises(StorageUnavailable):
        far.take("a")
    wire.mend()
    assert far.take("a") is True
    with near.trying("a") as free:
        assert not free
    far.give_back()
    near.give_back()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds as tenths."""
    for name, seconds in (("LOOK", 0.05), ("PATIENCE", 0.1), ("ANSWER", 0.3)):
        monkeypatch.setattr(stuck_connections, f"{name}_SECONDS", seconds)


@pytest.mark.usefixtures("hasty")
async def test_nobody_waits_for_a_server_that_takes_all_and_gives_nothing(
    wire: Wire, url: str
) -> None:
    """Who waits is told, by units and the mapper alike, who comes then at once; all goes on by itself."""
    ledger = Ledger(Database(url), Queue(url))
    try:
        first = await ledger.accept()
        wire.is_half_open = True
        async with asyncio.timeout(10):
            for wait in (read_by_unit, read_by_mapper):
                with pytest.raises(StorageUnavailable):
                    await wait(ledger.database)
        for wait in (read_by_unit, read_by_mapper):
            with pytest.raises(StorageUnavailable, match="takes connections and does not answer"):
                await wait(ledger.database)
        wire.mend()
        assert (await gone_on(ledger)).id != first.id
    finally:
        ledger.queue.close()
        await ledger.database.close()


async def read_by_unit(database: Database) -> None:
    """In plain SQL."""
    await database.units.read(lambda do: do.row("SELECT 1"))


async def read_by_mapper(database: Database) -> None:
    """In a session."""
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))


async def gone_on(ledger: Ledger, key: str | None = None) -> Ticket:
    """A ticket that is taken once the server is seen to answer; bounded by the test's timeout."""
    while True:
        with suppress(StorageUnavailable):
            return await ledger.accept(key=key)
        await asyncio.sleep(0.05)


@pytest.mark.usefixtures("hasty")
async def test_a_ticket_whose_answer_was_held_back_is_the_same_one_later(
    wire: Wire, url: str
) -> None:
    """The server made the commit and fell silent: the caller is told that nobody knows, and asks again."""
    ledger = Ledger(Database(url), Queue(url))

    def silent() -> None:
        wire.is_half_open = True

    try:
        await ledger.accept(key="another")
        wire.unanswered, wire.on_unanswered = b"COMMIT", silent
        async with asyncio.timeout(10):
            with pytest.raises(StorageUnavailable):
                await ledger.accept(key="k")
        wire.mend()
        found = [(await gone_on(ledger, "k")).id for _ in range(2)]
        assert len(set(found)) == 1
        assert len([one for one in await ledger.jobs() if found[0] in one[0]]) == 1
    finally:
        ledger.queue.close()
        await ledger.database.close()


@pytest.mark.usefixtures("hasty")
async def test_a_statement_that_takes_long_is_waited_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server says that it is there, so nobody's connection is ended."""
    monkeypatch.setattr(stuck_connections, "ANSWER_SECONDS", 30.0)  # however busy the machine is
    async with Database(url) as database:
        slow = asyncio.create_task(database.units.read(lambda do: do.row("SELECT pg_sleep(1.5)")))
        async with database.reading() as session:
            pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await asyncio.sleep(1)
            assert (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one() == pid
        await slow


async def test_a_way_that_takes_all_and_gives_nothing_is_left(
    wire: Wire, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server answers who asks it, and one connection is stuck: all of the process are ended."""
    monkeypatch.setattr(stuck_connections, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(stuck_connections, "PATIENCE_SECONDS", 60.0)
    ledger = Ledger(Database(url), Queue(url))
    try:
        first = await ledger.accept()
        wire.is_half_open = True
        with monkeypatch.context() as impatient:
            impatient.setattr(stuck_connections, "STUCK_SECONDS", 0.2)
            accepting = asyncio.create_task(ledger.accept())
            while not accepting.done():  # a unit that is stuck ends the others' connections as well
                with pytest.raises(StorageUnavailable):
                    await ledger.database.units.read(lambda do: do.row("SELECT 1"))
            assert isinstance(accepting.exception(), StorageUnavailable)
        wire.mend()
        assert (await ledger.accept()).id != first.id
    finally:
        ledger.queue.close()
        await ledger.database.close()

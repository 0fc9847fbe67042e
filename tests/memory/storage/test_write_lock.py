"""Waiting for SQLite's one write lock."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock, call

import pytest
from sqlalchemy.engine import make_url

from memory.storage import sqlite
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.storage.sqlite import BEGIN, BUSY_TIMEOUT_MS, Log, begin_writing, open_plain


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """Connections to one file."""
    url = make_url(f"sqlite:///{tmp_path}/desk.db")
    with closing(open_plain(url)) as first, closing(open_plain(url)) as second:
        yield first, second


def test_who_waits_begins_when_the_other_has_ended(
    two: tuple[sqlite3.Connection, sqlite3.Connection],
) -> None:
    """And from then on its other statements wait as long as ever."""
    first, second = two
    first.execute("BEGIN IMMEDIATE")
    waiting = threading.Thread(target=begin_writing, args=(second,))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    first.execute("COMMIT")
    waiting.join()
    assert second.in_transaction
    assert second.execute("PRAGMA busy_timeout").fetchone() == (BUSY_TIMEOUT_MS,)


def test_nobody_waits_for_ever(
    two: tuple[sqlite3.Connection, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is told what SQLite says itself."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    first, second = two
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_writing(second)


def test_a_log_that_is_mended_is_waited_for() -> None:
    """Behind a crash another process mends the log first: SQLite says that it is busy with more detail."""
    mending = sqlite3.OperationalError("database is locked")
    mending.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
    connection = Mock()
    connection.execute.side_effect = [None, mending, mending, None, None]
    begin_writing(connection)
    assert connection.execute.call_args_list[1:4] == [call(BEGIN)] * 3


async def test_the_mapper_waits_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks by itself, and does not leave that to SQLite, which looks ever more rarely."""
    url = f"sqlite:///{tmp_path}/desk.db"
    async with Database(url) as database:
        async with database.transaction() as session:
            await session.connection()  # was made with SQLite's own, long wait
        monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
        with closing(open_plain(make_url(url))) as other:
            other.execute("BEGIN IMMEDIATE")
            async with asyncio.timeout(BUSY_TIMEOUT_MS / 2_000):
                with pytest.raises(StorageUnavailable, match="locked"):
                    async with database.transaction() as session:
                        await session.connection()


async def test_others_may_write_while_the_disk_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody is told of a unit before it is on disk."""
    url, order = f"sqlite:///{tmp_path}/desk.db", list[str]()
    with closing(open_plain(make_url(url))) as other:
        other.execute("PRAGMA journal_mode=wal")
        other.execute("CREATE TABLE said (words)")

        def synced(_file: int) -> None:
            with closing(open_plain(make_url(url))) as third:
                begin_writing(third)
            order.append("synced")

        monkeypatch.setattr(sqlite, "_SYNC", synced)
        async with Database(url) as database:
            await database.units.write(lambda do: do.run("INSERT INTO said VALUES ('a')"))
            order.append("told")
    assert order == ["synced", "told"]


async def test_a_disk_that_confirms_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As any other failure of storage; the next unit opens everything anew."""
    url = f"sqlite:///{tmp_path}/desk.db"
    with closing(open_plain(make_url(url))) as other:
        other.execute("PRAGMA journal_mode=wal")
    async with Database(url) as database:
        with monkeypatch.context() as broken:
            broken.setattr(sqlite, "_SYNC", Mock(side_effect=OSError(5, "Input/output error")))
            with pytest.raises(StorageUnavailable, match="cannot be synced"):
                await database.units.write(lambda do: do.run("CREATE TABLE said (words)"))
        await database.units.write(lambda do: do.run("CREATE TABLE IF NOT EXISTS said (words)"))


def test_without_a_log_sqlite_waits_for_the_disk_itself(
    two: tuple[sqlite3.Connection, sqlite3.Connection],
) -> None:
    """With one, it is told not to."""
    first, second = two
    Log(first).sync()
    assert first.execute("PRAGMA synchronous").fetchone() == (2,)
    second.execute("PRAGMA journal_mode=wal")
    with closing(Log(second)) as log:
        second.execute("CREATE TABLE said (words)")
        log.sync()
        assert second.execute("PRAGMA synchronous").fetchone() == (1,)

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
from memory.storage.database import Database, StorageUnavailable
from memory.storage.sqlite import BEGIN, BUSY_TIMEOUT_MS, begin_writing, open_plain


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

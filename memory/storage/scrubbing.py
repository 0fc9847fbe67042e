"""Takes deleted data out of the database's files: free pages, full-text segments, the log.

On SQLite deleting leaves the bytes in free pages and in the write-ahead log. The file is written
anew and the log cut off. It is safe beside readers and writers, who wait for a moment.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from memory.storage.errors import StorageUnavailable, advice_for
from memory.storage.sqlite import BUSY_TIMEOUT_MS
from memory.storage.urls import is_sqlite, sync_url

TRIES = 5
"""Attempts to cut the log off while others read."""
FULL_TEXT = ("handoff_text", "chunk_text", "ticket_text")
"""Their segments keep the words of deleted rows until they are merged."""
SERVERS_FILES = "free space in the database server's files and in its write-ahead log"
"""What stays on Postgres until the server uses it again."""


def scrub_ledger(url: str) -> tuple[str, ...]:
    """Scrub the ledger; what could not be reached, in words. Raises `StorageUnavailable`."""
    if is_sqlite(url):
        scrub_file(Path(url.removeprefix("sqlite:///")))
        return ()
    engine = create_engine(sync_url(url), hide_parameters=True, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
    finally:
        engine.dispose()
    return (SERVERS_FILES,)


def scrub_file(path: Path) -> None:
    """Scrub one file of SQLite. Raises `StorageUnavailable` where others hold it for too long."""
    if not path.exists():
        return
    try:
        with closing(_opened(path)) as connection:
            _merge_full_text(connection)
            connection.execute("VACUUM")
            _cut_log(connection, path)
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(advice_for(error)) from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def _merge_full_text(connection: sqlite3.Connection) -> None:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    there = {name for (name,) in connection.execute(tables)}
    for one in FULL_TEXT:
        if one in there:
            connection.execute(f"INSERT INTO {one} ({one}) VALUES ('optimize')")  # noqa: S608 - fixed names


def _cut_log(connection: sqlite3.Connection, path: Path) -> None:
    for _ in range(TRIES):
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not busy:
            return
    msg = f"the log of {path.name} is in use: what was deleted stays in it until the next try"
    raise StorageUnavailable(msg)

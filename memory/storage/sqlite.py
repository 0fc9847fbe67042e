"""SQLite for the event loop: a transaction begins in a thread, and goes on without one.

aiosqlite hands every statement to a thread and back. Waiting for the write lock deserves that;
the twenty short statements after it do not: they wait for nobody, and the hops cost several
times what the statements do, most of all on a busy machine.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any, Protocol, TypeVar

import aiosqlite
from sqlalchemy.engine import URL
from typing_extensions import override

Result = TypeVar("Result")
ITER_CHUNK = 64
"""Rows fetched at a time, aiosqlite's own default."""
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one before it gives up."""

LONG_LOG_PAGES = 8_000
"""32 MB, which nobody leaves to another process any more; others see to it from SQLite's 1,000 pages on."""

BEGIN = "BEGIN IMMEDIATE"
"""Begins a transaction that writes."""
LOOK_SECONDS = (0.0002, 0.001)
"""How often whoever wants to write looks whether it may, at first and at last. SQLite's own wait looks ever more
rarely, ten times a second at last: beside a busy process it found the lock free late, or never for a while."""
LONGER = 0.1
"""The next look comes after this part of the time that was waited already."""


class Executes(Protocol):
    """What is asked of a connection here."""

    def execute(self, sql: str, /) -> Any:
        """Execute a statement."""
        ...


def prepare(connection: Executes) -> None:
    """Set up a connection to the ledger."""
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # What is acknowledged is on disk: with WAL, NORMAL would lose the last commits in a power cut.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin a transaction that writes, soon after others let it; as errors it has SQLite's own."""
    _soon(connection, lambda: connection.execute(BEGIN))


def _soon(connection: sqlite3.Connection, begin: Callable[[], Result]) -> Result:
    since, (soonest, latest) = time.monotonic(), LOOK_SECONDS
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                return begin()
            except sqlite3.OperationalError as error:
                # Its lower byte: while another process mends the log behind a crash, there is more to it.
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                waited = time.monotonic() - since
                if not busy or waited > BUSY_TIMEOUT_MS / 1000:
                    raise
            time.sleep(min(latest, max(soonest, waited * LONGER)))
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


class InlineConnection(aiosqlite.Connection):
    """Runs statements on the spot while a transaction is open, and in the thread otherwise."""

    @override
    async def _execute(self, fn: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        own = self._connection
        if self._running and own is not None and own.in_transaction:
            return fn(*args, **kwargs)
        work = partial(fn, *args, **kwargs)
        if own is not None and args[:1] == (BEGIN,):
            work = partial(_soon, own, work)
        result: Result = await super()._execute(work)  # type: ignore[no-untyped-call]
        return result


def connect(url: URL) -> InlineConnection:
    """A connection that opens when awaited, as the engine's `async_creator` wants it."""
    connection = InlineConnection(_opener(url), ITER_CHUNK)
    own = connection._thread  # noqa: SLF001 - SQLAlchemy makes a daemon of it, too
    connection._thread = Thread(target=_worked, args=(own,), daemon=True)  # noqa: SLF001
    return connection


def _worked(thread: Thread) -> None:
    """Do a connection's work, and end in silence where its event loop ended first.

    So it is where a command is stopped while it waits for the write lock: nobody is left to be told.
    """
    with suppress(RuntimeError):  # what a statement raises goes to whoever waits for it
        thread.run()


def open_plain(url: URL, *, hurries: bool = False) -> sqlite3.Connection:
    """A connection of its own to the same file, in the mode that the address asks for.

    `hurries`: its commits do not bring the log back into the file while it is shorter than LONG_LOG_PAGES.
    """
    connection = _opener(url)()
    connection.isolation_level = None
    prepare(connection)
    if hurries:
        connection.execute(f"PRAGMA wal_autocheckpoint={LONG_LOG_PAGES}")
    return connection


class Log:
    """The write-ahead log of a connection that leaves it to its user to wait for the disk.

    SQLite waits within a commit, while nobody else may write. Here a commit lets others write and
    is put on disk then, before anybody is told of it: with it goes whatever stands before it in the
    log, so that it is never there without what it rests on.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Without such a log SQLite goes on waiting itself."""
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (_, _, file), *_ = connection.execute("PRAGMA database_list").fetchall()
        self._path = f"{file}-wal" if mode == "wal" else None
        self._file: int | None = None
        if self._path is not None:
            connection.execute("PRAGMA synchronous=NORMAL")

    def sync(self) -> None:
        """Wait until all of it is on disk. Raises `sqlite3.OperationalError`."""
        if self._path is None:
            return
        try:
            if self._file is None:  # there as long as the connection is, once it has written
                self._file = os.open(self._path, os.O_RDWR)
            _SYNC(self._file)
        except OSError as error:
            raise sqlite3.OperationalError(f"the log cannot be synced: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


_SYNC = getattr(os, "fdatasync", os.fsync)


def _opener(url: URL) -> Callable[[], sqlite3.Connection]:
    arguments, options = url.get_dialect()().create_connect_args(url)
    # The thread and the loop use it in turn, never at once.
    return partial(sqlite3.connect, *arguments, **{**options, "check_same_thread": False})

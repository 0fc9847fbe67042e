"""SQLite for the event loop: a transaction begins in a thread, and goes on without one.

aiosqlite hands every statement to a thread and back. Waiting for the write lock deserves that;
the twenty short statements after it do not: they wait for nobody, and the hops cost several
times what the statements do, most of all on a busy machine.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any, Protocol, TypeVar

import aiosqlite
from sqlalchemy.engine import URL

Result = TypeVar("Result")
ITER_CHUNK = 64
"""Rows fetched at a time, aiosqlite's own default."""
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one before it gives up."""

BEGIN = "BEGIN IMMEDIATE"
"""Begins a transaction that writes."""
LOOK_MS = 1
"""How often whoever wants to write looks whether it may. SQLite's own wait looks ever more rarely,
ten times a second at last: beside a busy process it found the lock free late, or never for a while."""


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
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.execute(f"PRAGMA busy_timeout={LOOK_MS}")
    try:
        while True:
            try:
                return begin()
            except sqlite3.OperationalError as error:
                # Its lower byte: while another process mends the log behind a crash, there is more to it.
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > until:
                    raise
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


class InlineConnection(aiosqlite.Connection):
    """Runs statements on the spot while a transaction is open, and in the thread otherwise."""

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


def open_plain(url: URL) -> sqlite3.Connection:
    """A connection of its own to the same file, in the mode that the address asks for."""
    connection = _opener(url)()
    connection.isolation_level = None
    prepare(connection)
    return connection


def _opener(url: URL) -> Callable[[], sqlite3.Connection]:
    arguments, options = url.get_dialect()().create_connect_args(url)
    # The thread and the loop use it in turn, never at once.
    return partial(sqlite3.connect, *arguments, **{**options, "check_same_thread": False})

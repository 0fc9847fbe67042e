"""The ledger's database: one engine a process, one explicit transaction a unit of work."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.sqlite import connect
from memory.storage.urls import async_url, is_sqlite

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one before it gives up."""
POOL_CONNECTIONS = 20
"""Connections to Postgres that one process keeps."""
MOST_CONNECTIONS = 40
"""Connections to Postgres that one process opens at most; further transactions wait for one."""
CONNECT_SECONDS = 10
"""How long opening a connection to Postgres may take."""


class MemoryFault(Exception):
    """The family of this room's errors."""


class Fenced(MemoryFault):
    """A newer drive of the ticket has begun: this one is a zombie and may do nothing."""


class StorageUnavailable(MemoryFault):
    """The disk is full, read-only or locked; nothing of the transaction was kept."""


def _prepare_sqlite(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # we say BEGIN IMMEDIATE ourselves
    cursor = dbapi.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # What is acknowledged is on disk: with WAL, NORMAL would lose the last commits in a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes loses updates in silence; one that
    # only reads must not queue behind the writers.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """Opens transactions. Repositories take the session; they never commit."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            async_url(url), hide_parameters=True, **_options(url)
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin)
        self._writers = _sessions(self.engine)
        self._readers = _sessions(self.engine.execution_options(reading=True, **_consistent(url)))

    @property
    def is_sqlite(self) -> bool:
        """Whether the file-based engine is used, which has no row locks."""
        return is_sqlite(self.url)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any error.

        Raises `StorageUnavailable` where the database cannot be written or reached.
        """
        async with _unit(self._writers) as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent look at the data. Never write in it: it takes no write lock."""
        async with _unit(self._readers) as session:
            yield session

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


@asynccontextmanager
async def _unit(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    try:
        async with sessions() as session, session.begin():
            yield session
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error
    except PoolTimeout as error:
        raise StorageUnavailable(_LOCKED) from error


def _options(url: str) -> dict[str, Any]:
    """What the engine of each kind of database wants."""
    if is_sqlite(url):
        return {"async_creator": partial(connect, make_url(url))}
    return {
        "pool_size": POOL_CONNECTIONS,
        "max_overflow": MOST_CONNECTIONS - POOL_CONNECTIONS,
        "pool_pre_ping": True,  # after a restart of the server every kept connection is dead
        "connect_args": {
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c timezone=UTC",
        },
    }


def _consistent(url: str) -> dict[str, Any]:
    """What makes all statements of a reading see the same moment, as they do on SQLite."""
    if is_sqlite(url):
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def unavailable(error: DBAPIError) -> bool:
    """Whether the database's state is to blame, and not the statement."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return True
    return getattr(error.orig, "sqlstate", None) in _NOT_OPERATIONAL


def advice(error: DBAPIError) -> str:
    """What to do about an error of the database, in a sentence."""
    origin = error.orig
    return advice_for(origin) if isinstance(origin, sqlite3.OperationalError) else advice_of(origin)


def advice_of(origin: BaseException | None) -> str:
    """What to do about an error of Postgres's driver, in a sentence."""
    state = getattr(origin, "sqlstate", None) or ""
    found = next((words for sign, words in _STATES.items() if state.startswith(sign)), None)
    return found or (_UNREACHABLE if not state else f"the database answered: {state}")


def advice_for(error: sqlite3.OperationalError) -> str:
    """What to do about an error of SQLite, in a sentence."""
    text = str(error)
    found = next((words for sign, words in _REMEDIES.items() if sign in text), None)
    return found or f"the database answered: {text}"


_FULL = "the disk is full: free some space, then repeat the request"
_LOCKED = "the database stayed locked for too long: repeat the request"
_NO_TABLES = "the database has no tables yet: run `deskhand migrate`"
_UNREACHABLE = "the database cannot be reached: check that it runs, then repeat the request"
_REMEDIES = {
    "full": _FULL,
    "readonly": "the data folder is read-only: make it writable, then repeat the request",
    "unable to open": "the data folder cannot be opened: check that it exists and its permissions",
    "locked": _LOCKED,
    "no such table": _NO_TABLES,
}
_STATES = {
    "53100": _FULL,
    "53": "the database has no connections or memory left: repeat the request later",
    "25006": "the database is read-only: make it writable, then repeat the request",
    "55P03": _LOCKED,
    "40": _LOCKED,
    "42P01": _NO_TABLES,
    "08": _UNREACHABLE,
    "57": _UNREACHABLE,
    "28": "the database refuses the name or password in DESKHAND_DATABASE_URL: correct it",
    "3D000": "the database named in DESKHAND_DATABASE_URL does not exist: create it",
}
"""By the beginnings of Postgres's error codes, the longer ones first."""
_NOT_OPERATIONAL = frozenset({"42P01", "25006"})
"""No such table, and read-only: Postgres does not call these operational, SQLite does."""

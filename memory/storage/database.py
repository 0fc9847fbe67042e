"""The ledger's database: one engine a process, one explicit transaction a unit of work."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.sqlite import connect

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one before it gives up."""


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
    cursor.execute("PRAGMA synchronous=NORMAL")
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
        inline = {"async_creator": partial(connect, make_url(url))} if self.is_sqlite else {}
        self.engine: AsyncEngine = create_async_engine(
            async_url(url), hide_parameters=True, **inline
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin)
        self._writers = _sessions(self.engine)
        self._readers = _sessions(self.engine.execution_options(reading=True))

    @property
    def is_sqlite(self) -> bool:
        """Whether the file-based engine is used, which has no row locks."""
        return self.url.startswith("sqlite")

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
    except OperationalError as error:
        raise StorageUnavailable(advice(error)) from error


def async_url(url: str) -> str:
    """`sqlite:///x.db` as the asynchronous driver wants it."""
    return (
        url.replace("sqlite://", "sqlite+aiosqlite://", 1) if url.startswith("sqlite://") else url
    )


def advice(error: OperationalError) -> str:
    """What to do about an error of the database, in a sentence."""
    origin = error.orig
    if isinstance(origin, sqlite3.OperationalError):
        return advice_for(origin)
    return f"the database answered: {type(origin).__name__}"


def advice_for(error: sqlite3.OperationalError) -> str:
    """What to do about an error of SQLite, in a sentence."""
    text = str(error)
    found = next((words for sign, words in _REMEDIES.items() if sign in text), None)
    return found or f"the database answered: {text}"


_REMEDIES = {
    "full": "the disk is full: free some space, then repeat the request",
    "readonly": "the data folder is read-only: make it writable, then repeat the request",
    "unable to open": "the data folder cannot be opened: check that it exists and its permissions",
    "locked": "the database stayed locked for too long: repeat the request",
    "no such table": "the database has no tables yet: run `deskhand migrate`",
}

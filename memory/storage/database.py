"""The ledger's database: one engine in a process, one explicit transaction for each unit of work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.sealing.columns import keep
from memory.sealing.keyring import Keyring
from memory.storage import claims
from memory.storage.errors import LOCKED, Damage, StorageUnavailable, advice, unavailable
from memory.storage.same_file import SameFile
from memory.storage.sqlite import BEGIN, BUSY_TIMEOUT_MS, connect, open_plain, prepare
from memory.storage.units import Statements, Units
from memory.storage.urls import async_url, is_sqlite, plain_url

POOL_CONNECTIONS = 20
"""Connections to Postgres that one process keeps."""
MOST_CONNECTIONS = 40
"""Connections to Postgres that one process opens at most; further transactions wait for one."""
LOCK_OPTIONS = f"-c lock_timeout={BUSY_TIMEOUT_MS} -c timezone=UTC"
"""What every connection to Postgres begins with."""
CONNECTING: Mapping[str, Any] = MappingProxyType(
    {
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        "options": LOCK_OPTIONS,
    }
)
"""libpq's arguments, in seconds but for the user timeout (ms). A server whose machine is gone, or to
which the way is cut without a word, is given up after about 15 s: a query is not waited for longer.
"""


HMAC_KEY = "hmac_key"
"""In a session's `info`: gives the installation's key."""


def _prepare(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # we say BEGIN ourselves
    prepare(dbapi)


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes loses updates in silence; one that
    # only reads must not queue behind the writers.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else BEGIN)


class Database:
    """Opens transactions, and is closed behind a `with`. Repositories take the session; they never commit."""

    def __init__(
        self,
        url: str,
        hmac_key: Callable[[], bytes] | None = None,
        ring: Keyring | None = None,
        *,
        hurries: bool = False,
    ) -> None:
        """`hmac_key` gives the installation's key; without it the one beside the data is used.

        `ring`: the keys that texts are sealed with; None where they are plain. `hurries`: somebody waits
        for each unit, so other processes bring SQLite's log back into its file while they can.
        """
        self.url = url
        self.ring = ring
        self.hmac_key = hmac_key
        self.engine: AsyncEngine = create_async_engine(
            async_url(url), hide_parameters=True, **_options(url)
        )
        keep(self.engine.dialect, ring)
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare)
            event.listen(self.engine.sync_engine, "begin", _begin)
        reading = self.engine.execution_options(reading=True, **_consistent(url))
        info = {} if hmac_key is None else {HMAC_KEY: hmac_key}
        self._writers = _sessions(self.engine, info)
        self._readers = _sessions(reading, info)
        self.damage = Damage()
        """What this process has met of it."""
        self._file = SameFile(url) if self.is_sqlite else None
        self.units: Units = _units(url, ring, self.damage, self._file, hurries=hurries)
        self._claimed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    @property
    def is_sqlite(self) -> bool:
        """Whether the file-based engine is used, which has no row locks."""
        return is_sqlite(self.url)

    async def check_keys(self) -> None:
        """Claim the ledger for this process's keys, once; the first unit of work does it by itself.

        Raises `EncryptionRefused` where they do not open what is in it.
        """
        if self._claimed:
            return
        async with self._unit(self._readers) as session:
            needed = await claims.needed(session)
        if needed is None:
            return  # it has not been set up that far
        claims.check(needed, self.ring)
        if self.ring is not None and self.ring.current.id not in needed:
            async with self._unit(self._writers) as session:
                await claims.claim(session, self.ring)
        if not self.is_sqlite:
            await self.units.look(_nothing)  # so that its clock is known
        self._claimed = True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any error.

        Raises `StorageUnavailable` where the database cannot be written or reached.
        """
        await self.check_keys()
        async with self._unit(self._writers) as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent look at the data. Never write in it: it takes no write lock."""
        await self.check_keys()
        async with self._unit(self._readers) as session:
            yield session

    @asynccontextmanager
    async def _unit(
        self, sessions: async_sessionmaker[AsyncSession]
    ) -> AsyncIterator[AsyncSession]:
        if self._file is not None:
            self._file.check()
        try:
            with self.units.waiting():
                async with sessions() as session, session.begin():
                    yield session
        except DBAPIError as error:
            if not unavailable(error):
                raise
            raise self.damage.told(advice(error)) from error
        except PoolTimeout as error:
            raise StorageUnavailable(LOCKED) from error

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.units.close()
        await self.engine.dispose()


def _nothing(_: Statements) -> None:
    """A unit that only reaches the server."""


def _units(
    url: str, ring: Keyring | None, damage: Damage, file: SameFile | None, *, hurries: bool
) -> Units:
    if file is not None:
        from memory.storage.units_sqlite import SqliteUnits

        opener = partial(open_plain, make_url(url), hurries=hurries)
        return SqliteUnits(opener, ring, damage, file)
    from memory.storage.units_postgres import PostgresUnits

    return PostgresUnits(plain_url(url), CONNECTING, ring, damage)


def _sessions(engine: AsyncEngine, info: dict[str, Any]) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, info=info)


def _options(url: str) -> dict[str, Any]:
    """What the engine of each kind of database wants."""
    if is_sqlite(url):
        return {"async_creator": partial(connect, make_url(url))}
    return {
        "pool_size": POOL_CONNECTIONS,
        "max_overflow": MOST_CONNECTIONS - POOL_CONNECTIONS,
        "pool_pre_ping": True,  # after a restart of the server every kept connection is dead
        "connect_args": dict(CONNECTING),
    }


def _consistent(url: str) -> dict[str, Any]:
    """What makes all statements of a reading see the same moment, as they do on SQLite."""
    if is_sqlite(url):
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

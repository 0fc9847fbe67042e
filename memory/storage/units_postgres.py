"""Units of work on Postgres: a few connections, each used by one thread at a time.

The server shares its own commits between transactions; here each unit has one of its own. A unit
that waits for a lock holds a thread, so there are as many as drives may write at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from typing_extensions import override

from memory.sealing.keyring import Keyring
from memory.storage.commit_status import COMMITTED, IN_PROGRESS, NAMED, status_in
from memory.storage.errors import (
    AWAY,
    DAMAGES,
    CommitUnknown,
    Damage,
    StorageUnavailable,
    advice_of,
)
from memory.storage.postgres_talk import Talk
from memory.storage.server_clock import ServerClock
from memory.storage.stuck_connections import StuckWatch
from memory.storage.units import LOCK, SHARE, Result, Row, Statements, Unit, Units

AT_ONCE = 8
"""Connections, and threads that use them."""
PORT = "5432"
"""Where a server listens whose address names no port."""
WRITING = f"BEGIN; SELECT {NAMED}"
"""One way to the server: what it calls the transaction is known before the commit."""
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
ASKED_SECONDS, AGAIN_SECONDS = 5.0, 0.1
"""How long, and how often, the server is asked whether it made a commit whose answer was lost."""


class PostgresStatements(Statements):
    """Statements on a connection of psycopg."""

    is_sqlite = False
    lock = LOCK
    share = SHARE

    def __init__(self, talk: Talk, ring: Keyring | None) -> None:
        self._talk = talk
        self.ring = ring

    @override
    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self._talk.run(sql, values)

    @override
    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found = self._talk.rows(sql, values)
        return found[0] if found else None

    @override
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._talk.rows(sql, values)

    @override
    def many(self, sql: str, lines: Sequence[Sequence[Any]]) -> None:
        for line in lines:
            self._talk.run(sql, line)

    @override
    def moment(self, at: datetime) -> datetime:
        return at


class PostgresUnits(Units):
    """Units of work on a server."""

    def __init__(
        self,
        url: str,
        connecting: Mapping[str, Any],
        ring: Keyring | None = None,
        damage: Damage | None = None,
    ) -> None:
        """`connecting`: libpq's arguments besides the address. `ring`: the keys of sealed texts.

        `damage`: where it is noted.
        """
        self._damage = damage or Damage()
        self._ring = ring
        self._url = url
        self._connecting = connecting
        self._threads: ThreadPoolExecutor | None = None
        self._free: deque[Talk] = deque()
        self._clock = ServerClock()
        self._watch = StuckWatch(_servers(url))

    @override
    async def write(self, unit: Unit[Result]) -> Result:
        return await self._run(partial(self._done, unit, WRITING))

    @override
    async def read(self, unit: Unit[Result]) -> Result:
        return await self._run(partial(self._done, unit, READING))

    @override
    async def look(self, unit: Unit[Result]) -> Result:
        return await self._run(partial(self._seen, unit))

    @override
    def waiting(self) -> AbstractContextManager[object]:
        if self._watch.away:
            raise StorageUnavailable(AWAY)
        return self._watch.waiting()

    @override
    async def close(self) -> None:
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        self._watch.stop()
        while self._free:
            self._free.pop().close()

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ledger")
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, self._watched, work)
        # Who is cancelled while it waits has written all the same.
        return await asyncio.shield(running)

    def _watched(self, work: Callable[[], Result]) -> Result:
        if self._watch.away:
            raise StorageUnavailable(AWAY)
        try:
            with self._watch.waiting(unit=True):
                return work()
        except psycopg.Error as error:
            words = advice_of(error)
            if not isinstance(error, psycopg.OperationalError) and words not in DAMAGES:
                raise
            raise self._damage.told(words) from error

    def _done(self, unit: Unit[Result], begin: str) -> Result:
        talk, transaction = self._ready(partial(_begun, begin))
        try:
            found = unit(PostgresStatements(talk, self._ring))
            self._commit(talk, transaction)
        except BaseException:  # raised again: the transaction goes back first
            self._take_back(talk)
            raise
        self._free.append(talk)
        return found

    def _commit(self, talk: Talk, transaction: str | None) -> None:
        try:
            talk.plain("COMMIT")
        except psycopg.OperationalError as error:
            if transaction is None or self._status(transaction, error) != COMMITTED:
                raise

    def _status(self, transaction: str, error: psycopg.OperationalError) -> str | None:
        """What became of a commit whose answer was lost. Raises `CommitUnknown`."""
        until = time.monotonic() + ASKED_SECONDS
        while time.monotonic() < until and not self._watch.away:
            with suppress(psycopg.OperationalError):
                status = self._seen(partial(status_in, transaction=transaction))
                if status != IN_PROGRESS:
                    return status
            time.sleep(AGAIN_SECONDS)
        raise CommitUnknown(advice_of(error), transaction) from error

    def _seen(self, unit: Unit[Result]) -> Result:
        def seen(talk: Talk) -> Result:
            try:
                return unit(PostgresStatements(talk, self._ring))
            except psycopg.OperationalError:
                raise  # the connection is gone, and closed where that is found out
            except BaseException:
                self._free.append(talk)
                raise

        talk, found = self._ready(seen)
        self._free.append(talk)
        return found

    def _ready(self, first: Callable[[Talk], Result]) -> tuple[Talk, Result]:
        """A kept connection that lives, or else a new one, and what came first on it."""
        while self._free:
            try:
                talk = self._free.pop()
            except IndexError:
                break  # another thread was faster
            try:
                self._clock.look(talk)
                return talk, first(talk)
            except psycopg.OperationalError:
                talk.close()  # the server was restarted: none of the kept ones lives
        connection = psycopg.connect(self._url, autocommit=True, **self._connecting)
        talk = Talk(connection)
        self._clock.look(talk)
        return talk, first(talk)

    def _take_back(self, talk: Talk) -> None:
        try:
            talk.plain("ROLLBACK")
        except psycopg.Error:
            talk.close()
        else:
            self._free.append(talk)


def _begun(begin: str, talk: Talk) -> str | None:
    """Begin; what the server calls a transaction that writes."""
    named = talk.plain(begin)
    return str(named[0][0]) if named else None


def _servers(url: str) -> list[tuple[str, int]]:
    """Those that the address names, each with its port."""
    known = conninfo_to_dict(url)
    hosts = str(known.get("hostaddr") or known.get("host") or "").split(",")
    ports = str(known.get("port") or PORT).split(",")
    each = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
    return [(host, int(port or PORT)) for host, port in zip(hosts, each, strict=True)]

"""The workers' locks on Postgres: advisory locks, which live as long as their connection.

A killed process's connection ends at once. A machine that vanished is found out by the server's
keepalives, which are asked for here: after three seconds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from typing_extensions import override

from memory.storage.errors import StorageUnavailable, advice_of
from memory.storage.urls import plain_url
from memory.workers.contract import WorkerLocks

KIND = 0x6465736B
"""First half of each lock's number: what the lock is for. "desk" in four bytes."""
CONNECT_SECONDS = 3
KEEPALIVE: Mapping[str, Any] = {
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
UNSENT_MS = 3_000
"""How long either side waits for the other's machine before it takes the connection for dead."""


class PostgresLocks(WorkerLocks):
    """Locks on a connection of its own, without an event loop."""

    def __init__(self, url: str) -> None:
        self._url = plain_url(url)
        self._connection: psycopg.Connection[Any] | None = None
        self._own: str | None = None

    @override
    def take(self, name: str) -> bool:
        """Raises `StorageUnavailable`, also where another has it."""
        with _known_errors():
            if self._own == name and self._lives():
                return False
            self._own = None
            if not self._try(self._opened(), name):
                msg = f"the lock of {name} is held by another: its jobs are being taken over"
                raise StorageUnavailable(msg)
            self._own = name
            return True

    @override
    def give_back(self) -> None:
        name, self._own = self._own, None
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(psycopg.OperationalError):  # it ends with the connection at the latest
            if name is not None:
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", _number(name))
        connection.close()

    @contextmanager
    @override
    def trying(self, name: str) -> Iterator[bool]:
        with _known_errors():
            connection = self._opened()
            free = self._try(connection, name)
        try:
            yield free
        finally:
            if free and not connection.closed:
                with _known_errors():
                    connection.execute("SELECT pg_advisory_unlock(%s, %s)", _number(name))

    @override
    def any_held(self) -> bool:
        query = (
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1"
        )
        with _known_errors(), self._open() as connection:
            return connection.execute(query, (KIND,)).fetchone() is not None

    def _try(self, connection: psycopg.Connection[Any], name: str) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _number(name)).fetchone()
        return bool(row and row[0])

    def _lives(self) -> bool:
        if self._connection is None or self._connection.closed:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.OperationalError:
            self._connection.close()
            return False
        return True

    def _opened(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = self._open()
        return self._connection

    def _open(self) -> psycopg.Connection[Any]:
        server = " ".join(f"-c tcp_{name}={value}" for name, value in KEEPALIVE.items())
        return psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            tcp_user_timeout=UNSENT_MS,
            options=f"{server} -c tcp_user_timeout={UNSENT_MS}",
            application_name="deskhand worker",
            **KEEPALIVE,
        )


def _number(name: str) -> tuple[int, int]:
    """The lock's number: `KIND`, and the name's checksum as Postgres's signed integer."""
    return KIND, zlib.crc32(name.encode()) - 0x80000000


@contextmanager
def _known_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise StorageUnavailable(advice_of(error)) from error

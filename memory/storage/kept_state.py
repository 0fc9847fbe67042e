"""What machines without a shared folder have to know of each other, in Postgres: small texts by kind and name.

Secrets of channels are sealed, or not kept at all. Whether they have changed a thread looks, so that
whoever asks again and again waits for no server.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog

from memory.sealing import cells
from memory.sealing.keyring import SETTING, Keyring, SealBroken
from memory.storage.errors import StorageUnavailable, advice_of
from memory.storage.kept_secrets import SECRETS, KeptUnsealed
from memory.storage.urls import plain_url

log = structlog.get_logger()

CELL = "kept_state.value"
LOOK_SECONDS = 2.0
"""How often a process looks whether secrets have changed."""
IDLE_SECONDS = 10.0
"""For how long a process goes on to look when nothing asks; it begins again with the next question."""
TOLD_SECONDS = 20.0
"""How long it cannot look before it says so: what is known counts meanwhile."""
NO_TABLE = "42P01"
NEEDS_KEY = f"no {SETTING} is set, and the database would hold it readable"
FIND = "SELECT name, value, changed_at FROM kept_state WHERE starts_with(name, %s) ORDER BY name"
STAMPS = "SELECT name, changed_at FROM kept_state WHERE starts_with(name, %s) ORDER BY name"
PUT = (
    "INSERT INTO kept_state (name, value, changed_at) VALUES (%s, %s, clock_timestamp())"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at ="
    " greatest(excluded.changed_at, kept_state.changed_at + interval '1 microsecond')"
)
FIRST = (
    "INSERT INTO kept_state (name, value, changed_at) VALUES (%s, %s, clock_timestamp())"
    " ON CONFLICT DO NOTHING"
)
BRING = (
    "INSERT INTO kept_state (name, value, changed_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"
    " WHERE kept_state.changed_at < excluded.changed_at"
    " AND excluded.changed_at <= clock_timestamp()"
)
"""The newer one counts; a moment that has not come yet is newer than nothing."""
REMOVE = "DELETE FROM kept_state WHERE name = %s"

Stamps = tuple[tuple[str, int], ...]
"""Each name, and when it was changed, in microseconds."""
Texts = Mapping[str, str]


class KeptStates:
    """The rows of one installation. Everything may raise `StorageUnavailable`."""

    def __init__(
        self, url: str, ring: Keyring | None, connecting: Mapping[str, Any] | None = None
    ) -> None:
        """`ring`: the keys that texts are sealed with. `connecting`: libpq's arguments."""
        self._url = plain_url(url)
        self._ring = ring
        self._connecting = dict(connecting or {})
        self._secrets: Texts | None = None
        self._stamps: Stamps = ()
        self._lock = threading.Lock()
        self._watched = False
        self._asked = 0.0

    @property
    def seals(self) -> bool:
        """Whether secrets can be kept."""
        return self._ring is not None

    def texts(self, kind: str) -> dict[str, str]:
        """All of a kind, by name. Raises `EncryptionRefused`."""
        return self._read(kind)[0]

    def put(self, kind: str, name: str, text: str) -> None:
        """Keep a text in place of the one that was kept under this name. Raises `KeptUnsealed`."""
        self._say(PUT, self._row(kind, name, text))

    def first(self, kind: str, name: str, text: str) -> str:
        """Keep a text unless one is kept; the one that is."""
        self._say(FIRST, self._row(kind, name, text))
        return self.texts(kind).get(name, text)

    def bring(self, kind: str, name: str, text: str, changed_at: datetime) -> None:
        """Keep what was written elsewhere at this moment, unless something newer is kept."""
        self._say(BRING, (*self._row(kind, name, text), changed_at.astimezone(UTC)))

    def remove(self, kind: str, name: str) -> None:
        """Keep it no more."""
        self._say(REMOVE, (f"{kind}/{name}",))

    def secrets(self) -> Texts:
        """Of channels, by variable; as they were seen last, while they cannot be read."""
        try:
            self._load()
        except StorageUnavailable:
            if self._secrets is None:
                raise
        return self._secrets or {}

    def stamps(self) -> Stamps:
        """When the secrets were changed, as far as is known: while somebody asks, a thread looks at them."""
        with self._lock:
            self._asked = time.monotonic()
            if not self._watched:
                self._watched = True
                watch = threading.Thread(
                    target=_watch, args=(weakref.ref(self),), name="kept-state", daemon=True
                )
                watch.start()
        return self._stamps

    def goes_on(self) -> bool:
        """Whether the thread is to look on; once it is not, the next question begins another one."""
        with self._lock:
            self._watched = time.monotonic() - self._asked < IDLE_SECONDS
            return self._watched

    def look(self, connection: psycopg.Connection[Any] | None = None) -> None:
        """Read the secrets again if they have changed."""
        with self._connected(connection) as open_one:
            found = _stamps_of(_rows(open_one, STAMPS, SECRETS))
        if self._secrets is None or found != self._stamps:
            self._load()

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of its own, which commits by itself. Raises `psycopg.Error`."""
        return psycopg.connect(self._url, autocommit=True, **self._connecting)

    def _load(self) -> None:
        self._secrets, self._stamps = self._read(SECRETS)

    def _read(self, kind: str) -> tuple[dict[str, str], Stamps]:
        found = dict[str, str]()
        with self._connected() as connection:
            rows = _rows(connection, FIND, kind)
        for name, cell, _ in rows:
            try:
                text = cells.text_out(self._ring, cell, (CELL, name))
            except SealBroken as error:
                log.warning("kept_state_broken", problem=str(error))  # the others go on to count
                continue
            found[name.removeprefix(f"{kind}/")] = text or ""
        return found, _stamps_of([(name, at) for name, _, at in rows])

    def _row(self, kind: str, name: str, text: str) -> tuple[str, str | None]:
        if kind == SECRETS and self._ring is None:
            raise KeptUnsealed(NEEDS_KEY)
        whole = f"{kind}/{name}"
        return whole, cells.text_in(self._ring, text, (CELL, whole))

    def _say(self, sql: str, values: tuple[Any, ...]) -> None:
        with self._connected() as connection:
            connection.execute(sql, values)

    @contextmanager
    def _connected(
        self, kept: psycopg.Connection[Any] | None = None
    ) -> Iterator[psycopg.Connection[Any]]:
        try:
            if kept is not None:
                yield kept
                return
            with closing(self.connect()) as connection:
                yield connection
        except psycopg.Error as error:
            raise StorageUnavailable(advice_of(error)) from error


def _rows(connection: psycopg.Connection[Any], sql: str, kind: str) -> list[tuple[Any, ...]]:
    try:
        return connection.execute(sql, (f"{kind}/",)).fetchall()
    except psycopg.Error as error:
        if error.sqlstate == NO_TABLE:
            return []  # it is set up in a moment, or an older version set it up
        raise


def _stamps_of(rows: Iterable[tuple[Any, ...]]) -> Stamps:
    return tuple((name, int(at.timestamp() * 1_000_000)) for name, at in rows)


def _watch(of: Callable[[], KeptStates | None]) -> None:
    """On one connection, until nobody has it or asks it any more."""
    connection, well_at, told = None, time.monotonic(), False
    while (one := of()) is not None and one.goes_on():
        try:
            connection = connection or one.connect()
            one.look(connection)
            well_at, told = time.monotonic(), False
        except Exception as error:  # noqa: BLE001 - what is known goes on to count
            if not told and time.monotonic() - well_at > TOLD_SECONDS:
                log.warning("secrets_not_read", error=type(error).__name__)
                told = True
            _close(connection)
            connection = None
        del one
        time.sleep(LOOK_SECONDS)
    _close(connection)


def _close(connection: psycopg.Connection[Any] | None) -> None:
    if connection is not None:
        with suppress(psycopg.Error):
            connection.close()

"""Units of work in plain SQL, for what every step of every ticket does, on either engine.

The mapper reads well where people look, and costs ten times what the database does. So the hot
path says its SQL itself: a unit is a function of `Statements` that runs in one transaction. Values
are `?` on both engines. A unit waits for nothing but the database and may be run anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import JSON
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import instance_dict
from sqlmodel import SQLModel

from memory.sealing.cells import is_sealed
from memory.sealing.columns import SealedJson, sealed_columns
from memory.sealing.keyring import Keyring
from memory.tables.base import UtcDateTime

Result = TypeVar("Result")
Row = tuple[Any, ...]

LOCK, SHARE = " FOR NO KEY UPDATE", " FOR SHARE"
"""`Statements.lock` and `share` on Postgres."""
STATEMENTS_KEPT = 512
"""Statements of which the spelling for Postgres is remembered."""


@lru_cache(maxsize=STATEMENTS_KEPT)
def spelled(sql: str) -> str:
    """A statement as Postgres' driver wants it."""
    return sql.replace("?", "%s")


def marks(values: Sequence[Any]) -> str:
    """A mark for each of them, as `IN (...)` wants it."""
    return ", ".join("?" * len(values))


class Statements(Protocol):
    """What a unit of work may do."""

    @property
    def ring(self) -> Keyring | None:
        """The keys that texts are sealed with; None where they are plain."""
        ...

    @property
    def is_sqlite(self) -> bool:
        """Whether the file-based engine is used."""
        ...

    @property
    def lock(self) -> str:
        """Ends a SELECT whose row nobody else may change until the commit; SQLite needs none."""
        ...

    @property
    def share(self) -> str:
        """The same, but for others that only look."""
        ...

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute it; how many rows it touched."""
        ...

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, also of what a change gives back."""
        ...

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows."""
        ...

    def many(self, sql: str, lines: Sequence[Sequence[Any]]) -> None:
        """Execute it once for each line."""
        ...

    def moment(self, at: datetime) -> Any:
        """A moment in UTC, as the engine stores it."""
        ...


Unit = Callable[[Statements], Result]


class Units(Protocol):
    """Runs units of work on one ledger."""

    async def write(self, unit: Unit[Result]) -> Result:
        """In one transaction, on disk when it returns. Raises `StorageUnavailable`."""
        ...

    async def read(self, unit: Unit[Result]) -> Result:
        """At one moment, without the lock of writers. Raises `StorageUnavailable`."""
        ...

    async def look(self, unit: Unit[Result]) -> Result:
        """The same, each statement at a moment of its own: there is no transaction around them."""
        ...

    async def close(self) -> None:
        """End what is under way and let go of the database."""
        ...


COMMITTED, IN_PROGRESS = "committed", "in progress"
LIFE = (
    "concat(extract(epoch FROM pg_postmaster_start_time()), '/',"
    " extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time()))"
)
"""Which life of a server it is: behind a crash it counts anew, also where only its processes were begun again."""
NAMED = f"concat(pg_current_xact_id(), '@', {LIFE})"
"""What Postgres calls a transaction; a crash forgets numbers that were given, and gives them to others."""
STATUS = (
    f"SELECT CASE WHEN life <> {LIFE} THEN 'lost'"  # noqa: S608 - fixed text
    " WHEN asked < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status(asked)"
    f" ELSE '{IN_PROGRESS}' END FROM (SELECT CAST(? AS xid8) AS asked, CAST(? AS text) AS life) AS one"
)
"""Of such a transaction; in another life of the server nobody can say, and it is not taken for made."""


def status_in(do: Statements, transaction: str) -> str | None:
    """committed, aborted, in progress or lost; None where it is too long ago."""
    number, _, life = transaction.partition("@")
    row = do.row(STATUS, (number, life))
    return None if row is None else row[0]


class Columns:
    """How the rows of a table go into plain SQL and come back."""

    def __init__(self, table: type[SQLModel], without: Iterable[str] = ()) -> None:
        self._table = table
        columns = table.__table__.columns  # type: ignore[attr-defined]
        left_out = set(without)
        self.names = tuple(one.name for one in columns if one.name not in left_out)
        """In the order in which `values` and `read` have them."""
        self.listed = ", ".join(f'"{name}"' for name in self.names)
        self.insert = (
            f"INSERT INTO {table.__tablename__} ({self.listed}) VALUES ({marks(self.names)})"  # noqa: S608 - our own names
        )
        self._moments = {one.name for one in columns if isinstance(one.type, UtcDateTime)}
        self._json = {one.name for one in columns if isinstance(one.type, JSON | SealedJson)}
        self._sealed = {
            name: one for name, one in sealed_columns(table).items() if name in self.names
        }
        self._fields = {name: one for name, one in table.model_fields.items() if name in self.names}
        made = self._moments | self._json | self._sealed.keys()
        self._made = [(place, name) for place, name in enumerate(self.names) if name in made]

    def new(self, **given: Any) -> dict[str, Any]:
        """A new row with the table's defaults, in a tenth of the time that an object of it takes."""
        row = {
            name: one.default if one.default_factory is None else one.default_factory()  # type: ignore[call-arg]
            for name, one in self._fields.items()
            if name not in given
        }
        return row | given

    def loaded(self, row: Mapping[str, Any]) -> SQLModel:
        """As the mapper makes an object of a row, which says nothing new about any of its columns.

        The mappers are configured by the first query of theirs, and this may come before any.
        """
        one: SQLModel = class_mapper(self._table).class_manager.new_instance()
        instance_dict(one).update(row)
        return one

    def values(self, do: Statements, given: Mapping[str, Any]) -> list[Any]:
        """A row as its statement wants it; what is not given is NULL."""
        found = [given.get(name) for name in self.names]
        for place, name in self._made:
            found[place] = self.stored(do, name, found[place], given)
        return found

    def read(self, do: Statements, row: Row) -> dict[str, Any]:
        """A row by the names of its columns."""
        found = dict(zip(self.names, row, strict=True))
        for name in self._moments:
            if name in found:
                found[name] = moment_of(found[name])
        for name in self._json:
            found[name] = json_of(found[name])
        ring = do.ring
        for name, column in self._sealed.items():
            place = None if ring is None else column.place(found)
            found[name] = column.read(ring, found[name], place)
        return found

    def stored(
        self, do: Statements, name: str, value: Any, row: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of one column as its statement wants it; of a sealed one with its row."""
        sealed = self._sealed.get(name)
        if sealed is not None and value:
            ring = do.ring
            place = None if ring is None or row is None else sealed.place(row)
            value = sealed.stored(ring, value, place)
        if name in self._json:
            return json.dumps(value)
        return do.moment(value) if value is not None and name in self._moments else value


def json_of(stored: Any) -> Any:
    """Plain JSON, or the text of a sealed cell, from what either engine gives back."""
    if not isinstance(stored, str) or is_sealed(stored):
        return stored  # Postgres has read it already
    return json.loads(stored)


def moment_of(stored: Any) -> datetime | None:
    """A stored moment, in UTC."""
    if stored is None:
        return None
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    moment: datetime = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return moment


def clock_in(do: Statements, *, seconds_ago: int = 0) -> str:
    """The present moment by the database's own clock, or one before it, in SQL.

    What several machines write, and others compare, has to be of one clock.
    """
    if do.is_sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{seconds_ago} seconds')"
    return f"clock_timestamp() - interval '{seconds_ago} seconds'"


def present_in(do: Statements) -> datetime:
    """That moment."""
    found = do.row(f"SELECT {clock_in(do)}")
    moment = None if found is None else moment_of(found[0])
    assert moment is not None
    return moment

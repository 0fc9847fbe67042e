"""Fills a ledger with settled tickets: copies of some that the product itself has settled.

Each row that a ticket wrote is copied under a ticket of its own, spread over some weeks. The full
text and the sums of insight are then made by the product's own catching up, so they cost and hold
what they do in life. What was remembered of a ticket is left out: its vectors would have to be
made, which `evals bench` measures.
"""

import asyncio
import json
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from memory.insight import sums
from memory.storage.database import Database
from memory.storage.units import Units
from memory.storage.urls import is_sqlite
from memory.tables import metadata
from memory.tables.base import UtcDateTime
from memory.tickets import fulltext

LEFT_OUT = frozenset({"memories", "insight_tickets"})
ANEW = {"tickets": {"counted": None, "idempotency_key": None}, "messages": {"indexed": None}}
"""What a copy has instead: whether it is counted and found."""
AT_ONCE = 1_000
"""Tickets of one transaction."""
DAYS = 30
"""Over which the copies are spread; the last of them was accepted yesterday."""
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
CHANCE_BITS = 80
ID_BITS = range(125, -1, -5)
MS = 1_000


@dataclass(frozen=True)
class Filled:
    """What it took to make so many tickets found and counted, a ticket."""

    tickets: int
    indexing_cpu_ms: float
    counting_cpu_ms: float


@dataclass(frozen=True)
class _Row:
    """A row of a ticket that is copied, with the places in it that change."""

    values: list[Any]
    named: list[int]
    """Where the ticket's id stands."""
    moments: list[int]
    own: list[int]
    """What no two rows may have the same."""


@dataclass(frozen=True)
class _Model:
    """A table with its rows of one ticket."""

    table: str
    columns: list[str]
    rows: list[_Row]


def fill(url: str, settled: Sequence[str], count: int, *, before: int = 0) -> Filled:
    """Copy these tickets until there are `count` more, of `before` that were copied already."""
    return asyncio.run(filled(url, settled, count, before=before))


async def filled(url: str, settled: Sequence[str], count: int, *, before: int = 0) -> Filled:
    """The same within an event loop."""
    engine = _Sqlite(url) if is_sqlite(url) else _Postgres(url)
    with closing(engine):
        models = {one: _models(engine, one) for one in settled}
        for start in range(before, before + count, AT_ONCE):
            some = range(start, min(start + AT_ONCE, before + count))
            engine.store([(one, _copies(models, settled, one)) for one in _tables(models)], some)
    return await _caught_up(url, count)


def _tables(models: dict[str, list[_Model]]) -> list[str]:
    """In the order in which they refer to each other."""
    used = {one.table for some in models.values() for one in some}
    return [table.name for table in metadata.sorted_tables if table.name in used]


async def _caught_up(url: str, count: int) -> Filled:
    async with Database(url) as database:
        found = await _until_done(fulltext.catch_up, database.units)
        counted = await _until_done(sums.catch_up, database.units)
    return Filled(count, found * MS / count, counted * MS / count)


async def _until_done(catch_up: Callable[[Units], Awaitable[int]], units: Units) -> float:
    """Processor seconds of this process until nothing is left to do."""
    began = time.process_time()
    while await catch_up(units):
        pass
    return time.process_time() - began


def _copies(
    models: dict[str, list[_Model]], settled: Sequence[str], table: str
) -> Callable[[range], Iterator[tuple[list[str], list[Any]]]]:
    def rows(some: range) -> Iterator[tuple[list[str], list[Any]]]:
        for number in some:
            one = settled[number % len(settled)]
            for model in models[one]:
                if model.table == table:
                    for row in model.rows:
                        yield model.columns, _copied(row, one, number)

    return rows


def _copied(row: _Row, ticket_id: str, number: int) -> list[Any]:
    shift = _shift(number)
    values, new = list(row.values), _id_of(number)
    for place in row.moments:
        values[place] += shift
    for place in row.named:
        old, name = values[place], new.encode() if isinstance(values[place], bytes) else new
        values[place] = old.replace(
            ticket_id.encode() if isinstance(old, bytes) else ticket_id, name
        )
    for place in row.own:
        values[place] = f"{values[place]}-{number}"
    return values


STARTED = datetime.now(UTC)
SALT = secrets.randbits(32)


def _shift(number: int) -> timedelta:
    """How long before the ticket that it is a copy of; a number's is always the same."""
    minutes = (number * 7_919) % (DAYS * 24 * 60)
    return -timedelta(days=1, minutes=minutes)


def _id_of(number: int) -> str:
    """As the product makes them, by the time of acceptance."""
    moment = int((STARTED + _shift(number)).timestamp() * MS)
    whole = moment << CHANCE_BITS | SALT << 40 | number
    return "tkt_" + "".join(DIGITS[whole >> place & 31] for place in ID_BITS)


def _models(engine: "_Sqlite | _Postgres", ticket_id: str) -> list[_Model]:
    found = []
    for table in metadata.sorted_tables:
        if table.name not in LEFT_OUT and (rows := _rows(engine, table, ticket_id)):
            columns = [one.name for one in table.columns if not _is_numbered(table, one.name)]
            found.append(_Model(table.name, columns, rows))
    return found


def _rows(engine: "_Sqlite | _Postgres", table: Table, ticket_id: str) -> list[_Row]:
    columns = [one for one in table.columns if not _is_numbered(table, one.name)]
    anew = ANEW.get(table.name, {})
    unique = {one.name for one in table.primary_key.columns}
    found = []
    if (whose := _names_ticket(table)) is None:
        return []
    for cells in engine.rows(table.name, [one.name for one in columns], whose, f"%{ticket_id}%"):
        values = [anew.get(one.name, cell) for one, cell in zip(columns, cells, strict=True)]
        named = [place for place, cell in enumerate(values) if _names(cell, ticket_id)]
        moments = [
            place
            for place, one in enumerate(columns)
            if isinstance(one.type, UtcDateTime) and values[place] is not None
        ]
        for place in moments:
            values[place] = engine.moment(values[place])
        keys = [place for place, one in enumerate(columns) if one.name in unique]
        own = [] if set(keys) & set(named) else keys
        found.append(_Row(values, named, moments, own))
    return found


def _names_ticket(table: Table) -> str | None:
    """The column that says whose a row is, if one does."""
    names = [one for one in ("ticket_id", "thread_id") if one in table.c]
    return names[0] if names else {"tickets": "id", "budget_accounts": "key"}.get(table.name)


def _names(cell: Any, ticket_id: str) -> bool:
    if isinstance(cell, bytes):
        return ticket_id.encode() in cell
    return isinstance(cell, str) and ticket_id in cell


def _is_numbered(table: Table, name: str) -> bool:
    """Whether the database counts it up by itself."""
    return name == "id" and table.c.id.type.python_type is int


Rows = Callable[[range], Iterator[tuple[list[str], list[Any]]]]


class _Sqlite:
    """The file."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(url.partition("///")[2])
        self._connection.execute("PRAGMA synchronous = OFF")

    def rows(
        self, table: str, columns: Sequence[str], named: str, ticket: str
    ) -> list[tuple[Any, ...]]:
        """Those of a table that name a ticket."""
        listed = ", ".join(f'"{one}"' for one in columns)
        query = f'SELECT {listed} FROM "{table}" WHERE "{named}" LIKE ?'  # noqa: S608 - our own names
        return self._connection.execute(query, (ticket,)).fetchall()

    def moment(self, stored: Any) -> datetime:
        """As it was."""
        return datetime.fromisoformat(stored)

    def store(self, tables: Sequence[tuple[str, Rows]], some: range) -> None:
        """Write the copies with these numbers, in one transaction."""
        with self._connection:
            for table, rows in tables:
                self._store(table, list(rows(some)))

    def _store(self, table: str, rows: Sequence[tuple[list[str], list[Any]]]) -> None:
        listed = ", ".join(f'"{one}"' for one in rows[0][0])
        marks = ", ".join("?" * len(rows[0][0]))
        self._connection.executemany(
            f'INSERT INTO "{table}" ({listed}) VALUES ({marks})',  # noqa: S608 - our own names
            ([_told(cell) for cell in row] for _, row in rows),
        )

    def close(self) -> None:
        """It is full."""
        self._connection.close()


class _Postgres:
    """The server."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)

    def rows(
        self, table: str, columns: Sequence[str], named: str, ticket: str
    ) -> list[tuple[Any, ...]]:
        """Those of a table that name a ticket; JSON as its text."""
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        query = sql.SQL("SELECT {} FROM {} WHERE {} LIKE %s").format(
            listed, sql.Identifier(table), sql.Identifier(named)
        )
        found = self._connection.execute(query, (ticket,)).fetchall()
        return [
            tuple(json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in row)
            for row in found
        ]

    def moment(self, stored: Any) -> datetime:
        """As it is."""
        moment: datetime = stored
        return moment

    def store(self, tables: Sequence[tuple[str, Rows]], some: range) -> None:
        """Write the copies with these numbers, in one transaction."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table, rows in tables:
                listed: sql.Composed | None = None
                found = list(rows(some))
                listed = sql.SQL(", ").join(map(sql.Identifier, found[0][0]))
                query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
                with cursor.copy(query) as copy:
                    for _, row in found:
                        copy.write_row(row)

    def close(self) -> None:
        """It is full."""
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("ANALYZE")
        self._connection.close()


def _told(cell: Any) -> Any:
    return cell.isoformat(" ", "microseconds") if isinstance(cell, datetime) else cell

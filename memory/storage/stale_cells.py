"""Which texts are not sealed with the current key, and which are not sealed at all."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlmodel import SQLModel

from memory.sealing.cells import SEALED as SEALED_CELL
from memory.sealing.cells import began_with
from memory.sealing.columns import Sealed, SealedJson, sealed_columns
from memory.sealing.keyring import ID_CHARS, Keyring
from memory.storage import claims
from memory.storage.database import Database
from memory.storage.units import Row, Statements
from memory.tables import SEALED

EMPTY = ("", "null", "{}", "[]")
"""What stays open in a text or a JSON column."""
THREADS = (
    "SELECT thread_id, kind, state, writes FROM threads WHERE thread_id > ? AND kind IS NOT NULL"
    " AND (kind NOT LIKE ? OR substr(state, 1, ?) <> ?) ORDER BY thread_id LIMIT ?"
)
PLAIN_THREADS = "SELECT thread_id FROM threads WHERE kind IS NOT NULL AND kind NOT LIKE ? LIMIT ?"
MOST_PLANTED = 20
"""Of each table, as many are named."""


async def waits(database: Database, ring: Keyring) -> bool:
    """Whether anything is not sealed with the current key."""
    began = began_with(ring.current.id)
    for table in SEALED:
        look = partial(stale, table=table, began=began, after=None, limit=1)
        if await database.units.read(look):
            return True
    return bool(await database.units.read(partial(stale_threads, ring=ring, after="", limit=1)))


async def planted(database: Database) -> list[str]:
    """Places of texts that stand plain although all was sealed before: they were written past the product.

    Empty as long as not everything has been sealed once.
    """
    async with database.reading() as session:
        if not await claims.is_whole(session):
            return []
    found = []
    for table in SEALED:
        look = partial(stale, table=table, began=SEALED_CELL, after=None, limit=MOST_PLANTED)
        for row in await database.units.read(look):
            cells = row[len(known(table)) :]
            for column, cell in zip(sealed_columns(table), cells, strict=True):
                if is_stale(cell, SEALED_CELL):
                    found.append(f"{table.__tablename__}.{column} of {row[0]}")
    threads = await database.units.read(partial(_plain_threads, limit=MOST_PLANTED))
    return found + [f"threads of {row[0]}" for row in threads]


def stale(
    do: Statements, *, table: type[SQLModel], began: str, after: Any, limit: int
) -> list[Row]:
    """Rows with a cell that does not begin so: what is known of them, then the cells."""
    columns = sealed_columns(table)
    cells = [as_text(name, kind) for name, kind in columns.items()]
    marks = ", ".join("?" * len(EMPTY))
    stale = " OR ".join(f"({one} NOT IN ({marks}) AND {one} NOT LIKE ?)" for one in cells)
    key = key_of(table)
    behind = "" if after is None else f" AND {key} > ?"
    sql = (
        f"SELECT {', '.join([*known(table), *cells])} FROM {table.__tablename__}"  # noqa: S608 - our own names
        f" WHERE ({stale}){behind} ORDER BY {key} LIMIT ?"
    )
    values: list[Any] = []
    for kind in columns.values():
        start = '"' if isinstance(kind, SealedJson) else ""
        values += [*EMPTY, f"{start}{began}%"]
    return do.rows(sql, [*values, *([] if after is None else [after]), limit])


def _plain_threads(do: Statements, *, limit: int) -> list[Row]:
    return do.rows(PLAIN_THREADS, ("%+%", limit))


def stale_threads(do: Statements, *, ring: Keyring, after: str, limit: int) -> list[Row]:
    """Checkpoints that are not sealed with the current key: thread, kind, state, writes."""
    current = ring.current.id.encode()
    return do.rows(THREADS, (after, "%+%", ID_CHARS, current, limit))


def is_stale(cell: str | None, began: str) -> bool:
    """Whether a cell holds something that does not begin so."""
    if cell is None or cell in EMPTY:
        return False
    return not cell.removeprefix('"').startswith(began)


def as_text(name: str, kind: Sealed) -> str:
    """The column as a text, in SQL."""
    return f"CAST({name} AS TEXT)" if isinstance(kind, SealedJson) else name


def key_of(table: type[SQLModel]) -> str:
    """The name of its primary key."""
    (key,) = table.__table__.primary_key.columns  # type: ignore[attr-defined]
    return str(key.name)


def known(table: type[SQLModel]) -> list[str]:
    """The key first, then what the cells are bound to."""
    by = {name for kind in sealed_columns(table).values() for name in kind.by}
    return [key_of(table), *sorted(by - {key_of(table)})]

"""Units of work in plain SQL, for what every step of every ticket does, on either engine.

The mapper reads well where people look, and costs ten times what the database does. So the hot
path says its SQL itself: a unit is a function of `Statements` that runs in one transaction. Values
are `?` on both engines. A unit waits for nothing but the database and may be run anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from memory.sealing.keyring import Keyring

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

    ring: Keyring | None
    """The keys that texts are sealed with; None where they are plain."""
    is_sqlite: bool
    """Whether the file-based engine is used."""
    lock: str
    """Ends a SELECT whose row nobody else may change until the commit; SQLite needs none."""
    share: str
    """The same, but for others that only look."""

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

    def waiting(self) -> AbstractContextManager[object]:
        """Around what else waits for the ledger. Raises `StorageUnavailable` where waiting is no use."""
        return nullcontext()

    async def close(self) -> None:
        """End what is under way and let go of the database."""
        ...

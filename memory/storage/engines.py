"""What differs between SQLite, which has one writer, and Postgres, which has many.

SQLite's transactions begin with the write lock, so a look and the write after it are one act.
On Postgres they are not: whatever is read to be changed is locked first, by the functions here.
They do nothing on SQLite, and nothing in a session that only reads.

Locks are taken in one order, or two transactions would wait for each other: the ticket (several
by their ids), then what hangs on it, then the tenant's stream of events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.tables import Ticket

Row = TypeVar("Row", bound=SQLModel)


def is_postgres(session: AsyncSession) -> bool:
    """Whether the session speaks to Postgres."""
    return session.get_bind().dialect.name == "postgresql"


def needs_locks(session: AsyncSession) -> bool:
    """Whether others may write between a look of this session and its next statement."""
    options: dict[str, Any] = session.get_bind().get_execution_options()
    return is_postgres(session) and not options.get("reading", False)


def insert(session: AsyncSession, table: type[SQLModel]) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = postgresql if is_postgres(session) else sqlite
    return dialect.insert(table)


async def current(session: AsyncSession, table: type[Row], key: Any) -> Row | None:
    """The row as it is after its lock was waited for, and not as this session saw it before."""
    if not needs_locks(session):
        return await session.get(table, key)
    await session.flush()
    return await session.get(table, key, populate_existing=True)


async def changed(
    session: AsyncSession, table: type[Row], *wanted: ColumnElement[bool], **values: Any
) -> list[Row]:
    """Change the rows that still are as wanted, in one UPDATE; how they are now, here and in the session."""
    statement = update(table).where(*wanted).values(**values).returning(table)
    fresh = {"synchronize_session": False, "populate_existing": True}
    return list((await session.execute(statement, execution_options=fresh)).scalars())


async def hold_tickets(session: AsyncSession, ids: Iterable[str]) -> None:
    """Be the only one who changes these tickets, and what hangs on them, until the commit."""
    if needs_locks(session):
        for one in sorted(set(ids)):
            query = select(Ticket.id).where(Ticket.id == one)  # type: ignore[call-overload]
            await session.execute(query.with_for_update(key_share=True))


async def hold_name(session: AsyncSession, *name: str) -> None:
    """Be the only one inside a section with this name until the commit."""
    if needs_locks(session):
        digest = hashlib.sha256("\n".join(name).encode()).digest()
        number = int.from_bytes(digest[:8], signed=True)
        await session.execute(select(func.pg_advisory_xact_lock(number)))

"""A unit of work inside a session's transaction, for callers that have more to write beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from memory.sealing.columns import ring_of
from memory.storage.units import LOCK, SHARE, Result, Row, Statements, Unit, spelled
from memory.storage.units_sqlite import SqliteStatements


async def within(session: AsyncSession, unit: Unit[Result]) -> Result:
    """What the unit gives back; its changes are committed, or taken back, with the session's."""
    await session.flush()
    connection = await session.connection()
    return await connection.run_sync(lambda one: unit(_SessionStatements(one)))


class _SessionStatements(Statements):
    """Statements on the connection of a session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.ring = ring_of(connection.dialect)
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.lock = "" if self.is_sqlite else LOCK
        self.share = "" if self.is_sqlite else SHARE

    @override
    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self._connection.exec_driver_sql(self._spelled(sql), tuple(values)).rowcount

    @override
    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    @override
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        found = self._connection.exec_driver_sql(self._spelled(sql), tuple(values))
        return [tuple(one) for one in found]

    @override
    def many(self, sql: str, lines: Sequence[Sequence[Any]]) -> None:
        for line in lines:
            self.run(sql, line)

    @override
    def moment(self, at: datetime) -> Any:
        return SqliteStatements.moment(at) if self.is_sqlite else at

    def _spelled(self, sql: str) -> str:
        return sql if self.is_sqlite else spelled(sql)

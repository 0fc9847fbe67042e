"""Column types and naming shared by every table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from typing_extensions import override

# Alembic can only alter constraints that have a predictable name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata: MetaData = SQLModel.metadata


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite gives naive values back; this makes them aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment, since nobody could say later which zone it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


APART = timedelta(seconds=2)
"""So far a machine's clock may be from its server's: less matters to nobody."""
_ahead = timedelta(0)


def now() -> datetime:
    """The present moment in UTC: on a server by its clock, where this machine's own is wrong."""
    return own_now() - _ahead


def own_now() -> datetime:
    """What this machine's own clock shows."""
    return datetime.now(UTC)


def runs_ahead(by: timedelta) -> None:
    """This machine's clock is so far ahead of its server's; less than nothing where it is behind."""
    global _ahead  # noqa: PLW0603 - a process has one clock
    _ahead = by if abs(by) > APART else timedelta(0)

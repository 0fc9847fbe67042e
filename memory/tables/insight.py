"""Sums of what tickets came to: what the insight page reads. Holds no personal data."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class Span(StrEnum):
    """What a sum is over."""

    HOUR = "hour"
    """Tickets that were accepted in one hour."""
    DAY = "day"
    RESTING = "resting"
    """Tickets that came to rest in one hour, and may count otherwise when they stay quiet."""


class InsightTicket(SQLModel, table=True):
    """What one ticket adds to the sums, so that it can be taken out of them."""

    __tablename__ = "insight_tickets"
    __table_args__ = {"sqlite_with_rowid": False}

    ticket_id: str = Field(primary_key=True)
    rests_at: int | None = None
    """The hour in which it came to rest, where time alone decides what it comes to."""
    cells: str
    """See memory/insight/cells.py."""
    seq: int | None = None
    """The last line of its journal that is counted; None where nobody knows."""


class InsightSum(SQLModel, table=True):
    """What the tickets of one tenant and one hour or day add up to."""

    __tablename__ = "insight_sums"
    __table_args__ = {"sqlite_with_rowid": False}

    tenant: str = Field(primary_key=True)
    span: str = Field(primary_key=True)
    at: int = Field(primary_key=True)
    """The hour or the day, counted from 1970 in UTC."""
    cells: str
    latest_at: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """When the last confidence of these tickets was decided, in microseconds from 1970."""
    latest_threshold: float | None = None
    """What it was held to."""

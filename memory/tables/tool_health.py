"""What each worker sees of its tools, written every few seconds. Holds no personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class ToolHealth(SQLModel, table=True):
    """One tool of one tenant in one worker, since that worker began."""

    __tablename__ = "tool_health"

    worker: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True, index=True)
    tool: str = Field(primary_key=True)
    breaker: str
    """closed | open | half_open"""
    opened: int
    """Times the breaker has opened."""
    retry_in_seconds: float
    """Until an open breaker lets a probe through."""
    tokens: float
    """Turns of the rate limit that are free; below zero when some are promised ahead."""
    slots: int
    in_use: int
    waiting: int
    succeeded: int
    errors: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    """Failed attempts by kind of error."""
    latency: list[int] = Field(sa_column=Column(JSON, nullable=False))
    """Attempts by duration; the bounds are `tools.resilience.tool_stats.BOUNDS_MS`."""
    schema_changes: int
    difference: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    """What differed from the declared schema the last time, in words."""
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When that was."""
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)

"""The append-only journal: one row for each step, attempt, decision and call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class JournalRow(SQLModel, table=True):
    """What happened, why, how long it took and what it cost. Holds no personal data."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: str
    tenant: str
    turn: int
    epoch: int
    seq: int
    """1, 2, 3 ... within the ticket, without a gap."""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    kind: str
    """ticket | run | step | call | attempt | decision | wait"""
    name: str
    """The node, tool, router or event."""
    cause: str
    """accepted | planned | replan | retry | resume | fallback | duplicate_suppressed | ..."""
    outcome: str
    """ok | failed | refused | suppressed | timeout | ... or the branch that was taken."""
    fingerprint: str | None = None
    """Digest of tool and canonical arguments: equal fingerprints are equal calls."""
    duration_ms: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    """Millionths of the tenant's currency."""
    error: str | None = None
    """The error's kind and message, without customer text."""
    numbers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The figures behind a decision, such as {"confidence": 0.41, "threshold": 0.62}."""

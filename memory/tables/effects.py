"""The effect ledger: what was done to the outside world, once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson
from memory.tables.base import UtcDateTime, now


class EffectStatus(StrEnum):
    """How much is known of an effect."""

    INTENDED = "intended"
    """Committed before the call: it may or may not have happened if nothing follows."""
    DONE = "done"
    FAILED = "failed"
    """The service refused it: it certainly did not happen."""
    UNKNOWN = "unknown"
    """The call timed out or the process died in between."""


class Effect(SQLModel, table=True):
    """One intended change of the outside world."""

    __tablename__ = "effects"

    key: str = Field(primary_key=True)
    """Derived from ticket, action and canonical arguments; travels as Idempotency-Key."""
    ticket_id: str = Field(index=True)
    tenant: str
    turn: int
    tool: str
    fingerprint: str
    status: str = EffectStatus.INTENDED
    attempts: int = 0
    result: dict[str, Any] | None = Field(
        default=None, sa_column=Column(SealedJson("effects.result", ("key",)), nullable=True)
    )
    error: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

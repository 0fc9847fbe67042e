"""Who works, on what, and what became of it. Holds no personal data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class WorkerBeat(SQLModel, table=True):
    """A worker that has begun and not ended in order."""

    __tablename__ = "worker_beats"

    worker: str = Field(primary_key=True)
    pid: int
    host: str
    slots: int
    """Runs that it may drive at once."""
    trouble: str | None = None
    """What keeps it from its work, as a sentence; None if nothing does."""
    started_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    beat_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    """By the database's clock, as readers compare it with that of others."""
    clock_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The same moment by the clock of the worker's machine; None from versions that wrote that alone."""


class Drive(SQLModel, table=True):
    """A ticket that a worker drives at the moment."""

    __tablename__ = "drives"

    ticket_id: str = Field(primary_key=True)
    worker: str = Field(index=True)
    epoch: int
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class DeathCause(StrEnum):
    """How a worker died."""

    CRASH = "crash"
    """By a signal or an exit of its own."""
    SILENT = "silent"
    """Its event loop stood still, so it was killed."""
    MEMORY = "memory"
    """It held more memory than it may, so it was killed."""
    OUTSIDE = "outside"
    """Killed by somebody else, or nobody knows."""


class DriveDeath(SQLModel, table=True):
    """A worker died while it drove this ticket."""

    __tablename__ = "drive_deaths"
    __table_args__ = (UniqueConstraint("ticket_id", "worker"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: str = Field(index=True)
    turn: int
    worker: str
    cause: str
    """A `DeathCause`."""
    node: str | None = None
    """The step that had begun last on this ticket, where that is known."""
    latest: bool = False
    """Whether no step of another ticket had begun since: it is suspected most."""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

"""Threads of the graph: where each stands, one row for each thread."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class Thread(SQLModel, table=True):
    """The newest checkpoint of one ticket's graph, and the fence before it."""

    __tablename__ = "threads"

    thread_id: str = Field(primary_key=True)
    """The ticket's id."""
    epoch: int
    """Drives with a lower one may not write."""
    checkpoint_id: str | None = None
    """None where nothing is kept."""
    parent_id: str | None = None
    kind: str | None = None
    """How the serializer wrote what follows."""
    state: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """The checkpoint and its metadata, as a pair."""
    writes: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """Of tasks that ended without a next checkpoint: [[task id, place, channel, value]]."""

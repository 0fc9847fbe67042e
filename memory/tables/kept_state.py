"""What an installation keeps beside its tickets, where its machines share no folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedText
from memory.tables.base import UtcDateTime


class KeptState(SQLModel, table=True):
    """One text, under a kind and a name; on SQLite a file beside the database holds it instead."""

    __tablename__ = "kept_state"

    name: str = Field(primary_key=True)
    """The kind, a slash and the name: see `memory.storage.kept_state`."""
    value: str = Field(sa_column=Column(SealedText("kept_state.value", ("name",)), nullable=False))
    changed_at: datetime = Field(sa_type=UtcDateTime)

"""Long-term memory of settled tickets, each with where it came from and when it ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedText
from memory.tables.base import UtcDateTime, now

BY_ID = ("tenant", "id")


class Memory(SQLModel, table=True):
    """What one settled turn of a ticket taught us."""

    __tablename__ = "memories"
    __table_args__ = (
        Index("ix_memories_model_revision_created_at", "model_revision", "created_at"),
    )

    id: str = Field(primary_key=True)
    """Digest of tenant, ticket and turn: remembering twice is remembering once."""
    tenant: str = Field(index=True)
    ticket_id: str = Field(index=True)
    turn: int
    customer: str | None = Field(default=None, index=True)
    """Digest of the customer's address, for erasure and for their history."""
    intent: str | None = None
    question: str = Field(sa_column=Column(SealedText("memories.question", BY_ID), nullable=False))
    """Masked."""
    answer: str = Field(sa_column=Column(SealedText("memories.answer", BY_ID), nullable=False))
    """Masked."""
    origin: str
    """agent | person: a person's answer beats an agent's."""
    sources: str
    """Comma-separated doc ids the answer cited."""
    vouched: str = Field(default="", sa_column=Column(String, nullable=False, server_default=""))
    """Comma-separated ids of the passages that a person sent what was drafted from."""
    model_revision: str
    """Of the encoder of its vector; empty until it has one."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)

"""Letters: what the desk says to a customer outside the graph's own replies, once each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson, SealedText
from memory.tables.base import UtcDateTime, now


class OutboxStatus(StrEnum):
    """How far a letter has come."""

    WANTED = "wanted"
    """Stored together with its job; a worker sends it through the delivery effect."""
    SENT = "sent"
    FAILED = "failed"
    """It certainly did not go out."""
    UNKNOWN = "unknown"
    """It may have gone out; nobody can tell."""
    WITHDRAWN = "withdrawn"
    """Overtaken before it was sent: a newer run or decision owns the ticket."""


class Letter(SQLModel, table=True):
    """A person's question to the customer, or a notice of the desk."""

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_status_not_before", "status", "not_before"),)

    id: str = Field(primary_key=True)
    """Also the message's key in the conversation."""
    tenant: str
    ticket_id: str = Field(foreign_key="tickets.id", index=True)
    handoff_id: str = Field(index=True)
    turn: int
    epoch: int
    """The ticket's epoch when it was wanted: a later drive fences it off."""
    kind: str
    """clarification | notice"""
    purpose: str
    """ask | late | merged | handoff: that a person has the ticket, where that could not be said at once"""
    text: str = Field(
        sa_column=Column(SealedText("letters.text", ("tenant", "id")), nullable=False)
    )
    author: str | None = None
    """The person who writes; None for the desk."""
    files: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(
            SealedJson("letters.files", ("tenant", "id")), nullable=False, server_default="[]"
        ),
    )
    """What leaves with it, as `memory.enclosures.Enclosed` has it."""
    status: str = OutboxStatus.WANTED
    attempts: int = 0
    """Times it was given another job, since one was lost or could not send it."""
    not_before: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """From when on it is given another job, if it is still wanted and has none."""
    error: str | None = None
    """Why it has not left yet, or did not; without personal data."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

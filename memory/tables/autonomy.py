"""How far the agent may go by itself, and whether anything is sent at all."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedString
from memory.tables.base import UtcDateTime, now


class AutonomyLevel(StrEnum):
    """What the agent does with a ticket of a channel or intent, the least first."""

    OFF = "off"
    """It drafts nothing: a person answers."""
    SUGGEST = "suggest"
    """It sends nothing by itself: each answer waits as a draft for a person."""
    AUTO = "auto"
    """It sends what reaches the threshold and passes the checks."""


class AutonomyRow(SQLModel, table=True):
    """The level of one channel or intent of one tenant."""

    __tablename__ = "autonomy"

    tenant: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """channel | intent"""
    name: str = Field(primary_key=True)
    declared: str | None = None
    """What desk.yaml said when a worker last read it; None where it says nothing."""
    chosen: str | None = None
    """What a person chose since; it comes before desk.yaml."""
    changed_by: str
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Sending(SQLModel, table=True):
    """Whether anything of a tenant may leave for its customers: one row for each tenant."""

    __tablename__ = "sending"

    tenant: str = Field(primary_key=True)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None while messages leave."""
    stopped_by: str | None = None
    why: str = Field(
        default="", sa_column=Column(SealedString("sending.why", ("tenant",)), nullable=False)
    )

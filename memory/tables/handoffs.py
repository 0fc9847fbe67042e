"""The handoff: a ticket in a person's hands, with the whole story."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class HandoffStatus(StrEnum):
    """Where a handoff stands."""

    OPENING = "opening"
    """Written by the graph; the run has not yet reached its interrupt, so nobody may decide."""
    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"


class DecisionKind(StrEnum):
    """What a person may decide."""

    APPROVE = "approve"
    """Send the suggested reply as it is and run the approved actions."""
    REPLY = "reply"
    """Send the person's own or edited text and run the approved actions."""
    RETURN = "return"
    """Give the ticket back to the agent, with guidance."""
    CLOSE = "close"
    """End the ticket without a reply."""


class Handoff(SQLModel, table=True):
    """One handoff of one ticket. At most one of a ticket is not decided."""

    __tablename__ = "handoffs"
    __table_args__ = (Index("ix_handoffs_tenant_status", "tenant", "status", "priority"),)

    id: str = Field(primary_key=True)
    """Derived from ticket, turn and ordinal, so that writing it twice writes it once."""
    ticket_id: str = Field(foreign_key="tickets.id", index=True)
    tenant: str = Field(index=True)
    turn: int
    status: str = HandoffStatus.OPENING
    priority: int = 2
    """0 urgent, 1 high, 2 normal, 3 low: lower comes first."""
    reason: str
    """A `Reason` code, see graph/policies.py."""
    explanation: str = Field(sa_column=Column(Text, nullable=False))
    """The reason in words, with its numbers."""
    story: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """See graph/nodes/hand_off.py: asks, evidence, tried, findings, suggestion, actions."""
    interrupt_id: str | None = None
    claimed_by: str | None = None
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the first response is due by the tenant's target."""
    version: int = 1
    """Grows with each change; a client may state the version it saw."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

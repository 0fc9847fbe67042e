"""The handoff: a ticket in a person's hands, with the whole story."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson, SealedText
from memory.tables.base import UtcDateTime, now

BY_ID = ("tenant", "id")


class HandoffStatus(StrEnum):
    """Where a handoff stands."""

    OPENING = "opening"
    """Written by the graph; the run has not yet reached its interrupt, so nobody may decide."""
    OPEN = "open"
    """Anybody may take it."""
    CLAIMED = "claimed"
    """One person has it until the lease ends."""
    SNOOZED = "snoozed"
    """Put aside until a stated time; it comes back to whoever put it aside."""
    WAITING_CUSTOMER = "waiting_customer"
    """The customer was asked; the answer brings it back to whoever asked."""
    DECIDED = "decided"
    """A person decided; the agent is carrying it out."""
    CLOSED = "closed"
    """Done: carried out, merged into another, or overtaken."""


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
    MERGE = "merge"
    """Answered together with another ticket of the same customer."""


class Handoff(SQLModel, table=True):
    """One handoff of one ticket. At most one of a ticket is neither decided nor closed."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("ix_handoffs_queue", "tenant", "status", "priority", "due_at", "created_at"),
        Index("ix_handoffs_tenant_customer", "tenant", "customer"),
        Index("ix_handoffs_status_due_at", "status", "due_at"),
    )

    id: str = Field(primary_key=True)
    """Derived from ticket, turn and ordinal, so that writing it twice writes it once."""
    ticket_id: str = Field(foreign_key="tickets.id", index=True)
    tenant: str = Field(index=True)
    turn: int
    status: str = HandoffStatus.OPENING
    priority: int = 2
    """0 urgent, 1 high, 2 normal, 3 low: lower comes first."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the customer should have heard from a person, by the tenant's target. None once more
    after the customer answered a question, until the new target is worked out."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    reason: str
    """A `Reason` code, see memory/journal/codes.py."""
    intent: str | None = None
    team: str = ""
    """The team whose queue it stands in; empty: everybody's."""
    claimed_by: str | None = None
    """Who has it, or to whom it comes back while it is snoozed or waits for the customer."""
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it comes back by itself, also from waiting for the customer."""
    resolve_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the ticket should be resolved, by the tenant's target."""
    responded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a person first wrote to the customer (in this handoff)."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when the customer's answer is waited for."""
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a target had passed and nobody had answered."""
    escalated_to: str | None = None
    """The team's lead, where the desk names one."""
    seen_seq: int = 0
    """`seq` of the last message that the holder, or before any holder nobody, has seen."""
    version: int = 1
    """Grows with each change; a client may state the version it saw."""
    customer: str | None = None
    """Digest of tenant and address, to find one customer's handoffs."""
    merged_into: str | None = Field(default=None, index=True)
    """The handoff that this one is answered with."""
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    interrupt_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    skills: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """What whoever takes it should know about."""
    explanation: str = Field(
        sa_column=Column(SealedText("handoffs.explanation", BY_ID), nullable=False)
    )
    """The reason in words, with its numbers."""
    decision: dict[str, Any] | None = Field(
        default=None, sa_column=Column(SealedJson("handoffs.decision", BY_ID), nullable=True)
    )
    story: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(SealedJson("handoffs.story", BY_ID), nullable=False)
    )
    """Asks, evidence, tried, findings, suggestion and actions, as graph/nodes/hand_off.py makes them.
    Large, so lists leave it out."""


class HandoffEvent(SQLModel, table=True):
    """Who did what to a handoff, when: the audit list, and what consoles follow live."""

    __tablename__ = "handoff_events"
    __table_args__ = (Index("ix_handoff_events_tenant_id", "tenant", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant: str
    handoff_id: str = Field(index=True)
    ticket_id: str = Field(index=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    who: str
    """The person's name; `agent`, `customer` or `clock` where it was none."""
    what: str
    """opened | claimed | renewed | released | expired | assigned | transferred | snoozed | woken |
    asked | sent | not_sent | wrote | noted | decided | closed | merged | taken_over | escalated |
    answered | corrected | correction_undone | story | seen"""
    status: str
    """Where the handoff stood afterwards."""
    version: int
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Codes, names of staff and numbers; never a customer's words."""


class HandoffNote(SQLModel, table=True):
    """What staff wrote to each other about a ticket. The customer never sees it."""

    __tablename__ = "handoff_notes"

    id: str = Field(primary_key=True)
    tenant: str
    handoff_id: str = Field(index=True)
    ticket_id: str = Field(index=True)
    kind: str = "note"
    """note | transfer | takeover | close"""
    author: str
    text: str = Field(sa_column=Column(SealedText("handoff_notes.text", BY_ID), nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

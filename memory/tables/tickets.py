"""A ticket and its messages: what was accepted, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson, SealedString, SealedText
from memory.tables.base import UtcDateTime, now

BY_ID = ("tenant", "id")
BY_SEQ = ("ticket_id", "seq")
API_CHANNEL = "api"
"""The channel of tickets that a system of the tenant posts."""


class TicketStatus(StrEnum):
    """Where a ticket stands. Only `settled` is final, and a new message reopens even that."""

    QUEUED = "queued"
    """Accepted; a run is enqueued in the same transaction."""
    RUNNING = "running"
    """A worker drives the graph for it."""
    WAITING = "waiting"
    """A person has it; nothing runs until the person decides."""
    SETTLED = "settled"
    """Ended: see `outcome`."""


class Outcome(StrEnum):
    """How a turn of a ticket ended."""

    DELIVERED = "delivered"
    """The agent's checked reply was sent."""
    CLARIFYING = "clarifying"
    """The agent asked the customer one question and waits for the next message."""
    WITH_PERSON = "with_person"
    """The handoff is open, claimed, or was taken over."""
    ANSWERED_BY_PERSON = "answered_by_person"
    """A person approved, edited or wrote the reply, and it was sent."""
    CLOSED_BY_PERSON = "closed_by_person"
    """A person closed the ticket without a reply."""
    CONFIRMED = "confirmed"
    """The customer thanked or said that it worked: nothing was sent."""
    NOTHING_ASKED = "nothing_asked"
    """A robot wrote after the desk's answer, or somebody who will see to it later: nothing was sent."""
    MERGED = "merged"
    """It is answered together with another ticket of the same customer, who was told."""


_UNDER_WAY = text("status IN ('queued', 'running')")
_UNINDEXED = text("indexed IS NULL")
_UNCOUNTED = text("counted IS NULL")


class Ticket(SQLModel, table=True):
    """One customer conversation. `id` is also the LangGraph thread id."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("tenant", "idempotency_key"),
        Index("ix_tickets_tenant_status", "tenant", "status"),
        Index("ix_tickets_tenant_customer_address", "tenant", "customer_address"),
        Index("ix_tickets_tenant_created_at", "tenant", "created_at"),
        Index("ix_tickets_beside", "beside"),
        Index(
            "ix_tickets_of_customer_under_way",
            *("tenant", "customer_address", "id"),
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index(
            "ix_tickets_uncounted",
            *("tenant", "id"),
            sqlite_where=_UNCOUNTED,
            postgresql_where=_UNCOUNTED,
        ),
    )

    id: str = Field(primary_key=True)
    tenant: str
    subject: str = Field(sa_column=Column(SealedText("tickets.subject", BY_ID), nullable=False))
    customer_email: str | None = Field(
        default=None, sa_column=Column(SealedString("tickets.customer_email", BY_ID))
    )
    """As it was handed in: what is shown."""
    customer_address: str | None = None
    """The same as `memory.addresses.canonical` has it: what is compared. With a keyring it is a keyed
    digest of that, see memory/storage/customer_digest.py."""
    vouched_by: str | None = None
    """Name of the key that vouched for the address; None where nobody did."""
    customer_name: str | None = Field(
        default=None, sa_column=Column(SealedString("tickets.customer_name", BY_ID))
    )
    channel: str = Field(
        default=API_CHANNEL,
        sa_column=Column(String, nullable=False, server_default=API_CHANNEL),
    )
    """The way it came, and the way its answers go: the name of a channel of the desk."""
    beside: str | None = None
    """The first ticket of the thread that it came in, by another address than that one's; it may be
    gone. None where it came by itself."""
    headers: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(SealedJson("tickets.headers", BY_ID), nullable=False)
    )
    """Mail headers that matter to triage (Auto-Submitted, Precedence ...)."""
    status: str = TicketStatus.QUEUED
    outcome: str | None = None
    intent: str | None = None
    confidence: float | None = None
    reason: str | None = None
    """Why it is with a person, as a code; None while the agent has it."""
    turn: int = 1
    """Customer turns that were handed to the graph so far; the first message is turn 1."""
    run: int = 1
    """Workflows enqueued so far; the workflow id is `ticket:{id}:{run}`."""
    epoch: int = 0
    """Drives started so far. A drive with an older epoch is a zombie and is fenced off."""
    handled: int = 0
    """`seq` of the last message that the graph or a person has taken into account."""
    redrives: int = 0
    """Times the sweeper had to enqueue it again in this turn."""
    interrupt_id: str | None = None
    """The LangGraph interrupt a decision must answer while `waiting`."""
    idempotency_key: str | None = None
    body_digest: str | None = None
    """Digest of the request body, to tell a repeated request from a reused key."""
    counted: bool | None = None
    """Whether the sums of insight hold it as it stands; None until then (memory/insight/sums.py)."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Message(SQLModel, table=True):
    """One message of a conversation, in the order in which it was stored."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        UniqueConstraint("ticket_id", "key"),
        Index(
            "ix_messages_unindexed",
            "id",
            sqlite_where=_UNINDEXED,
            postgresql_where=_UNINDEXED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: str = Field(foreign_key="tickets.id")
    seq: int
    """1, 2, 3 ... within the ticket."""
    turn: int
    """The turn it belongs to. What a customer wrote while a run went on moves to the next one."""
    role: str
    """customer | agent | person"""
    kind: str = "message"
    """message | code | bounce | loop | other | reply | clarification | notice"""
    text: str = Field(sa_column=Column(SealedText("messages.text", BY_SEQ), nullable=False))
    citations: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(SealedJson("messages.citations", BY_SEQ), nullable=False),
    )
    """[{"source", "title", "kind"}], empty for customers."""
    author: str | None = Field(
        default=None, sa_column=Column(SealedString("messages.author", BY_SEQ), nullable=True)
    )
    """The person's name for role person; for role customer whoever wrote, where it was somebody else."""
    key: str | None = None
    """Idempotency key: the customer's header, or the effect's key for what we sent."""
    body_digest: str | None = None
    indexed: bool | None = None
    """Whether the full text of its ticket holds it; None until then (memory/tickets/fulltext.py)."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

"""What came by a channel and what leaves by it: each message once, for the other side's id or ours."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson, SealedText
from memory.tables.base import UtcDateTime, now
from memory.tables.tickets import Outcome


class Arrival(StrEnum):
    """What became of a message that came in."""

    TICKET = "ticket"
    """It opened a ticket."""
    MESSAGE = "message"
    """It was added to one."""
    PERSON = "person"
    """A colleague answered on the other side: here it is a takeover."""
    AUTOMATIC = "automatic"
    """A program answered in a ticket's thread: it is noted and never answered."""
    BOUNCE = "bounce"
    """A report that one of our messages did not arrive."""
    OWN = "own"
    """A copy of what we sent."""
    IGNORED = "ignored"
    """Nothing that anybody could answer; `note` says why."""


class OutgoingStatus(StrEnum):
    """How far a message to a customer has come. The last five are final."""

    WANTED = "wanted"
    """Stored in the same transaction as the effect that wants it."""
    INTENDED = "intended"
    """Committed before the other side is called: it may have left if nothing follows."""
    SENT = "sent"
    """The other side took it."""
    FAILED = "failed"
    """The other side refused it for good: it certainly did not arrive."""
    BOUNCED = "bounced"
    """The other side took it and could not deliver it."""
    UNKNOWN = "unknown"
    """It may have left, and nobody can tell."""
    WITHDRAWN = "withdrawn"
    """A person took the ticket over before it left."""


def arrived(outcome: str | None, delivery: str | None) -> str | None:
    """A turn's outcome as it may be told: None while its answer has not left, and where it never did.

    What a colleague wrote in the helpdesk stands there, whatever became of the agent's draft.
    """
    if delivery is None or delivery == OutgoingStatus.SENT:
        return outcome
    by_person = Outcome.ANSWERED_BY_PERSON.value
    theirs = outcome == by_person and delivery == OutgoingStatus.WITHDRAWN
    answers = (Outcome.DELIVERED.value, Outcome.CLARIFYING.value, by_person)
    return outcome if theirs or outcome not in answers else None


class ChannelThread(SQLModel, table=True):
    """Where the conversation of a ticket goes on, on the other side."""

    __tablename__ = "channel_threads"
    __table_args__ = (UniqueConstraint("tenant", "channel", "ref"),)

    ticket_id: str = Field(primary_key=True, foreign_key="tickets.id")
    tenant: str
    channel: str
    ref: str
    """The other side's name of the conversation; for mail the first Message-ID."""
    place: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(
            SealedJson("channel_threads.place", ("tenant", "ticket_id")), nullable=False
        ),
    )
    """What an answer needs to get there, as the channel's own adapter wrote it down."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ChannelMessage(SQLModel, table=True):
    """One message of the other side, and what became of it."""

    __tablename__ = "channel_messages"
    __table_args__ = (
        UniqueConstraint("tenant", "channel", "foreign_id"),
        Index("ix_channel_messages_tenant_channel_ref", "tenant", "channel", "ref"),
        Index("ix_channel_messages_sender", "tenant", "channel", "sender", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    tenant: str
    channel: str
    foreign_id: str
    """The other side's id: the same message has it each time it comes."""
    ref: str = ""
    """By what a later message refers to it, where that is not the id itself."""
    ticket_id: str | None = Field(default=None, foreign_key="tickets.id", index=True)
    seq: int | None = None
    """Its number in the conversation; None for what was not added to it."""
    became: str = Arrival.IGNORED
    sender: str | None = None
    """The sender's address as it is compared, with a keyring its keyed digest; None where the channel
    has none."""
    digest: str = ""
    """Of what it says: a program that answers us says the same again and again."""
    note: str = Field(
        default="",
        sa_column=Column(
            SealedText("channel_messages.note", ("tenant", "channel", "foreign_id")), nullable=False
        ),
    )
    """For people: why it was not added, or what an automatic answer said."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ChannelOutgoing(SQLModel, table=True):
    """One message that leaves by a channel, in the order in which they were wanted."""

    __tablename__ = "channel_outgoing"
    __table_args__ = (
        UniqueConstraint("tenant", "channel", "foreign_id"),
        Index("ix_channel_outgoing_status_channel", "status", "tenant", "channel"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """The key of the effect that wants it."""
    tenant: str
    channel: str
    ticket_id: str = Field(foreign_key="tickets.id", index=True)
    turn: int
    kind: str
    """reply | clarification | notice | code"""
    body: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(SealedJson("channel_outgoing.body", ("key",)), nullable=False),
    )
    """{"text", "citations", "to", "files", "by"}; emptied of a code once it has left."""
    foreign_id: str
    """Known before it is sent: how a doubled sending is recognised on the other side."""
    status: str = OutgoingStatus.WANTED
    attempts: int = 0
    not_before: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    error: str | None = None
    """Why it has not left yet, or did not arrive; without personal data."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    intended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ChannelState(SQLModel, table=True):
    """How one direction of a channel stands, and how far it has read."""

    __tablename__ = "channel_states"

    tenant: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    """in | out, or a part of them such as a folder"""
    cursor: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """How far it was read, as the channel wrote it down, such as UIDVALIDITY and UID."""
    trouble: str | None = None
    """Why it does not work, in words that say what to do; None while it works."""
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """When that began."""
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """When it was last looked at."""

"""One-time codes: what was sent to an address on file, and whether its holder answered with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedString
from memory.tables.base import UtcDateTime, now


class ChallengeStatus(StrEnum):
    """Where a challenge stands. It only ever moves down this list, or ends."""

    WANTED = "wanted"
    """A record's gate asked for it; its code has not left for certain."""
    SENT = "sent"
    """The code is on its way, and an answer is taken."""
    VERIFIED = "verified"
    """The right code came: used up, and the ticket may see the record until `verified_until`."""
    EXHAUSTED = "exhausted"
    """Wrong codes used up its tries."""


class IdentityChallenge(SQLModel, table=True):
    """One code for one ticket and one address. The code itself is stored nowhere."""

    __tablename__ = "identity_challenges"
    __table_args__ = (Index("ix_identity_challenges_tenant_holder", "tenant", "holder"),)

    id: str = Field(primary_key=True)
    """Follows from ticket, address and ordinal, so that parallel branches make one."""
    tenant: str
    ticket_id: str = Field(index=True)
    turn: int
    """The turn that asked for it."""
    address: str | None = Field(
        default=None,
        sa_column=Column(SealedString("identity_challenges.address", ("tenant", "id"))),
    )
    """The address on file; personal data, so gone as soon as the code has left."""
    holder: str
    """Keyed digest of the address."""
    nonce: str
    """Chance, from which the code follows together with the key, which is not stored here."""
    digest: str
    """Keyed digest of the code, bound to this challenge."""
    status: str = ChallengeStatus.WANTED
    tries: int = 0
    """Wrong codes so far."""
    tries_allowed: int
    valid_seconds: int
    """How long the code may be used after it was sent."""
    verified_seconds: int
    """How long the ticket stays verified after it was used."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    verified_until: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""The people of the desk: accounts, their sessions, refused logins, and who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedJson, SealedString
from memory.tables.base import UtcDateTime, now


class Person(SQLModel, table=True):
    """One named account of one tenant."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("tenant", "folded_name"),
        UniqueConstraint("tenant", "email"),
    )

    id: str = Field(primary_key=True)
    tenant: str = Field(index=True)
    email: str = Field(index=True)
    """As `memory.addresses.canonical` has it. One account of a tenant has it; another tenant's may
    have it too, and neither learns of the other."""
    name: str
    """Stands next to what the person claims and decides, so it is unique within the tenant."""
    folded_name: str
    """The name without case: what is compared."""
    role: str
    """agent | lead | admin"""
    password: str
    """The Argon2id hash with its parameters and salt."""
    one_time: bool = True
    """Whether the password was made for the person, who must set an own one first."""
    preferences: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(SealedJson("people.preferences", ("tenant", "id")), nullable=False),
    )
    """theme and saved filters of the console."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when a login asks for a code as well; None: it does not."""


class SecondFactor(SQLModel, table=True):
    """What a person's authenticator app shares with us; in force once the person has confirmed it."""

    __tablename__ = "second_factors"

    person_id: str = Field(primary_key=True, foreign_key="people.id")
    secret: str = Field(
        sa_column=Column(SealedString("second_factors.secret", ("person_id",)), nullable=False)
    )
    """In base 32. The codes are worked out of it, so a digest would not do."""
    last_step: int = 0
    """The latest step whose code was taken: it and all before it are refused."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """A code that a person keeps on paper and that logs them in once without their app."""

    __tablename__ = "recovery_codes"

    digest: str = Field(primary_key=True)
    """SHA-256 of the person's id and the code, which has 80 random bits and is not kept."""
    person_id: str = Field(foreign_key="people.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginStep(SQLModel, table=True):
    """A login whose password was right and whose code is still to come, in one browser."""

    __tablename__ = "login_steps"

    digest: str = Field(primary_key=True)
    """SHA-256 of the token, which has 256 random bits and is not kept."""
    person_id: str = Field(foreign_key="people.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PersonSession(SQLModel, table=True):
    """One browser in which a person is logged in."""

    __tablename__ = "person_sessions"

    digest: str = Field(primary_key=True)
    """SHA-256 of the token, which has 256 random bits and is not kept."""
    person_id: str = Field(foreign_key="people.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """When the person last did something, to the minute."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """The end in any case."""


class LoginThrottle(SQLModel, table=True):
    """Failed logins of one account or one address within a window."""

    __tablename__ = "login_throttles"

    key: str = Field(primary_key=True)
    """SHA-256 of `account:` and the address typed, or of `address:` and the caller's."""
    failures: int = 0
    window_ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """After this the count begins anew."""


class AuditRow(SQLModel, table=True):
    """Something a person or a key did, or tried to."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_tenant_id", "tenant", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant: str
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    who: str
    """The person's or the key's name."""
    via: str
    """person | key | command"""
    action: str
    """login, logout, login_failed, or the method and route of a change."""
    subject: str | None = None
    """Id of the handoff, ticket or account concerned."""
    status: int | None = None
    """HTTP status of the answer; None where the process ended before it was known."""

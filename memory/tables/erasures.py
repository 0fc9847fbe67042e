"""Erasures: which person was removed, how far that has come, and the receipt. No personal data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class ErasureStatus(StrEnum):
    """How far it has come."""

    WANTED = "wanted"
    """A worker carries it out, from the start where another one died over it."""
    DONE = "done"


class Erasure(SQLModel, table=True):
    """One person of one tenant, known by a keyed digest of the address alone."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_tenant_person", "tenant", "person"),)

    id: str = Field(primary_key=True)
    tenant: str
    person: str
    """Keyed digest of tenant and address; see `memory.erasure.person`."""
    customer: str | None = None
    """The same as rows with sealed texts have it, see `memory.storage.customer_digest`; None where an
    older version was asked."""
    status: str = Field(default=ErasureStatus.WANTED, index=True)
    tickets: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Ids of the tickets found so far: what a restored backup is searched for as well."""
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Rows removed so far, by layer."""
    requested_by: str
    """Name of the person or key of the desk."""
    requested_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipt: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    """The signed receipt, once it is done."""

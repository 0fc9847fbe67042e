"""API keys, hashed at rest and bound to a tenant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class ApiKey(SQLModel, table=True):
    """One key. Its secret is shown once, when it is made."""

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True)
    """The public part, which a caller sends with the secret: `dk_{id}_{secret}`."""
    tenant: str = Field(index=True)
    name: str
    """Whose it is; a person's decisions carry this name."""
    digest: str
    """SHA-256 of the secret, which has 256 random bits: no slow hash is needed."""
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

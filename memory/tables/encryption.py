"""The keys that texts of this ledger are sealed with, by their ids. The keys themselves are not here."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class EncryptionKey(SQLModel, table=True):
    """A key that has sealed something here."""

    __tablename__ = "encryption_keys"

    id: str = Field(primary_key=True)
    """A digest of it, see memory/sealing/keyring.py."""
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When nothing was sealed with it any more; None while a process needs it."""
    whole_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When everything was last seen to be sealed with it."""

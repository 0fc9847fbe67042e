"""Secrets that the processes of one installation share where they share no folder."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class SharedSecret(SQLModel, table=True):
    """A secret that was made once; on SQLite a file beside the database holds it instead."""

    __tablename__ = "shared_secrets"

    name: str = Field(primary_key=True)
    value: bytes

"""Files that came with messages; their bytes stand beside them, each content of a tenant once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedBytes, SealedText
from memory.tables.base import UtcDateTime, now

BY_ID = ("tenant", "id")


class Kept(StrEnum):
    """Whether we have a file's bytes, and why not."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    """It stays in the helpdesk that it came by."""
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    """The message or the conversation has as many as one may have."""
    NO_ROOM = "no_room"
    """The tenant's room for files is full."""


class StoredFile(SQLModel, table=True):
    """One file of one message; until it is sent with one, an upload that waits."""

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_tenant_created_at", "tenant", "created_at"),)

    id: str = Field(primary_key=True)
    tenant: str
    owner: str
    """Who may send an upload with a message: a visitor's name in the widget, `api`, or `by:` and the
    name of a person."""
    ticket_id: str | None = Field(default=None, foreign_key="tickets.id", index=True)
    """None while it waits."""
    seq: int | None = None
    """The number of its message; None also where a person's answer with it was not sent yet."""
    name: str = Field(sa_column=Column(SealedText("files.name", BY_ID), nullable=False))
    media_type: str
    """By its content, not by its name."""
    size: int
    """Bytes."""
    kept: str = Kept.HERE
    link: str = Field(default="", sa_column=Column(SealedText("files.link", BY_ID), nullable=False))
    """Where it is on the other side, if it stays there."""
    text: str = Field(default="", sa_column=Column(SealedText("files.text", BY_ID), nullable=False))
    """What an upload says, until it is part of a message."""
    trouble: str = Field(
        default="", sa_column=Column(SealedText("files.trouble", BY_ID), nullable=False)
    )
    """Why nothing, or not all, could be read."""
    content_id: str | None = Field(default=None, foreign_key="file_contents.id", index=True)
    """Its bytes, if they are here."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """When it was uploaded, then when its message was stored; it orders the files of a message."""


class FileContent(SQLModel, table=True):
    """The bytes of one or more files of a tenant, known by what they are."""

    __tablename__ = "file_contents"

    id: str = Field(primary_key=True)
    """A digest of the tenant and the bytes; with a keyring a keyed one."""
    tenant: str = Field(index=True)
    size: int
    used_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """When a file last took it: that write keeps it from being removed meanwhile."""


class FilePart(SQLModel, table=True):
    """Some of a content's bytes: small enough that rows of it can be moved and sealed anew."""

    __tablename__ = "file_parts"

    id: str = Field(primary_key=True)
    """The content's id and the number of the part, with leading zeros."""
    content_id: str = Field(foreign_key="file_contents.id", index=True)
    data: bytes = Field(sa_column=Column(SealedBytes("file_parts.data", ("id",)), nullable=False))

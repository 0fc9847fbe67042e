"""What people said was wrong, and took back: it changes what the next ticket gets."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedText
from memory.tables.base import UtcDateTime, now

BY_ID = ("tenant", "id")


class CorrectionKind(StrEnum):
    """What is wrong."""

    ARTICLE_WRONG = "article_wrong"
    """The article is not cited until it changes or this is undone."""
    ARTICLE_MISSING = "article_missing"
    """No article answers it: a gap of the help centre."""
    GAP_DISMISSED = "gap_dismissed"
    """Asks like this one need no article: the gap is not among those to fill."""
    INTENT_WRONG = "intent_wrong"
    """The ticket becomes an example of the right intent."""
    ANSWER_WRONG = "answer_wrong"
    """The answer sent was wrong: it is not shown as a settled case any more."""


class Correction(SQLModel, table=True):
    """One correction by one person. It counts while `undone_at` is None."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_tenant_kind", "tenant", "kind", "undone_at"),)

    id: str = Field(primary_key=True)
    tenant: str
    kind: str
    ticket_id: str = Field(index=True)
    turn: int
    handoff_id: str | None = Field(default=None, index=True)
    article: str | None = None
    """doc_id, for article_wrong."""
    content_hash: str | None = None
    """Of the article as it was wrong: a changed one may be cited again."""
    intent: str | None = None
    """The right intent, for intent_wrong; None: none of the desk's."""
    was: str | None = None
    """The intent that the agent had taken it for."""
    question: str = Field(
        default="", sa_column=Column(SealedText("corrections.question", BY_ID), nullable=False)
    )
    """What the customer asked, personal data masked."""
    note: str = Field(
        default="", sa_column=Column(SealedText("corrections.note", BY_ID), nullable=False)
    )
    by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    undone_by: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

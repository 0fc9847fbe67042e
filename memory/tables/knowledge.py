"""Articles and their chunks. These rows are the truth; Chroma and FTS5 only find them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class Visibility(StrEnum):
    """Who may see an article."""

    PUBLIC = "public"
    """The agent answers customers from it."""
    INTERNAL = "internal"
    """People at the desk see it and may quote it; the agent may not."""
    DRAFT = "draft"
    """People see that it exists; nobody answers from it."""


class Article(SQLModel, table=True):
    """One article of a tenant's knowledge base."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("tenant", "doc_id"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant: str = Field(index=True)
    doc_id: str
    title: str
    url: str | None = None
    text: str = Field(sa_column=Column(Text, nullable=False))
    content_hash: str
    """Digest of title and text as they should be searchable."""
    indexed_hash: str | None = None
    """Digest of what is searchable now; differs from `content_hash` while indexing is due."""
    source: str
    """Where it came from: a path or URL."""
    visibility: Visibility = Field(
        default=Visibility.PUBLIC,
        sa_column=Column(String(16), nullable=False, server_default=Visibility.PUBLIC.value),
    )
    """Who may see it; the agent answers from public ones alone."""
    orders: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """Sentences that read as orders to the agent, see memory/knowledge/orders.py."""
    held: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    """It has such sentences, and nobody has cleared them: the agent does not see it."""
    cleared_hash: str | None = None
    """The `content_hash` that a person cleared: another text is another question."""
    cleared_by: str | None = None
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Chunk(SQLModel, table=True):
    """A passage of an article, in the generation that is searchable now."""

    __tablename__ = "chunks"
    __table_args__ = (Index("ix_chunks_tenant_doc_id", "tenant", "doc_id"),)

    id: str = Field(primary_key=True)
    """Digest of tenant, doc_id, content hash and ordinal."""
    tenant: str
    doc_id: str
    ordinal: int
    heading: str
    """The headings above the passage, joined by ' > '; empty if there are none."""
    text: str = Field(sa_column=Column(Text, nullable=False))
    windows: int | None = None
    """How many vectors it has; None where an earlier release wrote the row."""


class ChunkTokens(SQLModel, table=True):
    """The vectors of a passage's tokens, see memory/knowledge/late_interaction.py."""

    __tablename__ = "chunk_tokens"

    chunk_id: str = Field(
        sa_column=Column(
            String, ForeignKey("chunks.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    revision: str
    """Of the encoder that made them; those of another are not read."""
    tokens: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sentences: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The vectors of its sentences, see memory/knowledge/sentence_vectors.py; None where nobody asks
    for them, or an earlier release wrote the row."""

"""What the agent knows: articles, their passages, settled tickets, thresholds."""

import sqlalchemy as sa
from alembic import op

from memory.migrations.initial import columns


def create() -> None:
    _articles()
    _chunks()
    _chunk_tokens()
    _calibrations()
    _memories()


def _articles() -> None:
    op.create_table(
        "articles",
        *columns.whole("id"),
        *columns.text("tenant", "doc_id", "title"),
        *columns.text("url", null=True),
        *columns.long("text"),
        *columns.text("content_hash"),
        *columns.text("indexed_hash", null=True),
        *columns.text("source"),
        *columns.moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("tenant", "doc_id", name="uq_articles_tenant_doc_id"),
    )
    op.create_index("ix_articles_tenant", "articles", ["tenant"])


def _chunks() -> None:
    op.create_table(
        "chunks",
        *columns.text("id", "tenant", "doc_id"),
        *columns.whole("ordinal"),
        *columns.text("heading"),
        *columns.long("text"),
        sa.PrimaryKeyConstraint("id", name="pk_chunks"),
    )
    op.create_index("ix_chunks_tenant_doc_id", "chunks", ["tenant", "doc_id"])


def _chunk_tokens() -> None:
    op.create_table(
        "chunk_tokens",
        *columns.text("chunk_id", "revision"),
        *columns.octets("tokens"),
        sa.PrimaryKeyConstraint("chunk_id", name="pk_chunk_tokens"),
        sa.ForeignKeyConstraint(
            ["chunk_id"], ["chunks.id"], name="fk_chunk_tokens_chunk_id_chunks", ondelete="CASCADE"
        ),
    )


def _calibrations() -> None:
    op.create_table(
        "calibrations",
        *columns.text("id", "tenant"),
        *columns.real("max_error", "threshold"),
        *columns.whole("n", "delivered"),
        *columns.real("realised_error", null=True),
        *columns.real("coverage"),
        *columns.truth("sufficient"),
        *columns.long("note"),
        *columns.text("encoder", "model", "kb_digest", "source", "calibrated_at"),
        *columns.moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_calibrations"),
    )
    op.create_index("ix_calibrations_tenant", "calibrations", ["tenant"])


def _memories() -> None:
    op.create_table(
        "memories",
        *columns.text("id", "tenant", "ticket_id"),
        *columns.whole("turn"),
        *columns.text("customer", "intent", null=True),
        *columns.long("question", "answer"),
        *columns.text("origin", "sources", "model_revision"),
        *columns.moment("created_at", "expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_memories"),
    )
    op.create_index("ix_memories_customer", "memories", ["customer"])
    op.create_index("ix_memories_tenant", "memories", ["tenant"])
    op.create_index("ix_memories_ticket_id", "memories", ["ticket_id"])

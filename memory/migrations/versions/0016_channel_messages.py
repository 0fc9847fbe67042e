"""What comes and leaves by channels: threads, messages in, messages out, and how far each was read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _threads()
    _messages()
    _outgoing()
    _states()


def _threads() -> None:
    op.create_table(
        "channel_threads",
        sa.Column("ticket_id", sa.String(), sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("tenant", "channel", "ref"),
    )


def _messages() -> None:
    op.create_table(
        "channel_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("foreign_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), sa.ForeignKey("tickets.id"), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("tenant", "channel", "foreign_id"),
    )
    op.create_index("ix_channel_messages_ticket_id", "channel_messages", ["ticket_id"])
    op.create_index(
        "ix_channel_messages_tenant_channel_ref", "channel_messages", ["tenant", "channel", "ref"]
    )
    op.create_index(
        "ix_channel_messages_sender",
        "channel_messages",
        ["tenant", "channel", "sender", "created_at"],
    )


def _outgoing() -> None:
    op.create_table(
        "channel_outgoing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("foreign_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("intended_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.UniqueConstraint("tenant", "channel", "foreign_id"),
    )
    op.create_index("ix_channel_outgoing_ticket_id", "channel_outgoing", ["ticket_id"])
    op.create_index(
        "ix_channel_outgoing_status_channel", "channel_outgoing", ["status", "tenant", "channel"]
    )


def _states() -> None:
    op.create_table(
        "channel_states",
        sa.Column("tenant", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("part", sa.String(), primary_key=True),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )

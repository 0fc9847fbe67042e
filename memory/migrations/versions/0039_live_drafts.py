"""What a model writes is shown to whoever looks on, while they do."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "live_drafts",
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_live_drafts")),
    )
    op.create_index("ix_live_drafts_watched_at", "live_drafts", ["watched_at"])

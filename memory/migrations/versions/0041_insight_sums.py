"""Insight reads sums; the workers add up the tickets that there are already."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("counted", sa.Boolean(), nullable=True))
    missing = sa.text("counted IS NULL")
    op.create_index(
        "ix_tickets_uncounted",
        "tickets",
        ["tenant", "id"],
        sqlite_where=missing,
        postgresql_where=missing,
    )
    op.create_table(
        "insight_tickets",
        sa.Column("ticket_id", sa.String(), primary_key=True),
        sa.Column("rests_at", sa.Integer(), nullable=True),
        sa.Column("cells", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "insight_sums",
        sa.Column("tenant", sa.String(), primary_key=True),
        sa.Column("span", sa.String(), primary_key=True),
        sa.Column("at", sa.Integer(), primary_key=True),
        sa.Column("cells", sa.String(), nullable=False),
        sa.Column("latest_at", sa.BigInteger(), nullable=True),
        sa.Column("latest_threshold", sa.Float(), nullable=True),
        sqlite_with_rowid=False,
    )

"""Identity: one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identity_challenges",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_allowed", sa.Integer(), nullable=False),
        sa.Column("valid_seconds", sa.Integer(), nullable=False),
        sa.Column("verified_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("verified_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_challenges")),
    )
    op.create_index(
        op.f("ix_identity_challenges_ticket_id"), "identity_challenges", ["ticket_id"], unique=False
    )
    op.create_index(
        op.f("ix_identity_challenges_tenant_holder"),
        "identity_challenges",
        ["tenant", "holder"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("identity_challenges")

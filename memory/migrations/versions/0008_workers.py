"""Living workers, what they drive, and the drives that ended with their worker's death."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "worker_beats",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beats")),
    )
    op.create_index(op.f("ix_worker_beats_beat_at"), "worker_beats", ["beat_at"], unique=False)
    op.create_table(
        "drives",
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_drives")),
    )
    op.create_index(op.f("ix_drives_worker"), "drives", ["worker"], unique=False)
    op.create_table(
        "drive_deaths",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=True),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_deaths")),
        sa.UniqueConstraint("ticket_id", "worker", name=op.f("uq_drive_deaths_ticket_id_worker")),
    )
    op.create_index(op.f("ix_drive_deaths_ticket_id"), "drive_deaths", ["ticket_id"], unique=False)

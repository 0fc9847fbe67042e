"""What many machines share: secrets, leases, and on Postgres the fences and large numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBERED = ("audit", "drive_deaths", "handoff_events", "journal", "messages")
"""Tables whose rows are counted: on Postgres four bytes end at two thousand million."""


def upgrade() -> None:
    op.create_table(
        "shared_secrets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shared_secrets")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE TABLE checkpoint_fences ("
        "thread_id text CONSTRAINT pk_checkpoint_fences PRIMARY KEY, epoch integer NOT NULL)"
    )
    for table in NUMBERED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id TYPE bigint")
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")
    op.execute("ALTER TABLE journal ALTER COLUMN cost_micros TYPE bigint")

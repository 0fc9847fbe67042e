"""Beside its revision the database says which versions of the program may still use it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("oldest_reader", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("alembic_version", schema=None) as batch_op:
        batch_op.drop_column("oldest_reader")

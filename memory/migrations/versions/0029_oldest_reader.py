"""Beside its revision the database says which versions of the program may still use it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("oldest_reader", sa.String(), nullable=True))

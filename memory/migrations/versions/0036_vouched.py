"""A memory tells which passages the person who sent its answer vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("memories", sa.Column("vouched", sa.String(), nullable=False, server_default=""))

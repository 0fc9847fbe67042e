"""A passage tells how many vectors it has: a count shows that none is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("chunks", sa.Column("windows", sa.Integer(), nullable=True))

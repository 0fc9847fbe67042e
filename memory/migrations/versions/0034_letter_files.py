"""A person's question to the customer may carry files."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    column = sa.Column("files", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("letters", column)

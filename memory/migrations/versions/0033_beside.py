"""A ticket that another address wrote in a ticket's thread names that one."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("beside", sa.String(), nullable=True))
    op.create_index("ix_tickets_beside", "tickets", ["beside"])

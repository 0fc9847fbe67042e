"""Of each ticket that the sums of insight hold it is known up to which line of its journal."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("insight_tickets", sa.Column("seq", sa.Integer(), nullable=True))

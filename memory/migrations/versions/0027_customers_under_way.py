"""The few tickets of a customer that are under way are found without the many that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME = "ix_tickets_of_customer_under_way"


def upgrade() -> None:
    where = sa.text("status IN ('queued', 'running')")
    columns = ["tenant", "customer_address", "id"]
    op.create_index(NAME, "tickets", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index(NAME, table_name="tickets")

"""The few tickets of a customer that are under way are found without the many that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

NAME = "ix_tickets_of_customer_under_way"


def upgrade() -> None:
    where = sa.text("status IN ('queued', 'running')")
    columns = ["tenant", "customer_address", "id"]
    op.create_index(NAME, "tickets", columns, sqlite_where=where, postgresql_where=where)

"""Who vouched for a ticket's sender, and the address as it is compared."""

import sqlalchemy as sa
from alembic import op

from memory.addresses import canonical

revision = "0013"
down_revision = "0012"

BATCH = 500
"""Tickets that are read and written at once."""

_TICKETS = sa.table(
    "tickets",
    sa.column("id", sa.String),
    sa.column("customer_email", sa.String),
    sa.column("customer_address", sa.String),
)


def upgrade() -> None:
    op.drop_index("ix_tickets_tenant_customer_email", table_name="tickets")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer_address", sa.String(), nullable=True))
        # Nobody is asked afterwards who vouched for the tickets there are: nobody did.
        batch_op.add_column(sa.Column("vouched_by", sa.String(), nullable=True))
    _fill(op.get_bind())
    op.create_index("ix_tickets_tenant_customer_address", "tickets", ["tenant", "customer_address"])


def _fill(connection: sa.Connection) -> None:
    known, last = _TICKETS.c, ""
    while rows := connection.execute(
        sa.select(known.id, known.customer_email)
        .where(known.id > last, known.customer_email.is_not(None))
        .order_by(known.id)
        .limit(BATCH)
    ).all():
        for identity, email in rows:
            changed = sa.update(_TICKETS).where(known.id == identity)
            connection.execute(changed.values(customer_address=canonical(email)))
        last = rows[-1][0]

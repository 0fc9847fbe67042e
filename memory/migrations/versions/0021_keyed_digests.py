"""Digests of customers are keyed: those of handoffs and memories are worked out anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from memory.storage.customer_digest import digest, key_beside

revision = "0021"
down_revision = "0020"

TICKETS = sa.table(
    "tickets", sa.column("id"), sa.column("tenant"), sa.column("customer_email", sa.String)
)


def upgrade() -> None:
    connection = op.get_bind()
    key: bytes | None = None
    for name in ("handoffs", "memories"):
        table = sa.table(name, sa.column("id"), sa.column("ticket_id"), sa.column("customer"))
        of = table.outerjoin(TICKETS, TICKETS.c.id == table.c.ticket_id)
        query = (
            sa.select(table.c.id, TICKETS.c.tenant, TICKETS.c.customer_email)
            .select_from(of)
            .where(table.c.customer.is_not(None))
        )
        for row in connection.execute(query).all():
            key = key or _key(connection)
            email = row.customer_email
            # Of whom no address is known any more, the plain digest is not kept either.
            keyed = None if email is None else digest(key, row.tenant, email)
            connection.execute(sa.update(table).where(table.c.id == row.id).values(customer=keyed))


def _key(connection: Connection) -> bytes:
    given = op.get_context().config
    found = None if given is None else given.attributes.get("hmac_key")
    if found is not None:
        return bytes(found())
    return key_beside(connection.engine.url.render_as_string(hide_password=False))

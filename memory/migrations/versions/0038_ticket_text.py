"""All that was said in a ticket is found; the workers write what there is already into the index."""

import sqlalchemy as sa
from alembic import op

from memory.tickets.fulltext import CREATE

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.add_column("messages", sa.Column("indexed", sa.Boolean(), nullable=True))
    missing = sa.text("indexed IS NULL")
    op.create_index(
        "ix_messages_unindexed",
        "messages",
        ["id"],
        sqlite_where=missing,
        postgresql_where=missing,
    )
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)

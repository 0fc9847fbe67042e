"""Alembic's entry: runs on the connection that memory/storage/migrate.py hands over."""

from alembic import context
from sqlalchemy import text

from memory.storage.readiness import OLDEST_READER
from memory.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
    # In the transaction of the migrations: no program sees the one without the other.
    context.config.attributes["connection"].execute(
        text("UPDATE alembic_version SET oldest_reader = :oldest"), {"oldest": OLDEST_READER}
    )

"""Alembic's entry: runs on the connection that memory/storage/migrate.py hands over."""

from alembic import context
from sqlalchemy import text

from memory.storage.readiness import OLDEST_READER
from memory.storage.sqlite import begin_writing
from memory.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    if connection.dialect.name == "sqlite":
        # Its driver begins with the first INSERT alone: whoever died before left half a migration,
        # which no later run could go on from.
        begin_writing(connection.connection.driver_connection)
    context.run_migrations()
    # In the transaction of the migrations: no program sees the one without the other.
    connection.execute(
        text("UPDATE alembic_version SET oldest_reader = :oldest"), {"oldest": OLDEST_READER}
    )

"""Opens what belongs to the ledger's engine."""

from __future__ import annotations

from pathlib import Path

from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database


def open_checkpoints(database: Database, path: Path) -> Checkpoints:
    """Beside the ledger: in a file of their own at `path` on SQLite, in tables on Postgres."""
    if database.is_sqlite:
        from memory.storage.checkpoints_sqlite import SqliteCheckpoints

        return SqliteCheckpoints(path)
    from memory.storage.checkpoints_postgres import PostgresCheckpoints

    return PostgresCheckpoints(database.engine)

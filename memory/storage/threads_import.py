"""Brings threads of an earlier release into the ledger: once, when the database is set up.

They stood in a file of their own on SQLite, and in LangGraph's tables on Postgres.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import postgresql, sqlite

from memory.storage.checkpoints import strict_serializer
from memory.storage.urls import is_sqlite, plain_url
from memory.tables import Thread

FILE = "checkpoints.db"
"""Beside the ledger."""
TABLES = ("checkpoint_writes", "checkpoint_blobs", "checkpoints")
"""LangGraph's, on Postgres."""
FENCES = "SELECT DISTINCT c.thread_id, coalesce(f.epoch, 0) FROM checkpoints c LEFT JOIN"
"""What is known of each thread, but for the name of the table of fences."""


def import_threads(connection: Connection, url: str) -> int:
    """Store what is not in the ledger yet, and remove it there; how many. Commits."""
    return _from_file(connection, _beside(url)) if is_sqlite(url) else _from_tables(connection, url)


def _beside(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).with_name(FILE)


def _from_file(connection: Connection, path: Path) -> int:
    from langgraph.checkpoint.sqlite import SqliteSaver

    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, check_same_thread=False)) as file:
        query = f"{FENCES} fences f ON f.thread_id = c.thread_id"
        known = {str(thread): int(epoch) for thread, epoch in file.execute(query)}
        saver = SqliteSaver(file, serde=strict_serializer())
        found = _store(connection, saver, known)
    connection.commit()
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    return found


def _from_tables(connection: Connection, url: str) -> int:
    from langgraph.checkpoint.postgres import PostgresSaver

    if not inspect(connection).has_table(TABLES[-1]):
        return 0
    query = f"{FENCES} checkpoint_fences f ON f.thread_id = c.thread_id"
    known = {str(thread): int(epoch) for thread, epoch in connection.execute(text(query))}
    with PostgresSaver.from_conn_string(plain_url(url)) as saver:
        saver.serde = strict_serializer()
        found = _store(connection, saver, known)
    for table in TABLES:
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - fixed names
    connection.commit()
    return found


def _store(
    connection: Connection, saver: BaseCheckpointSaver[Any], known: Mapping[str, int]
) -> int:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Thread).on_conflict_do_nothing()
    serializer, count = strict_serializer(), 0
    for thread, epoch in known.items():
        found = saver.get_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        if found is not None:
            row = _row(serializer, thread, epoch, found)
            count += connection.execute(statement.values(row)).rowcount
    return count


def _row(
    serializer: JsonPlusSerializer, thread: str, epoch: int, found: CheckpointTuple
) -> dict[str, Any]:
    checkpoint: dict[str, Any] = {**found.checkpoint}
    checkpoint["channel_versions"] = _counted(checkpoint["channel_versions"])
    seen = checkpoint["versions_seen"].items()
    checkpoint["versions_seen"] = {node: _counted(versions) for node, versions in seen}
    kind, state = serializer.dumps_typed([checkpoint, found.metadata])
    pending = list(_numbered(found))
    return {
        "thread_id": thread,
        "epoch": epoch,
        "checkpoint_id": checkpoint["id"],
        "kind": kind,
        "state": state,
        "writes": serializer.dumps_typed(pending)[1] if pending else None,
    }


def _counted(versions: Mapping[str, Any]) -> dict[str, int]:
    """LangGraph's savers write a version as a number and a random part."""
    return {name: int(str(version).partition(".")[0]) for name, version in versions.items()}


def _numbered(found: CheckpointTuple) -> Iterator[list[Any]]:
    for place, (task, channel, value) in enumerate(found.pending_writes or ()):
        yield [task, place, channel, value]

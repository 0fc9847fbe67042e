"""Checkpoints on SQLite: a file of their own, since they would wait for the ledger's writers.

The fence stands in the same file, and a trigger on the drive's own connection compares it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from memory.storage.checkpoints import FENCED, strict_serializer
from memory.storage.copies import without
from memory.storage.database import BUSY_TIMEOUT_MS, Fenced, StorageUnavailable, advice_for

NO_THREAD = ""
"""Named where a connection is wanted and no thread."""
THREADS = "SELECT DISTINCT thread_id FROM checkpoints WHERE thread_id > ? ORDER BY 1 LIMIT ?"
MENTIONS = (
    (
        "SELECT rowid, type, checkpoint FROM checkpoints WHERE instr(checkpoint, ?)",
        "UPDATE checkpoints SET type = ?, checkpoint = ? WHERE rowid = ?",
    ),
    (
        "SELECT rowid, type, value FROM writes WHERE instr(value, ?)",
        "UPDATE writes SET type = ?, value = ? WHERE rowid = ?",
    ),
)
"""How what mentions a ticket is found and written back: ids stand as they are in the bytes."""


class SqliteCheckpoints:
    """`memory.storage.checkpoints.Checkpoints` in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @asynccontextmanager
    async def saver(self, thread_id: str, epoch: int) -> AsyncIterator[AsyncSqliteSaver]:
        """See `Checkpoints.saver`."""
        try:
            async with aiosqlite.connect(self.path) as connection:
                await connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
                await connection.execute("PRAGMA synchronous=NORMAL")
                await connection.execute("PRAGMA secure_delete=ON")
                saver = AsyncSqliteSaver(connection, serde=strict_serializer())
                await saver.setup()
                await _raise_fence(connection, thread_id, epoch)
                yield saver
        except sqlite3.IntegrityError as error:
            if FENCED in str(error):
                raise Fenced(FENCED) from error
            raise
        except sqlite3.OperationalError as error:
            raise StorageUnavailable(advice_for(error)) from error

    async def prune(self, thread_id: str) -> None:
        """See `Checkpoints.prune`."""
        newest = (
            "SELECT max(checkpoint_id) FROM checkpoints"
            " WHERE thread_id = :id AND checkpoint_ns = ''"
        )
        async with aiosqlite.connect(self.path) as connection:
            await connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            for table in ("checkpoints", "writes"):
                await connection.execute(
                    f"DELETE FROM {table} WHERE thread_id = :id AND checkpoint_id < ({newest})",  # noqa: S608 - two fixed names
                    {"id": thread_id},
                )
            await connection.commit()

    async def forget(self, thread_id: str, epoch: int) -> bool:
        """See `Checkpoints.forget`."""
        if not await asyncio.to_thread(self.path.exists):
            return False
        async with self.saver(thread_id, epoch) as saver:
            found = await saver.aget_tuple({"configurable": {"thread_id": thread_id}})
            for table in ("checkpoints", "writes"):
                # Compared in the statement: a newer drive may have begun a moment ago.
                await saver.conn.execute(
                    f"DELETE FROM {table} WHERE thread_id = :id AND"  # noqa: S608 - fixed names
                    " (SELECT epoch FROM fences WHERE thread_id = :id) <= :epoch",
                    {"id": thread_id, "epoch": epoch},
                )
            await saver.conn.commit()
        return found is not None

    async def threads(self, after: str, limit: int) -> list[str]:
        """See `Checkpoints.threads`."""
        if not await asyncio.to_thread(self.path.exists):
            return []
        async with self.saver(NO_THREAD, 0) as saver:
            found = await saver.conn.execute(THREADS, (after, limit))
            return [str(row[0]) for row in await found.fetchall()]

    async def forget_mentions(self, ids: Collection[str]) -> int:
        """See `Checkpoints.forget_mentions`."""
        if not await asyncio.to_thread(self.path.exists):
            return 0
        async with self.saver(NO_THREAD, 0) as saver:
            places = [
                await _rewrite(saver.conn, statements, one, ids)
                for statements in MENTIONS
                for one in sorted(ids)
            ]
            await saver.conn.commit()
        return sum(places)

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """See `Checkpoints.newest`."""
        if not await asyncio.to_thread(self.path.exists):
            return None
        config: RunnableConfig = {"configurable": {"thread_id": thread_id}}
        async with aiosqlite.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            saver = AsyncSqliteSaver(connection, serde=strict_serializer())
            saver.is_setup = True  # or it would write
            return await saver.aget_tuple(config)


async def _raise_fence(connection: aiosqlite.Connection, thread_id: str, epoch: int) -> None:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS fences (thread_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL)"
    )
    await connection.execute(
        "INSERT INTO fences VALUES (?, ?) ON CONFLICT (thread_id)"
        " DO UPDATE SET epoch = excluded.epoch WHERE excluded.epoch > epoch",
        (thread_id, epoch),
    )
    await connection.commit()
    for table in ("checkpoints", "writes"):
        await connection.execute(
            f"CREATE TEMP TRIGGER fence_{table} BEFORE INSERT ON main.{table} WHEN"  # noqa: S608 - fixed names and a number
            f" (SELECT epoch FROM main.fences WHERE thread_id = NEW.thread_id) > {int(epoch)}"
            f" BEGIN SELECT RAISE(ABORT, '{FENCED}'); END"
        )
    await connection.commit()
    cursor = await connection.execute("SELECT epoch FROM fences WHERE thread_id = ?", (thread_id,))
    row = await cursor.fetchone()
    if row is not None and row[0] > epoch:
        raise Fenced(FENCED)


async def _rewrite(
    connection: aiosqlite.Connection,
    statements: tuple[str, str],
    ticket_id: str,
    ids: Collection[str],
) -> int:
    find, write = statements
    serializer = strict_serializer()
    rows = await (await connection.execute(find, (ticket_id.encode(),))).fetchall()
    for row, kind, stored in rows:
        cleaned = without(serializer.loads_typed((kind, stored)), ids)
        await connection.execute(write, (*serializer.dumps_typed(cleaned), row))
    return len(list(rows))

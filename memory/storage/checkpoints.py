"""Checkpoints of the graph, one saver a drive, fenced against zombies.

A drive owns a ticket's thread under an epoch. The fence stands in the checkpoints' own file and
a trigger on the drive's own connection compares it inside each write's transaction, so a drive
that was given up for dead cannot add a checkpoint after its successor has begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from memory.storage.database import BUSY_TIMEOUT_MS, Fenced, StorageUnavailable, advice_for

FENCED = "a newer drive owns this ticket"


@asynccontextmanager
async def open_saver(path: Path, thread_id: str, epoch: int) -> AsyncIterator[AsyncSqliteSaver]:
    """A saver that may write `thread_id` until a drive with a higher epoch opens its own.

    Raises `Fenced` where that has happened already, and `StorageUnavailable`.
    """
    try:
        async with aiosqlite.connect(path) as connection:
            await connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            await connection.execute("PRAGMA synchronous=NORMAL")
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


def strict_serializer() -> JsonPlusSerializer:
    """Msgpack that gives back plain data only and never imports what a checkpoint names."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)


async def prune(path: Path, thread_id: str) -> None:
    """Forget all but the newest checkpoint of a thread that has come to rest."""
    newest = (
        "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = :id AND checkpoint_ns = ''"
    )
    async with aiosqlite.connect(path) as connection:
        await connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        for table in ("checkpoints", "writes"):
            await connection.execute(
                f"DELETE FROM {table} WHERE thread_id = :id AND checkpoint_id < ({newest})",  # noqa: S608 - two fixed names
                {"id": thread_id},
            )
        await connection.commit()


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

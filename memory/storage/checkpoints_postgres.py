"""Checkpoints on Postgres: LangGraph's tables beside the ledger, on the ledger's connections.

A saver takes a connection for each operation and gives it back, so that a drive that waits for a
model holds none. Each write is one transaction that reads the fence first and keeps it locked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import DictRow, dict_row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from memory.storage.checkpoints import FENCED, strict_serializer
from memory.storage.copies import without
from memory.storage.database import Fenced, StorageUnavailable, advice, advice_of, unavailable
from memory.storage.urls import plain_url

RAISE = (
    "INSERT INTO checkpoint_fences (thread_id, epoch) VALUES (%s, %s) ON CONFLICT (thread_id)"
    " DO UPDATE SET epoch = greatest(checkpoint_fences.epoch, excluded.epoch) RETURNING epoch"
)
CHECK = "SELECT epoch FROM checkpoint_fences WHERE thread_id = %s FOR SHARE"
NEWEST = (
    "SELECT checkpoint_id, checkpoint FROM checkpoints"
    " WHERE thread_id = %(id)s AND checkpoint_ns = '' ORDER BY checkpoint_id DESC LIMIT 1"
)
PRUNE = (
    (
        f"DELETE FROM checkpoint_blobs AS blob USING ({NEWEST}) AS newest"  # noqa: S608 - fixed names
        " WHERE thread_id = %(id)s AND checkpoint_ns = '' AND version IS DISTINCT FROM"
        " (newest.checkpoint -> 'channel_versions' ->> blob.channel)"
    ),
    (
        f"DELETE FROM checkpoint_writes WHERE thread_id = %(id)s AND checkpoint_id <"  # noqa: S608
        f" (SELECT checkpoint_id FROM ({NEWEST}) AS newest)"
    ),
    (
        f"DELETE FROM checkpoints WHERE thread_id = %(id)s AND checkpoint_id <"  # noqa: S608
        f" (SELECT checkpoint_id FROM ({NEWEST}) AS newest)"
    ),
)


THREADS = "SELECT DISTINCT thread_id FROM checkpoints WHERE thread_id > %s ORDER BY 1 LIMIT %s"
MENTIONS = (
    (
        "SELECT ctid, type, blob FROM checkpoint_blobs WHERE position(%s::bytea in blob) > 0 FOR UPDATE",
        "UPDATE checkpoint_blobs SET type = %s, blob = %s WHERE ctid = %s",
    ),
    (
        "SELECT ctid, type, blob FROM checkpoint_writes WHERE position(%s::bytea in blob) > 0 FOR UPDATE",
        "UPDATE checkpoint_writes SET type = %s, blob = %s WHERE ctid = %s",
    ),
)
"""How what mentions a ticket is found and written back: ids stand as they are in the bytes."""


def set_up(url: str) -> None:
    """Make LangGraph's tables; the caller sees to it that nobody else does so meanwhile."""
    with PostgresSaver.from_conn_string(plain_url(url)) as saver:
        saver.setup()


class PostgresCheckpoints:
    """`memory.storage.checkpoints.Checkpoints` in the ledger's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def saver(self, thread_id: str, epoch: int) -> AsyncIterator[AsyncPostgresSaver]:
        """See `Checkpoints.saver`."""
        with _known_errors():
            async with _connection(self._engine) as connection:
                cursor = await connection.execute(RAISE, (thread_id, epoch))
                row = await cursor.fetchone()
            if row is not None and row[0] > epoch:
                raise Fenced(FENCED)
            yield FencedSaver(self._engine, thread_id, epoch)

    async def prune(self, thread_id: str) -> None:
        """See `Checkpoints.prune`."""
        with _known_errors():
            async with _connection(self._engine) as connection:
                for statement in PRUNE:
                    await connection.execute(statement, {"id": thread_id})

    async def forget(self, thread_id: str, epoch: int) -> bool:
        """See `Checkpoints.forget`."""
        async with self.saver(thread_id, epoch) as saver:
            found = await saver.aget_tuple({"configurable": {"thread_id": thread_id}})
            await saver.adelete_thread(thread_id)
        return found is not None

    async def threads(self, after: str, limit: int) -> list[str]:
        """See `Checkpoints.threads`."""
        with _known_errors():
            async with _connection(self._engine) as connection:
                found = await connection.execute(THREADS, (after, limit))
                return [str(row[0]) for row in await found.fetchall()]

    async def forget_mentions(self, ids: Collection[str]) -> int:
        """See `Checkpoints.forget_mentions`."""
        with _known_errors():
            async with _connection(self._engine) as connection:
                places = [
                    await _rewrite(connection, statements, one, ids)
                    for statements in MENTIONS
                    for one in sorted(ids)
                ]
        return sum(places)

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """See `Checkpoints.newest`."""
        config: RunnableConfig = {"configurable": {"thread_id": thread_id}}
        with _known_errors():
            return await FencedSaver(self._engine, thread_id, 0).aget_tuple(config)


class FencedSaver(AsyncPostgresSaver):
    """LangGraph's saver, its cursors taken from the ledger's pool and its writes fenced."""

    def __init__(self, engine: AsyncEngine, thread_id: str, epoch: int) -> None:
        # The connection it is given is used by `_cursor` alone, which stands below.
        super().__init__(conn=None, serde=strict_serializer())  # type: ignore[arg-type]
        self._engine, self._thread_id, self._epoch = engine, thread_id, epoch

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[AsyncCursor[DictRow]]:
        """A cursor in a transaction of its own; `pipeline` is what LangGraph writes with."""
        async with (
            _connection(self._engine) as connection,
            connection.cursor(binary=True, row_factory=dict_row) as cursor,
        ):
            if pipeline:
                await self._check(connection)
            yield cursor

    async def _check(self, connection: AsyncConnection[Any]) -> None:
        found = await (await connection.execute(CHECK, (self._thread_id,))).fetchone()
        if found is not None and found[0] > self._epoch:
            raise Fenced(FENCED)


async def _rewrite(
    connection: AsyncConnection[Any],
    statements: tuple[str, str],
    ticket_id: str,
    ids: Collection[str],
) -> int:
    find, write = statements
    serializer = strict_serializer()
    rows = await (await connection.execute(find, (ticket_id.encode(),))).fetchall()
    for row, kind, stored in rows:
        cleaned = without(serializer.loads_typed((kind, bytes(stored))), ids)
        await connection.execute(write, (*serializer.dumps_typed(cleaned), row))
    return len(rows)


@asynccontextmanager
async def _connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection of the pool, committed at the end, rolled back on any error."""
    async with engine.connect() as pooled:
        raw = await pooled.get_raw_connection()
        connection: AsyncConnection[Any] = raw.driver_connection  # type: ignore[assignment]
        async with connection.transaction():
            yield connection


@contextmanager
def _known_errors() -> Iterator[None]:
    """Errors of the database's state become `StorageUnavailable`."""
    try:
        yield
    except psycopg.OperationalError as error:
        raise StorageUnavailable(advice_of(error)) from error
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error

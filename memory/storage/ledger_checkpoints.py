"""The checkpoints of all threads, in the ledger's own transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

from langgraph.checkpoint.base import (
    CheckpointTuple,
)
from typing_extensions import override

from memory.faults import MemoryFault
from memory.sealing.keyring import Keyring
from memory.storage import thread_mentions as mentions
from memory.storage.checkpoints import FENCED, Checkpoints
from memory.storage.errors import Fenced
from memory.storage.step import Step, leaving_to
from memory.storage.thread_saver import ThreadSaver
from memory.storage.units import Row, Statements, Units

OPEN = (
    "INSERT INTO threads (thread_id, epoch) VALUES (?, ?) ON CONFLICT (thread_id)"
    " DO UPDATE SET epoch = excluded.epoch WHERE threads.epoch <= excluded.epoch"
    " RETURNING checkpoint_id, parent_id, kind, state, writes"
)
NEWEST = "SELECT checkpoint_id, parent_id, kind, state, writes FROM threads WHERE thread_id = ?"
FORGET = (
    "UPDATE threads SET epoch = ?, checkpoint_id = NULL, parent_id = NULL, kind = NULL,"
    " state = NULL, writes = NULL WHERE thread_id = ? AND epoch <= ?"
)
CLOSE = "INSERT INTO threads (thread_id, epoch) VALUES (?, ?) ON CONFLICT (thread_id) DO NOTHING"
HELD = "SELECT checkpoint_id IS NOT NULL FROM threads WHERE thread_id = ?"
THREADS = (
    "SELECT thread_id FROM threads WHERE thread_id > ? AND checkpoint_id IS NOT NULL"
    " ORDER BY thread_id LIMIT ?"
)


class LedgerCheckpoints(Checkpoints):
    """Threads in the ledger's own transactions."""

    def __init__(self, units: Units, ring: Keyring | None = None) -> None:
        """`ring`: the keys that threads are sealed with; None where they are plain."""
        self._units = units
        self._ring = ring

    @override
    def open_in(self, do: Statements, thread_id: str, epoch: int) -> Row | None:
        return do.row(OPEN, (thread_id, epoch))

    @asynccontextmanager
    @override
    async def saver(
        self, thread_id: str, epoch: int, opened: Row | None = None
    ) -> AsyncIterator[ThreadSaver]:
        """What the drive leaves in here waits for its commits."""
        row = opened or await self._units.write(lambda do: self.open_in(do, thread_id, epoch))
        if row is None:
            raise Fenced(FENCED)
        saver = ThreadSaver(Step(self._units, thread_id, epoch), row, self._ring)
        with leaving_to(saver.step):
            try:
                yield saver
            except Fenced:  # found by any look: what has happened is written whoever has the ticket
                with suppress(MemoryFault):
                    await saver.step.flush()
                raise
            except (Exception, asyncio.CancelledError):
                with suppress(MemoryFault):
                    await saver.flush()
                raise
            else:
                await saver.flush()
            finally:
                saver.step.close()

    @override
    async def prune(self, thread_id: str) -> None:
        """There is never more than one."""

    @override
    async def forget(self, thread_id: str, epoch: int) -> bool:

        def forgotten(do: Statements) -> bool:
            do.run(CLOSE, (thread_id, epoch))
            held = do.row(HELD + do.lock, (thread_id,))
            if not do.run(FORGET, (epoch, thread_id, epoch)):
                raise Fenced(FENCED)
            return held is not None and bool(held[0])

        return await self._units.write(forgotten)

    @override
    async def threads(self, after: str, limit: int) -> list[str]:
        found = await self._units.read(lambda do: do.rows(THREADS, (after, limit)))
        return [str(row[0]) for row in found]

    @override
    async def forget_mentions(self, ids: Collection[str]) -> int:
        found = await self._units.write(partial(mentions.forget_plain, ids=ids))
        return found if self._ring is None else found + await self._forget_sealed(ids)

    async def _forget_sealed(self, ids: Collection[str]) -> int:
        last, count = "", 0
        while threads := await self.threads(last, mentions.THREADS_AT_ONCE):
            look = partial(mentions.forget_sealed, ring=self._ring, threads=threads, ids=ids)
            count += await self._units.write(look)
            last = threads[-1]
        return count

    @override
    async def change(self, thread_id: str, change: Callable[[Any], Any]) -> int:
        one = partial(mentions.change_one, ring=self._ring, thread_id=thread_id, change=change)
        return await self._units.write(one)

    @override
    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        row = await self._units.read(lambda do: do.row(NEWEST, (thread_id,)))
        return (
            None
            if row is None
            else await ThreadSaver(Step(self._units, thread_id, 0), row, self._ring).aget_tuple(
                {"configurable": {"thread_id": thread_id}}
            )
        )

"""Checkpoints in the ledger: one row for each thread, put in the commits of its drive.

A drive owns its thread, so what the thread holds is read once and kept. Pending writes of tasks
are kept as well: the next checkpoint has them in it. They reach the row only where a drive comes
to rest without one, as at an interrupt. So nodes whose step was cut off run again, and so do the
steps before it whose checkpoint still waited for a commit (see `Step`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    copy_checkpoint,
    get_checkpoint_metadata,
)
from typing_extensions import override

from memory.faults import MemoryFault
from memory.sealing.keyring import Keyring
from memory.storage import thread_mentions as mentions
from memory.storage.checkpoints import FENCED, STATE, WRITES, Saver, serializer_of
from memory.storage.compact_threads import compact, expand
from memory.storage.errors import Fenced
from memory.storage.step import Left, Step, leaving_to
from memory.storage.units import Row, Statements, Units

OPEN = (
    "INSERT INTO threads (thread_id, epoch) VALUES (?, ?) ON CONFLICT (thread_id)"
    " DO UPDATE SET epoch = excluded.epoch WHERE threads.epoch <= excluded.epoch"
    " RETURNING checkpoint_id, parent_id, kind, state, writes"
)
PUT = (
    "UPDATE threads SET checkpoint_id = ?, parent_id = ?, kind = ?, state = ?, writes = ?"
    " WHERE thread_id = ? AND epoch <= ?"
)
AWAY = "DELETE FROM threads WHERE thread_id = ? AND epoch <= ?"
ANEW = (
    "INSERT INTO threads (checkpoint_id, parent_id, kind, state, writes, thread_id, epoch)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
"""SQLite: a row that only shrinks keeps the room that it had, so the last one is put behind the others."""
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
Written = tuple[str, int, str, Any]
"""Task id, place, channel and value of a pending write."""


class LedgerCheckpoints:
    """`memory.storage.checkpoints.Checkpoints` in the ledger's own transactions."""

    def __init__(self, units: Units, ring: Keyring | None = None) -> None:
        """`ring`: the keys that threads are sealed with; None where they are plain."""
        self._units = units
        self._ring = ring

    def open_in(self, do: Statements, thread_id: str, epoch: int) -> Row | None:
        """See `Checkpoints.open_in`."""
        return do.row(OPEN, (thread_id, epoch))

    @asynccontextmanager
    async def saver(
        self, thread_id: str, epoch: int, opened: Row | None = None
    ) -> AsyncIterator[ThreadSaver]:
        """See `Checkpoints.saver`. What the drive leaves in here waits for its commits."""
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

    async def prune(self, thread_id: str) -> None:
        """See `Checkpoints.prune`: there is never more than one."""

    async def forget(self, thread_id: str, epoch: int) -> bool:
        """See `Checkpoints.forget`."""

        def forgotten(do: Statements) -> bool:
            do.run(CLOSE, (thread_id, epoch))
            held = do.row(HELD + do.lock, (thread_id,))
            if not do.run(FORGET, (epoch, thread_id, epoch)):
                raise Fenced(FENCED)
            return held is not None and bool(held[0])

        return await self._units.write(forgotten)

    async def threads(self, after: str, limit: int) -> list[str]:
        """See `Checkpoints.threads`."""
        found = await self._units.read(lambda do: do.rows(THREADS, (after, limit)))
        return [str(row[0]) for row in found]

    async def forget_mentions(self, ids: Collection[str]) -> int:
        """See `Checkpoints.forget_mentions`."""
        found = await self._units.write(partial(mentions.forget_plain, ids=ids))
        return found if self._ring is None else found + await self._forget_sealed(ids)

    async def _forget_sealed(self, ids: Collection[str]) -> int:
        last, count = "", 0
        while threads := await self.threads(last, mentions.THREADS_AT_ONCE):
            look = partial(mentions.forget_sealed, ring=self._ring, threads=threads, ids=ids)
            count += await self._units.write(look)
            last = threads[-1]
        return count

    async def change(self, thread_id: str, change: Callable[[Any], Any]) -> int:
        """See `Checkpoints.change`."""
        one = partial(mentions.change_one, ring=self._ring, thread_id=thread_id, change=change)
        return await self._units.write(one)

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """See `Checkpoints.newest`."""
        row = await self._units.read(lambda do: do.row(NEWEST, (thread_id,)))
        return (
            None
            if row is None
            else await ThreadSaver(Step(self._units, thread_id, 0), row, self._ring).aget_tuple(
                {"configurable": {"thread_id": thread_id}}
            )
        )


@dataclass(frozen=True)
class _Held:
    """The newest checkpoint, which nobody changes any more."""

    checkpoint: Checkpoint
    metadata: CheckpointMetadata
    parent_id: str | None


class ThreadSaver(Saver):
    """LangGraph's saver for one thread under one epoch."""

    def __init__(self, step: Step, row: Row, ring: Keyring | None = None) -> None:
        """`row`: what `OPEN` gives. `ring`: see `serializer_of`."""
        super().__init__(serde=serializer_of(ring, step.ticket_id, STATE))
        self._of_writes = serializer_of(ring, step.ticket_id, WRITES)
        self.step = step
        checkpoint_id, parent_id, kind, state, writes = row
        self._held: _Held | None = None
        self._writes: dict[tuple[str, int], Written] = {}
        self._unsaved = False
        self._stands = self._stored = 0
        if checkpoint_id is not None:
            checkpoint, metadata = expand(self.serde.loads_typed((kind, bytes(state))))
            self._held = _Held(checkpoint, metadata, parent_id)
            if writes is not None:
                pending = self._of_writes.loads_typed((kind, bytes(writes)))
                self._writes = {
                    (task, place): (task, place, *rest) for task, place, *rest in pending
                }

    @override
    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The thread's checkpoint; None where there is none, or another one is asked for."""
        held, asked = self._held, _checkpoint_id(config)
        if held is None or asked not in {None, held.checkpoint["id"]}:
            return None
        return CheckpointTuple(
            self._place(held.checkpoint["id"]),
            copy_checkpoint(held.checkpoint),
            held.metadata.copy(),
            None if held.parent_id is None else self._place(held.parent_id),
            [(task, channel, value) for task, _, channel, value in self._writes.values()],
        )

    @override
    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """The one there is."""
        found = await self.aget_tuple(config or self._place(None))
        if found is not None:
            yield found

    @override
    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Let it take the place of the one before, with the commit of what the step has left."""
        self._held = _Held(
            checkpoint, get_checkpoint_metadata(config, metadata), _checkpoint_id(config)
        )
        self._writes, self._unsaved = {}, False
        self._stand(self._held)
        if self.step.has_facts:
            await self.step.flush()
        return self._place(checkpoint["id"])

    @override
    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep what a task has written until the next checkpoint."""
        if self._held is None or _checkpoint_id(config) != self._held.checkpoint["id"]:
            return
        for place, (channel, value) in enumerate(writes):
            key = (task_id, WRITES_IDX_MAP.get(channel, place))
            if key[1] < 0 or key not in self._writes:
                self._writes[key] = (*key, channel, value)
        self._unsaved = True

    @override
    def get_next_version(self, current: int | None, channel: None) -> int:
        """One more."""
        return 1 if current is None else current + 1

    async def flush(self) -> None:
        """Write what waits for a commit that does not come. Raises `Fenced`."""
        if self._unsaved and self._held is not None:
            self._stand(self._held)
            self._unsaved = False
        await self.step.flush()

    @override
    def end(self) -> None:
        """Keep the thread in less room with the next commit: it has come to its end."""
        if self._held is not None and not self._writes:
            self._stand(self._held, over=True)

    def _stand(self, held: _Held, *, over: bool = False) -> None:
        self._stands += 1
        writes = [list(one) for one in self._writes.values()]
        self.step.stand(partial(self._packed, self._stands, held, writes, over=over))

    def _packed(self, number: int, held: _Held, pending: list[list[Any]], *, over: bool) -> Left:
        pair = held.checkpoint, held.metadata
        kind, state = self.serde.dumps_typed(list(compact(*pair) if over else pair))
        writes = self._of_writes.dumps_typed(pending)[1] if pending else None
        values = (held.checkpoint["id"], held.parent_id, kind, state, writes)

        def put(do: Statements) -> None:
            if number < self._stored:
                return  # of a commit that nobody waited for, and a later one was faster
            self._stored = number
            place = self.step.ticket_id, self.step.epoch
            anew = over and do.is_sqlite
            if not do.run(*(AWAY, place) if anew else (PUT, (*values, *place))):
                raise Fenced(FENCED)
            if anew:
                do.run(ANEW, (*values, *place))

        return put

    def _place(self, checkpoint_id: str | None) -> RunnableConfig:
        place = {"thread_id": self.step.ticket_id, "checkpoint_ns": ""}
        return {"configurable": place | ({"checkpoint_id": checkpoint_id} if checkpoint_id else {})}


def _checkpoint_id(config: RunnableConfig) -> str | None:
    found: str | None = config["configurable"].get("checkpoint_id")
    return found

"""Checkpoints in the ledger: one row a thread, put in the transaction that ends a superstep.

A drive owns its thread, so what the thread holds is read once and kept. Pending writes of tasks
are kept as well: the next checkpoint has them in it. They reach the row only where a drive comes
to rest without one, as at an interrupt. So nodes whose step was cut off run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)

from memory.sealing.keyring import Keyring
from memory.storage import thread_mentions as mentions
from memory.storage.checkpoints import FENCED, SEALED, STATE, WRITES, serializer_of
from memory.storage.errors import Fenced, MemoryFault
from memory.storage.step import Step, leaving_to
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
INPUT = "input"
"""Source of the checkpoint that a turn begins with: without it the turn begins again."""

Written = tuple[str, int, str, Any]
"""Task id, place, channel and value of a pending write."""


class LedgerCheckpoints:
    """`memory.storage.checkpoints.Checkpoints` in the ledger's own transactions."""

    def __init__(self, units: Units, ring: Keyring | None = None) -> None:
        """`ring`: the keys that threads are sealed with; None where they are plain."""
        self._units = units
        self._ring = ring

    @asynccontextmanager
    async def saver(self, thread_id: str, epoch: int) -> AsyncIterator[ThreadSaver]:
        """See `Checkpoints.saver`. What the drive leaves in here waits for its checkpoints."""
        row = await self._units.write(lambda do: do.row(OPEN, (thread_id, epoch)))
        if row is None:
            raise Fenced(FENCED)
        saver = ThreadSaver(Step(self._units, thread_id, epoch), row, self._ring)
        with leaving_to(saver.step):
            try:
                yield saver
            except Fenced:
                raise  # what had happened was written when that was found out
            except (Exception, asyncio.CancelledError):
                with suppress(MemoryFault):
                    await saver.flush()
                raise
            await saver.flush()

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
    """A checkpoint as it is stored."""

    id: str
    parent_id: str | None
    kind: str
    state: bytes


class ThreadSaver(BaseCheckpointSaver[int]):
    """LangGraph's saver for one thread under one epoch."""

    def __init__(self, step: Step, row: Row, ring: Keyring | None = None) -> None:
        """`row`: what `OPEN` gives. `ring`: see `serializer_of`."""
        super().__init__(serde=serializer_of(ring, step.ticket_id, STATE))
        self._of_writes = serializer_of(ring, step.ticket_id, WRITES)
        self._ring = ring
        self.step = step
        checkpoint_id, parent_id, kind, state, writes = row
        self._held: _Held | None = None
        self._writes: dict[tuple[str, int], Written] = {}
        self._unsaved = False
        if checkpoint_id is not None:
            self._held = self._as_written_now(_Held(checkpoint_id, parent_id, kind, bytes(state)))
            if writes is not None:
                pending = self._of_writes.loads_typed((kind, bytes(writes)))
                self._writes = {
                    (task, place): (task, place, *rest) for task, place, *rest in pending
                }

    def _as_written_now(self, held: _Held) -> _Held:
        """What was written before there were keys is sealed: `kind` tells of both parts."""
        if self._ring is None or SEALED in held.kind:
            return held
        kind, state = self.serde.dumps_typed(self.serde.loads_typed((held.kind, held.state)))
        return replace(held, kind=kind, state=state)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The thread's checkpoint; None where there is none, or another one is asked for."""
        held, asked = self._held, _checkpoint_id(config)
        if held is None or asked not in {None, held.id}:
            return None
        checkpoint, metadata = self.serde.loads_typed((held.kind, held.state))
        return CheckpointTuple(
            self._place(held.id),
            checkpoint,
            metadata,
            None if held.parent_id is None else self._place(held.parent_id),
            [(task, channel, value) for task, _, channel, value in self._writes.values()],
        )

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - the contract's name
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """The one there is."""
        found = await self.aget_tuple(config or self._place(None))
        if found is not None:
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Put it in the place of the one before, with all that the step has left.

        The input of a turn alone waits for the first step: without it the turn begins again.
        """
        whole = [checkpoint, get_checkpoint_metadata(config, metadata)]
        kind, state = self.serde.dumps_typed(whole)
        self._held = _Held(checkpoint["id"], _checkpoint_id(config), kind, state)
        self._writes, self._unsaved = {}, True
        if metadata.get("source") != INPUT:
            await self._save()
        return self._place(checkpoint["id"])

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep what a task has written until the next checkpoint."""
        if self._held is None or _checkpoint_id(config) != self._held.id:
            return
        for place, (channel, value) in enumerate(writes):
            key = (task_id, WRITES_IDX_MAP.get(channel, place))
            if key[1] < 0 or key not in self._writes:
                self._writes[key] = (*key, channel, value)
        self._unsaved = True

    def get_next_version(self, current: int | None, channel: None) -> int:
        """One more."""
        return 1 if current is None else current + 1

    async def flush(self) -> None:
        """Write what waits for a commit that does not come. Raises `Fenced`."""
        if self._unsaved:
            await self._save()
        else:
            await self.step.flush()

    async def _save(self) -> None:
        held = self._held
        assert held is not None
        writes = self._packed()
        values = (held.id, held.parent_id, held.kind, held.state, writes)
        mine = (self.step.ticket_id, self.step.epoch)

        def put(do: Statements) -> None:
            if not do.run(PUT, (*values, *mine)):
                raise Fenced(FENCED)

        self._unsaved = False
        try:
            await self.step.commit(put)
        except Exception:  # not of a cancellation: what was begun is written all the same
            self._unsaved = True
            raise

    def _packed(self) -> bytes | None:
        if not self._writes:
            return None
        return self._of_writes.dumps_typed([list(one) for one in self._writes.values()])[1]

    def _place(self, checkpoint_id: str | None) -> RunnableConfig:
        place = {"thread_id": self.step.ticket_id, "checkpoint_ns": ""}
        return {"configurable": place | ({"checkpoint_id": checkpoint_id} if checkpoint_id else {})}


def _checkpoint_id(config: RunnableConfig) -> str | None:
    found: str | None = config["configurable"].get("checkpoint_id")
    return found

"""Checkpoints in the ledger: one row a thread, put in the transaction that ends a superstep.

A drive owns its thread, so what the thread holds is read once and kept. Pending writes of tasks
are kept as well: the next checkpoint has them in it. They reach the row only where a drive comes
to rest without one, as at an interrupt. So nodes whose step was cut off run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
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

from memory.storage.checkpoints import FENCED, strict_serializer
from memory.storage.copies import without
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
MENTIONS = {
    "": "SELECT thread_id, kind, {part} FROM threads WHERE instr({part}, ?) > 0",
    " FOR NO KEY UPDATE": (
        "SELECT thread_id, kind, {part} FROM threads WHERE position(?::bytea in {part}) > 0"
        " FOR NO KEY UPDATE"
    ),
}
"""By the engine's lock, how what mentions a ticket is found: ids stand as they are in the bytes."""
PARTS = ("state", "writes")
INPUT = "input"
"""Source of the checkpoint that a turn begins with: without it the turn begins again."""

Written = tuple[str, int, str, Any]
"""Task id, place, channel and value of a pending write."""


class LedgerCheckpoints:
    """`memory.storage.checkpoints.Checkpoints` in the ledger's own transactions."""

    def __init__(self, units: Units) -> None:
        self._units = units

    @asynccontextmanager
    async def saver(self, thread_id: str, epoch: int) -> AsyncIterator[ThreadSaver]:
        """See `Checkpoints.saver`. What the drive leaves in here waits for its checkpoints."""
        row = await self._units.write(lambda do: do.row(OPEN, (thread_id, epoch)))
        if row is None:
            raise Fenced(FENCED)
        saver = ThreadSaver(Step(self._units, thread_id, epoch), row)
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

        def forgotten(do: Statements) -> int:
            return sum(_rewrite(do, part, one, ids) for part in PARTS for one in sorted(ids))

        return await self._units.write(forgotten)

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """See `Checkpoints.newest`."""
        row = await self._units.read(lambda do: do.row(NEWEST, (thread_id,)))
        return (
            None
            if row is None
            else await ThreadSaver(Step(self._units, thread_id, 0), row).aget_tuple(
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

    def __init__(self, step: Step, row: Row) -> None:
        super().__init__(serde=strict_serializer())
        self.step = step
        checkpoint_id, parent_id, kind, state, writes = row
        self._held: _Held | None = None
        self._writes: dict[tuple[str, int], Written] = {}
        self._unsaved = False
        if checkpoint_id is not None:
            self._held = _Held(checkpoint_id, parent_id, kind, bytes(state))
            if writes is not None:
                pending = self.serde.loads_typed((kind, bytes(writes)))
                self._writes = {
                    (task, place): (task, place, *rest) for task, place, *rest in pending
                }

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
        except Exception:
            self._unsaved = True
            raise

    def _packed(self) -> bytes | None:
        if not self._writes:
            return None
        return self.serde.dumps_typed([list(one) for one in self._writes.values()])[1]

    def _place(self, checkpoint_id: str | None) -> RunnableConfig:
        place = {"thread_id": self.step.ticket_id, "checkpoint_ns": ""}
        return {"configurable": place | ({"checkpoint_id": checkpoint_id} if checkpoint_id else {})}


def _checkpoint_id(config: RunnableConfig) -> str | None:
    found: str | None = config["configurable"].get("checkpoint_id")
    return found


def _rewrite(do: Statements, part: str, ticket_id: str, ids: Collection[str]) -> int:
    serializer = strict_serializer()
    found = do.rows(MENTIONS[do.lock].format(part=part), (ticket_id.encode(),))
    for thread_id, kind, stored in found:
        cleaned = without(serializer.loads_typed((kind, bytes(stored))), ids)
        packed = serializer.dumps_typed(cleaned)[1]
        do.run(f"UPDATE threads SET {part} = ? WHERE thread_id = ?", (packed, thread_id))  # noqa: S608 - fixed names
    return len(found)

"""Checkpoints in the ledger: one row for each thread, put in the commits of its drive.

A drive owns its thread, so what the thread holds is read once and kept. Pending writes of tasks
are kept as well: the next checkpoint has them in it. They reach the row only where a drive comes
to rest without one, as at an interrupt. So nodes whose step was cut off run again, and so do the
steps before it whose checkpoint still waited for a commit (see `Step`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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

from memory.sealing.keyring import Keyring
from memory.storage.checkpoints import FENCED, STATE, WRITES, Saver, serializer_of
from memory.storage.compact_threads import compact, expand
from memory.storage.errors import Fenced
from memory.storage.step import Left, Step
from memory.storage.units import Row, Statements

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
Written = tuple[str, int, str, Any]
"""Task id, place, channel and value of a pending write."""


@dataclass(frozen=True)
class _Held:
    """The newest checkpoint, which nobody changes any more."""

    checkpoint: Checkpoint
    metadata: CheckpointMetadata
    parent_id: str | None


class ThreadSaver(Saver):
    """LangGraph's saver for one thread under one epoch."""

    def __init__(self, step: Step, row: Row, ring: Keyring | None = None) -> None:
        """`row`: checkpoint_id, parent_id, kind, state and writes, as they are stored. `ring`: see `serializer_of`."""
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
        """The one there is, if it is among those that are asked for."""
        found = await self.aget_tuple(config or self._place(None))
        if found is None or limit == 0:
            return
        last = None if before is None else _checkpoint_id(before)
        if last is not None and found.checkpoint["id"] >= last:
            return  # ids of checkpoints grow with time
        known: dict[str, Any] = dict(found.metadata)
        if all(known.get(name) == value for name, value in (filter or {}).items()):
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

    @override
    async def flush(self) -> None:
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

"""Checkpoints of the graph, one saver a drive, fenced against zombies, on either engine.

A drive owns a ticket's thread under an epoch. The fence is compared inside the transaction of
each write, so a drive that was given up for dead cannot add a checkpoint after its successor has
begun. Who writes them is in `thread_saver.py`, so that a process without a graph does not load it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

FENCED = "a newer drive owns this ticket"


class Checkpoints(Protocol):
    """Where the threads of all tickets are kept."""

    def saver(
        self, thread_id: str, epoch: int
    ) -> AbstractAsyncContextManager[BaseCheckpointSaver[Any]]:
        """A saver that may write the thread until a drive with a higher epoch opens its own.

        Raises `Fenced` where that has happened already, and `StorageUnavailable`.
        """
        ...

    async def prune(self, thread_id: str) -> None:
        """Forget all but the newest checkpoint of a thread that has come to rest."""
        ...

    async def forget(self, thread_id: str, epoch: int) -> bool:
        """Forget the whole thread, and let no drive with a lower epoch write it again.

        Whether there was anything. Raises `Fenced` where a newer drive has it.
        """
        ...

    async def threads(self, after: str, limit: int) -> list[str]:
        """Ids of threads that hold anything, in their order, beginning behind `after`."""
        ...

    async def forget_mentions(self, ids: Collection[str]) -> int:
        """Take what was copied from these tickets out of every other thread; how many places."""
        ...

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """The last checkpoint, read without a fence and without writing; None where none is."""
        ...


def strict_serializer() -> JsonPlusSerializer:
    """Msgpack that gives back plain data only and never imports what a checkpoint names."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)

"""Checkpoints of the graph, one saver for each drive, fenced against zombies, on either engine.

A drive owns a ticket's thread under an epoch. The fence is compared inside the transaction of
each write, so a drive that was given up for dead cannot add a checkpoint after its successor has
begun. Who writes them is in `ledger_checkpoints.py`, so that a process without a graph does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from typing_extensions import override

from memory.sealing.cells import NO_KEY, bound
from memory.sealing.keyring import EncryptionRefused, Keyring, SealBroken
from memory.storage.units import Row, Statements

STATE, WRITES = PARTS = ("state", "writes")
"""Of a thread, as its columns are called."""
SEALED = "+"
"""In the kind of what is sealed: LangGraph puts it before the cipher's name."""
CIPHER = "dk1"
"""Stands behind the kind of what is sealed."""
FENCED = "a newer drive owns this ticket"


class Saver(BaseCheckpointSaver[Any]):
    """LangGraph's saver for the thread of one drive."""

    def end(self) -> None:
        """The thread has come to its end: nobody goes on from here but by a new turn, or by a decision."""
        raise NotImplementedError

    async def flush(self) -> None:
        """Write what waits for a commit that does not come. Raises `Fenced`."""
        raise NotImplementedError


class Checkpoints(Protocol):
    """Where the threads of all tickets are kept."""

    def open_in(self, do: Statements, thread_id: str, epoch: int) -> Row | None:
        """Take the thread for a drive, in a unit of the caller's; what its saver then begins with.

        None where a newer drive has it.
        """
        ...

    def saver(
        self, thread_id: str, epoch: int, opened: Row | None = None
    ) -> AbstractAsyncContextManager[Saver]:
        """A saver that may write the thread until a drive with a higher epoch opens its own.

        `opened`: what `open_in` gave, if the thread was taken before. Raises `Fenced` where that has happened already, and `StorageUnavailable`.
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

    async def change(self, thread_id: str, change: Callable[[Any], Any]) -> int:
        """Put into a thread that nobody drives what `change` makes of its data; how many places."""
        ...

    async def newest(self, thread_id: str) -> CheckpointTuple | None:
        """The last checkpoint, read without a fence and without writing; None where none is."""
        ...


def strict_serializer() -> JsonPlusSerializer:
    """Msgpack that gives back plain data only and never imports what a checkpoint names."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)


def serializer_of(ring: Keyring | None, thread_id: str, part: str) -> SerializerProtocol:
    """Of one part (`state` or `writes`) of a thread: LangGraph's encrypted one where there are keys.

    Each reads what was written without keys. What was written with keys raises
    `EncryptionRefused` without them, and `SealBroken` where it was changed or moved.
    """
    cipher = _ThreadCipher(ring, bound((f"threads.{part}", thread_id)))
    make = EncryptedSerializer if ring is not None else _PlainWriter
    return make(cipher, strict_serializer())


class _ThreadCipher:
    """LangGraph's `CipherProtocol`, for one place."""

    def __init__(self, ring: Keyring | None, place: bytes) -> None:
        self._ring = ring
        self._place = place

    def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
        """The cipher's name and what it made of the bytes."""
        assert self._ring is not None  # else the one below writes
        return CIPHER, self._ring.seal(plaintext, self._place)

    def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
        """The bytes."""
        if self._ring is None:
            raise EncryptionRefused(NO_KEY)
        if ciphername != CIPHER:
            msg = f"a checkpoint is sealed by {ciphername!r}, which this release does not know"
            raise SealBroken(msg)
        return self._ring.open(ciphertext, self._place)


class _PlainWriter(EncryptedSerializer):
    """Writes plain, and knows what is sealed when it reads it."""

    @override
    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        return self.serde.dumps_typed(obj)

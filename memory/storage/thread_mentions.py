"""Takes what was copied from some tickets out of the threads of others.

Plain threads are found by the database: ids stand as they are in the bytes. It cannot look into
sealed ones, so each of those is opened, some at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from memory.sealing.keyring import Keyring
from memory.storage.checkpoints import PARTS, SEALED, serializer_of, strict_serializer
from memory.storage.compact_threads import changed
from memory.storage.copies import without
from memory.storage.units import Statements

MENTIONS = {
    "": "SELECT thread_id, kind, {part} FROM threads WHERE instr({part}, ?) > 0",
    " FOR NO KEY UPDATE": (
        "SELECT thread_id, kind, {part} FROM threads WHERE position(?::bytea in {part}) > 0"
        " FOR NO KEY UPDATE"
    ),
}
"""By the engine's lock."""
ONE = "SELECT kind, state, writes FROM threads WHERE thread_id = ?"
THREADS_AT_ONCE = 50
"""Sealed threads that one transaction opens and looks through."""


def forget_plain(do: Statements, *, ids: Collection[str]) -> int:
    """Take it out of plain threads; how many places."""
    return sum(_rewrite(do, part, one, ids) for part in PARTS for one in sorted(ids))


def forget_sealed(
    do: Statements, *, ring: Keyring | None, threads: Sequence[str], ids: Collection[str]
) -> int:
    """Take it out of those of these threads that are sealed; how many places."""
    change = partial(without, ids=ids)
    return sum(_changed(do, ring, one, change, sealed=True) for one in threads)


def change_one(
    do: Statements, *, ring: Keyring | None, thread_id: str, change: Callable[[Any], Any]
) -> int:
    """Put into a thread what `change` makes of its plain data; how many places."""
    return _changed(do, ring, thread_id, change, sealed=False)


def _rewrite(do: Statements, part: str, ticket_id: str, ids: Collection[str]) -> int:
    serializer = strict_serializer()
    found = do.rows(MENTIONS[do.lock].format(part=part), (ticket_id.encode(),))
    count = 0
    for thread_id, kind, stored in found:
        whole = serializer.loads_typed((kind, bytes(stored)))
        cleaned = changed(whole, partial(without, ids=ids))
        if cleaned != whole:  # the ticket's own thread names it, too
            _store(do, part, thread_id, serializer.dumps_typed(cleaned)[1])
            count += 1
    return count


def _changed(
    do: Statements,
    ring: Keyring | None,
    thread_id: str,
    change: Callable[[Any], Any],
    *,
    sealed: bool,
) -> int:
    """`sealed`: whether a plain thread is left alone."""
    row = do.row(ONE + do.lock, (thread_id,))
    if row is None or row[0] is None or (sealed and SEALED not in row[0]):
        return 0
    count = 0
    for part, stored in zip(PARTS, row[1:], strict=True):
        if stored is not None:
            was_sealed = SEALED in row[0]
            serializer = serializer_of(ring, thread_id, part) if was_sealed else strict_serializer()
            whole = serializer.loads_typed((row[0], bytes(stored)))
            cleaned = changed(whole, change)
            if cleaned != whole:
                _store(do, part, thread_id, serializer.dumps_typed(cleaned)[1])
                count += 1
    return count


def _store(do: Statements, part: str, thread_id: str, packed: bytes) -> None:
    do.run(f"UPDATE threads SET {part} = ? WHERE thread_id = ?", (packed, thread_id))  # noqa: S608 - fixed names

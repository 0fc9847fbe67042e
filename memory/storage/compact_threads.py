"""Threads that have come to their end, in less room.

What stands of such a thread is looked at when somebody asks for its story, or when the customer
writes again. So its values are packed into one, and what is left is a checkpoint that any reader
takes for one of a newer version's: an older worker begins the customer's next turn on it, as it
always does, and leaves everything else to newer ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata

from memory.storage.checkpoints import strict_serializer

Pair = tuple[Checkpoint, CheckpointMetadata]

KEPT = frozenset({"source", "step", "parents"})
"""What LangGraph itself wants to know of a checkpoint."""
PACKED = "packed"
COPIED = "copied"
SHAPE = 1_000_000
"""Stands in the place of the state's shape (see `graph/checkpoint_shape.py`): no version knows it."""
WORDS = {
    1: """
    channel_values ticket_id tenant turn subject conversation seq role customer kind message text
    headers has_sender triaged screening masked language automatic injection injected personal_data
    empty truncated classification intent confidence threshold ranked priority normal stop stop_detail
    ends planned round asks id query steps ask_id search tool search_knowledge arguments cause reason
    overflow gathered step_id status ok evidence article source title heading score features dense
    lexical aligned telling covered doubt same_article answer error fingerprint assessed verdict draft
    detail supported question why drafted attempt reply claims writer checked pass findings handed_off
    decided acted delivered key by agent remembered memory_id failure spent plan tool_calls handoffs
    returns __pregel_tasks channel_versions __start__ branch:to:triage branch:to:plan branch:to:assess
    branch:to:draft branch:to:check branch:to:deliver branch:to:remember branch:to:hand_off
    branch:to:await_human branch:to:act versions_seen __input__ gather remember updated_channels loop
    step parents epoch shape clarification summary actions proposed person extractive grounding
    """.split(),
}
"""What packed values are full of, by number. A list never changes: what was packed with it needs it."""
NEWEST = max(WORDS)


def compact(checkpoint: Checkpoint, metadata: CheckpointMetadata) -> Pair:
    """The same in less room; `expand` gives it back."""
    values = checkpoint["channel_values"]
    packer = zlib.compressobj(zdict=_dictionary(NEWEST))
    plain = strict_serializer().dumps_typed([checkpoint, metadata])[1]
    left: Any = {
        **checkpoint,
        "channel_values": {"turn": values.get("turn", 0)},
        "channel_versions": {"turn": checkpoint["channel_versions"].get("turn", 1)},
        "versions_seen": {},
        "updated_channels": None,
        PACKED: [NEWEST, packer.compress(plain) + packer.flush()],
        COPIED: sorted(_copied(values)),
    }
    told: Any = {name: one for name, one in metadata.items() if name in KEPT}
    told["shape"] = SHAPE
    return left, told


def expand(stored: Any) -> Pair:
    """What was compacted, and anything else as it is."""
    checkpoint, metadata = stored
    if PACKED not in checkpoint:
        return checkpoint, metadata
    number, packed = checkpoint[PACKED]
    plain = zlib.decompressobj(zdict=_dictionary(number)).decompress(packed)
    found: Pair = tuple(strict_serializer().loads_typed(("msgpack", plain)))
    return found


def changed(stored: Any, change: Callable[[Any], Any]) -> Any:
    """What `change` makes of a part of a thread as its row has it; what was compact stays so."""
    first = stored[0] if isinstance(stored, list) and stored else None
    if not (isinstance(first, dict) and PACKED in first):
        return change(stored)
    whole = list(expand(stored))
    made = change(whole)
    return stored if made == whole else list(compact(*made))


@lru_cache(maxsize=NEWEST)
def _dictionary(number: int) -> bytes:
    return b"".join(bytes([0xA0 + len(one)]) + one.encode() for one in WORDS[number])


def _copied(values: dict[str, Any]) -> set[str]:
    """Ids of tickets of which something was copied, by which the database finds the thread."""
    found: set[str] = set()
    left: list[Any] = [values]
    while left:
        whole = left.pop()
        parts = whole.values() if isinstance(whole, dict) else whole
        within = [part for part in parts if isinstance(part, dict | list)]
        left += within
        ids = [part.get("ticket_id") for part in within if isinstance(part, dict)]
        found.update(one for one in ids if isinstance(one, str))
    return found

"""Which checkpoints this version may go on with: those of its own shape of the state, and earlier ones."""

from __future__ import annotations

from langgraph.types import StateSnapshot

SHAPE = 1
"""Number of what checkpoints hold: the nodes of the graph and the keys of the state. A key that need
not be there changes nothing of it."""


class NewerState(Exception):
    """A newer version has begun the turn, and something was done in it: this one cannot go on."""


def shape_of(snapshot: StateSnapshot) -> int:
    """Of a checkpoint. Before they said so, there was one."""
    shape: int = (snapshot.metadata or {}).get("shape", 1)  # type: ignore[assignment]
    return shape

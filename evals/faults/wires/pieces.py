"""Pieces of a stream."""

import json
from collections.abc import Mapping

CHUNK_CHARS = 40


def cut_up(text: str) -> list[str]:
    """The text in small pieces."""
    return [text[start : start + CHUNK_CHARS] for start in range(0, len(text), CHUNK_CHARS)]


def event(data: Mapping[str, object], name: str = "") -> str:
    """A server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n"


def as_object(arguments: str) -> dict[str, object]:
    """Arguments on a wire that holds no broken JSON: what breaks off says nothing there."""
    try:
        found = json.loads(arguments)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}

"""Parts of the other side's JSON, whatever stands there instead of what is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tools.adapters.helpdesk.contract import number
from tools.contract import Json, SchemaChanged

MOST_CHARS = 200_000
"""Of one text; a longer one is cut before anything reads it."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def part(found: Json, name: str) -> Json:
    """An object in an object; an empty one where there is none."""
    inner = found.get(name)
    return inner if isinstance(inner, dict) else {}


def parts(found: Json, name: str) -> list[Json]:
    """A list of objects in an object; what is no object is left out."""
    inner = found.get(name)
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []


def user_id(found: Json) -> str:
    """The number of the user that an answer is about. Raises `SchemaChanged`."""
    identity = number(found.get("id"))
    if identity is None:
        raise SchemaChanged("the answer names no user")
    return identity


def words(found: Any) -> str:
    """A text; empty for anything else."""
    return found[:MOST_CHARS] if isinstance(found, str) else ""


def moment(found: Any) -> datetime:
    """Seconds since 1970, or ISO 8601; long ago for anything else."""
    try:
        if isinstance(found, int | float):
            return datetime.fromtimestamp(found, UTC)
        read = datetime.fromisoformat(str(found))
    except (ValueError, OverflowError, OSError):
        return NEVER
    return read if read.tzinfo else read.replace(tzinfo=UTC)

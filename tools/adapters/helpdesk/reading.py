"""Parts of the other side's JSON, whatever stands there instead of what is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tools.adapters.helpdesk.contract import number
from tools.contract import Json
from tools.faults import SchemaChanged

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


def needed(found: Json, name: str) -> Json:
    """The same, of an answer that must have it. Raises `SchemaChanged`.

    A proxy or a helpdesk in trouble answers 200 with an error: that must not be taken for "nothing".
    """
    if not isinstance(found.get(name), dict):
        raise SchemaChanged(f"the answer has no {name}")
    return part(found, name)


def listed(found: Json, name: str) -> list[Json]:
    """The same of a list. Raises `SchemaChanged`."""
    if not isinstance(found.get(name), list):
        raise SchemaChanged(f"the answer has no list of {name}")
    return parts(found, name)


def identity(found: Json) -> str:
    """The number of what an answer is about. Raises `SchemaChanged`."""
    given = number(found.get("id"))
    if given is None:
        raise SchemaChanged("the answer does not say what it is about")
    return given


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

"""What is wrong with a request, a field at a time, without repeating what was sent."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from api.http.problems import FieldProblem
from api.http.text import IDEMPOTENCY_PATTERN

MAX_ERRORS = 20
"""Fields named in one answer; the rest shows after these are repaired."""
MOST_NAME_CHARS = 64
"""Characters of an unknown name that are compared with the known ones: comparing is quadratic."""
MOST_FIELD_CHARS = 200
"""Characters of a field's path that are told."""

_PARTS: dict[str, str] = {"query": "query ", "header": "header ", "path": "path "}
_PATTERNS = {IDEMPOTENCY_PATTERN: "printable ASCII characters without spaces"}
_SHAPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "dict_type": "an object",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def field_problems(errors: Iterable[Any], known: Collection[str] = ()) -> list[FieldProblem]:
    """The framework's findings in the words of the API; an unknown field may be one of `known`."""
    return [
        FieldProblem(field=_field(item["loc"]), message=_message(item, known))
        for item in islice(errors, MAX_ERRORS)
    ]


def _field(loc: Sequence[int | str]) -> str:
    place, *rest = loc
    parts = [part for part in rest if part != "[key]"]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return _PARTS.get(str(place), "") + (name.lstrip(".")[:MOST_FIELD_CHARS] or "body")


def _message(item: Any, known: Collection[str]) -> str:
    kind, context = item["type"], item.get("ctx") or {}
    match kind:
        case "missing":
            text = "is missing" if len(item["loc"]) > 1 else "is empty: send a JSON object"
        case "extra_forbidden":
            text = "is not known" + _close(str(item["loc"][-1]), context.get("known", known))
        case "string_too_short":
            text = f"is too short: at least {context['min_length']} characters"
        case "string_too_long" | "too_long":
            many = f"at most {context['max_length']:,}"
            is_text = isinstance(item["input"], str)
            text = f"is too long: {many} characters" if is_text else f"has too many: {many}"
        case "string_pattern_mismatch":
            text = f"must be {_PATTERNS.get(context['pattern'], context['pattern'])}"
        case "literal_error" | "enum":
            text = f"must be {context['expected']}"
        case "greater_than_equal" | "less_than_equal":
            text = f"must be {_bound(context)}"
        case _ if kind in _SHAPES:
            text = f"must be {_SHAPES[kind]}"
        case _:
            words = str(context.get("error", item["msg"]))
            text = f"{words[:1].lower()}{words[1:]}"
    return text


def _bound(context: Mapping[str, Any]) -> str:
    return f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"


def _close(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name[:MOST_NAME_CHARS], known, n=1)
    return f": did you mean {close[0]!r}?" if close else ": remove it"

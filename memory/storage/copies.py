"""What was copied from one ticket into another's data, found in plain data of any shape."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

RUN = 4
"""Words in a row by which a text is known again where it was changed; a shorter text as a line."""


def without(value: Any, ids: Collection[str]) -> Any:
    """Plain data without the entries of lists that were copied from one of these tickets."""
    if isinstance(value, dict):
        return {name: without(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [without(part, ids) for part in value if not _is_copy(part, ids)]
    return value


def without_words(value: Any, texts: Collection[str]) -> Any:
    """Plain data without the lines of these texts, whole or in parts; what stood beside them stays.

    A line that was changed on the way, as masked or folded into one line, takes the string along.
    """
    lines = (line.strip() for text in texts for line in text.split("\n"))
    said = dict.fromkeys(line for line in lines if line)
    runs = {run for line in said for run in _runs(line)}
    return _mapped(value, lambda found: _cleaned(found, said, runs))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(part, change) for part in value)
    return value


def _cleaned(found: str, said: Collection[str], runs: Collection[tuple[str, ...]]) -> str:
    kept = "\n".join(line for line in found.split("\n") if line.strip() not in said)
    for line in said:
        if len(_words(line)) >= RUN:
            kept = kept.replace(line, "")
    return "" if any(run in runs for run in _runs(kept)) else kept


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def _words(text: str) -> list[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return plain.split()


def _is_copy(part: Any, ids: Collection[str]) -> bool:
    return isinstance(part, dict) and part.get("ticket_id") in ids

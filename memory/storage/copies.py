"""What was copied from one ticket into another's data, found in plain data of any shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

RUN = 4
"""Words in a row by which a text is known again where it was changed; a shorter text as a line."""
MOST_FOLDED = 100
"""Lines that are taken out of one string; a string with more of them goes."""
Run = tuple[str, ...]


def without(value: Any, ids: Collection[str]) -> Any:
    """Plain data without the entries of lists that were copied from one of these tickets."""
    if isinstance(value, dict):
        return {name: without(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [without(part, ids) for part in value if not _is_copy(part, ids)]
    return value


def without_words(value: Any, texts: Collection[str], others: Collection[str] = ()) -> Any:
    """Plain data without the lines of these texts, whole or in parts; what stood beside them stays.

    A line that was changed on the way, as masked or folded into one line, takes the string along. What
    `others` said with the same words stays, and so does a code of ours that a line happens to be: "ok".
    """
    theirs = set(_lines_of(others))
    said = [line for line in dict.fromkeys(_lines_of(texts)) if line not in theirs]
    runs = {run for line in said for run in _runs(line)}
    runs -= {run for line in theirs for run in _runs(line)}
    longer = {line: found for line in said if (found := _runs(line) & runs)}
    return _mapped(value, lambda found: _cleaned(found, frozenset(said), runs, longer))


def _lines_of(texts: Collection[str]) -> Iterator[str]:
    lines = (line.strip() for text in texts for line in text.split("\n"))
    return (line for line in lines if line)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(part, change) for part in value)
    return value


def _cleaned(
    found: str,
    said: Collection[str],
    runs: AbstractSet[Run],
    longer: Mapping[str, AbstractSet[Run]],
) -> str:
    if _is_code(found):
        return found
    kept = "\n".join(line for line in found.split("\n") if line.strip() not in said)
    mine = _runs(kept) & runs
    folded = [line for line, own in longer.items() if own <= mine] if mine else []
    for line in folded[:MOST_FOLDED]:
        kept = kept.replace(line, "")
    return "" if mine and _runs(kept) & runs else kept


def _is_code(text: str) -> bool:
    return text.isascii() and text.islower() and text.replace("_", "").isalpha()


def _runs(text: str) -> set[Run]:
    words = _words(text)
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def _words(text: str) -> list[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return plain.split()


def _is_copy(part: Any, ids: Collection[str]) -> bool:
    return isinstance(part, dict) and part.get("ticket_id") in ids

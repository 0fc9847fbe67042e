"""What was copied from one ticket into another's data, found in plain data of any shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from memory.storage.word_runs import Run, lines_of, runs_of

MOST_FOLDED = 100
"""Lines that are taken out of one string; a string with more of them goes."""


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
    theirs = set(lines_of(others))
    said = [line for line in dict.fromkeys(lines_of(texts)) if line not in theirs]
    runs = {run for line in said for run in runs_of(line)}
    runs -= {run for text in others for run in runs_of(text)}
    longer = {line: found for line in said if (found := runs_of(line) & runs)}
    return mapped(value, lambda found: _cleaned(found, frozenset(said), runs, longer))


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Plain data with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: mapped(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mapped(part, change) for part in value)
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
    mine = runs_of(kept) & runs
    folded = [line for line, own in longer.items() if own <= mine] if mine else []
    for line in folded[:MOST_FOLDED]:
        kept = kept.replace(line, "")
    return "" if mine and runs_of(kept) & runs else kept


def _is_code(text: str) -> bool:
    return text.isascii() and text.islower() and text.replace("_", "").isalpha()


def _is_copy(part: Any, ids: Collection[str]) -> bool:
    return isinstance(part, dict) and part.get("ticket_id") in ids

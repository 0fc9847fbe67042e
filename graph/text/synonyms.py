"""Other names of a thing: those that WordNet has for it, and the long form of a short one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from graph.text.words import STOP
from memory.patterns import linear

SHORT = range(3, 9)
"""Letters of a short form."""
MOST_WORDS = 4
"""Of a long form."""
ASKED_KEPT = 1_000
"""Names whose others are kept: to search the table for one takes some .2 ms."""
MOST_NAMES = 2_000
"""Capitalised words that are read of a text."""
_PART = linear(r"\p{L}[\p{L} ’'-]{3,300}")
"""What stands between two stops, brackets or figures."""
_LETTERS = linear(r"\p{L}+")
_CAPITAL = linear(r"\b\p{Lu}\p{L}{1,20}(?: \p{Lu}\p{L}{1,20})*")


@cache
def _table() -> str:
    known = json.loads(Path(__file__).with_name("synonyms.json").read_text())["names"]
    return "".join(f"\n|{one}|" for one in known) + "\n"


@lru_cache(maxsize=ASKED_KEPT)
def other_names(thing: str) -> frozenset[str]:
    """What a thing in one or two words, in small letters, is also called.

    >>> sorted(other_names("flashlight"))
    ['flashlight', 'torch']
    """
    table, at = _table(), 0
    found: set[str] = set()
    while (at := table.find(f"|{thing}|", at)) >= 0:
        start, at = table.rfind("\n", 0, at), table.find("\n", at)
        found.update(table[start + 2 : at - 1].split("|"))
    return frozenset(found)


def has_long_form(short: str, text: str) -> bool:
    """Whether a text writes a short name out: "FedEx" for "Federal Express", by its initials or two letters of each at least.

    "Spa" is none for "Sports Arena".

    >>> has_long_form("fedex", "We send it by Federal Express.")
    True
    """
    return len(short) in SHORT and any(
        _shortens(short.lower(), run[at : at + size], piece)
        for one in islice(_CAPITAL.finditer(text), MOST_NAMES)
        for run in [one.group().lower().split(" ")[: MOST_WORDS * MOST_WORDS]]
        for size in range(2, MOST_WORDS + 1)
        for at in range(len(run) - size + 1)
        for piece in (range(1, 2), range(2, len(short)))
    )


def written_out(short: str, text: str) -> str:
    """The words of a text whose first letters make a short form; empty where there are none, or it stands there itself.

    >>> written_out("SSO", "Turn on single sign-on first.")
    'single sign-on'
    """
    if short in text:
        return ""
    for part in islice(_PART.finditer(text), MOST_NAMES):
        said = list(_LETTERS.finditer(part.group()))
        initials = "".join(one.group()[0] for one in said).lower()
        at = initials.find(short.lower())
        if at >= 0 and said[at].group().lower() not in STOP:
            return part.group()[said[at].start() : said[at + len(short) - 1].end()]
    return ""


def _shortens(short: str, names: Sequence[str], piece: range) -> bool:
    """Whether it is made of how each of them begins, of so many letters each."""
    if not names or not short:
        return not names and not short
    first, *rest = names
    return any(
        short[:size] == first[:size] and _shortens(short[size:], rest, piece)
        for size in piece
        if size <= len(first)
    )

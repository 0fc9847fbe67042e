"""Words that are spelt nearly so: what a search falls back on when nothing holds its words."""

from __future__ import annotations

from collections.abc import Iterable

from memory.storage.postgres_text import words_of

SHORT, LONG = 4, 8
"""Letters from which a word may have one mistake, and two."""
LONGEST = 40
"""Letters of a word that are compared."""
MOST_COMPARED = 1_000
"""Handoffs or tickets whose words are compared, the newest first."""


def near(query: str, texts: Iterable[str]) -> list[int]:
    """Places of the texts that hold, for each word of the query, one that is nearly spelt so."""
    asked = [one[:LONGEST] for one in words_of(query)]
    known: dict[tuple[str, str], bool] = {}

    def alike(wanted: str, word: str) -> bool:
        pair = (wanted, word)
        if pair not in known:
            known[pair] = _within(wanted, word, _mistakes(wanted))
        return known[pair]

    found = []
    for place, text in enumerate(texts):
        said = {one[:LONGEST] for one in words_of(text)}
        if asked and all(any(alike(one, word) for word in said) for one in asked):
            found.append(place)
    return found


def _mistakes(word: str) -> int:
    """How many are forgiven; none in a number, since each digit is another one."""
    if len(word) < SHORT or any(map(str.isdigit, word)):
        return 0
    return 2 if len(word) >= LONG else 1


def _within(one: str, other: str, most: int) -> bool:
    """Whether so few letters were left out, added, changed or swapped with the next."""
    if one == other:
        return True
    if not most or abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for place, sign in enumerate(other, start=1):
            cost = min(last[place] + 1, row[-1] + 1, last[place - 1] + (letter != sign))
            swapped = at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == sign
            row.append(min(cost, before[place - 2] + 1) if swapped else cost)
        before, last = last, row
    return last[-1] <= most

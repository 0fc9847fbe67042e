"""Whether all that a reader of the source sees stands in the stored blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

MISSING_SHARE = 0.01
"""Share of plain words that may be missing; of numbers, units and names none may."""
SHOWN = 8
"""Missing words that are named."""
_UNIT_SIGNS = frozenset("€$£¥₹₽₩%‰°§")


@dataclass(frozen=True)
class Missing:
    """What did not arrive."""

    facts: tuple[str, ...]
    """Numbers, units and names, in order."""
    words: tuple[str, ...]
    """All other words."""
    total: int
    """Words of the source."""

    @property
    def matters(self) -> bool:
        """Whether a person should know."""
        return bool(self.facts) or len(self.words) > MISSING_SHARE * self.total

    @override
    def __str__(self) -> str:
        """In words."""
        missing = (*self.facts, *self.words)
        named = ", ".join(repr(one) for one in missing[:SHOWN])
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        return f"{len(missing)} of its {self.total} words could not be read into it: {named}{more}"


def compare(visible: str, stored: Sequence[str]) -> Missing:
    """What of the visible text is not among the stored texts, counted word by word.

    >>> compare("It costs 1 250 euros.", ["It costs 1250euros."]).facts
    ('1', '250')
    """
    left = Counter(one.casefold() for text in stored for one in words(text))
    found = list(words(visible))
    facts, others = [], []
    for word in found:
        key = word.casefold()
        if left[key] > 0:
            left[key] -= 1
        elif _is_fact(word):
            facts.append(word)
        else:
            others.append(word)
    return Missing(tuple(facts), tuple(others), len(found))


def words(text: str) -> list[str]:
    """Runs of letters and digits, and the symbols of units each by itself."""
    return "".join(
        sign if sign.isalnum() else f" {sign} " if sign in _UNIT_SIGNS else " " for sign in text
    ).split()


def _is_fact(word: str) -> bool:
    """Whether a word is a number, a unit's symbol or a name."""
    return word in _UNIT_SIGNS or any(sign.isdigit() or sign.isupper() for sign in word)

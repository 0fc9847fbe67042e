"""What a customer tells in figures, and the bounds that an article sets: "iOS 17" meets "iOS 15 or later"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import inf

from graph.text.ages import ages, holds_for
from graph.text.words import NUMBER_WORDS, STOP, stem
from memory.patterns import linear

MOST = 200
"""Words that are read of a text."""
_TOKEN = linear(r"[€£$%–-]|\d{1,3}(?:,\d{3}){1,3}\b|\d{1,9}(?:[.,]\d{1,9})?|\p{L}[\p{L}'’]{0,30}")
_LOW = (
    *("at least", "from", "minimum of", "more than", "over", "above", "older than", "longer than"),
    *("later than", "after", "after the first"),
)
_HIGH = (
    *("up to", "at most", "no more than", "not more than", "maximum of", "within", "no older than"),
    *("less than", "fewer than", "under", "below", "smaller than", "younger than", "shorter than"),
)
_STRICT = (*_LOW[3:], *_HIGH[7:])
"""Bounds that their own figure does not meet."""
_MORE = frozenset("later newer more over older above higher longer up".split())
_LESS = frozenset("less fewer earlier below under younger shorter".split())
_SIZES = {
    "time": "minute 1 min 1 hour 60 hr 60 day 1440 night 1440 week 10080 month 43200 year 525600",
    "length": "mm 0.001 cm 0.01 m 1 metre 1 meter 1 km 1000 mile 1609",
    "weight": "g 0.001 kg 1 kilo 1 lb 0.454",
    "money": "€ 1 £ 1 $ 1 euro 1 eur 1 gbp 1 usd 1 pound 1 dollar 1",
    "share": "% 1 percent 1",
}
_UNITS = {
    stem(name): (kind, float(size))
    for kind, listed in _SIZES.items()
    for name, size in zip(listed.split()[::2], listed.split()[1::2], strict=True)
}
OF_MANY = frozenset(["time", "money", "share"])
"""Kinds of figures that are told of many things."""
VERSIONED = frozenset(
    "ios ipados android windows macos chrome firefox safari edge version python php java office ubuntu".split()
)
"""Names behind which a figure tells the version."""
_PARTS = 10_000
"""More than any part of a version counts up to."""
_BETWEEN = frozenset(["business", "working", "full", "calendar", "whole"])
_RANGE = frozenset(["to", "and", "-", "–"])


@dataclass(frozen=True)
class Bound:
    """The figures that a sentence speaks of."""

    kind: str
    """What is measured or counted: "time", the stem of a noun, or the name of what has versions."""
    low: float
    high: float
    strict: bool = False

    def holds(self, value: float) -> bool:
        """Whether a figure is among them."""
        return self.low < value < self.high if self.strict else self.low <= value <= self.high


def stated(text: str) -> dict[str, float]:
    """What a text tells in figures: of each kind that is told once, how much.

    >>> stated("I have iOS 17 and cancelled 30 hours before.")
    {'ios': 17.0, 'time': 1800.0}
    """
    found: dict[str, set[float]] = {}
    for kind, size, at, said in _figures(text):
        found.setdefault(kind, set()).add(_value(said[at], kind) * size)
    return {kind: next(iter(values)) for kind, values in found.items() if len(values) == 1}


def bounds(sentence: str) -> list[Bound]:
    """The bounds that it sets.

    >>> bounds("It needs iOS 15 or later.")
    [Bound(kind='ios', low=15.0, high=inf, strict=False)]
    """
    return [
        bound
        for kind, size, at, said in _figures(sentence)
        if (bound := _bound(kind, size, at, said)) is not None
    ]


def met(told: Mapping[str, float], sentence: str) -> list[tuple[str, bool]]:
    """For each bound of a sentence on something that was told, on what it is and whether it is met."""
    return [(one.kind, one.holds(told[one.kind])) for one in bounds(sentence) if one.kind in told]


def concerns(text: str, said: str) -> bool:
    """Whether it is about an age, or bounds a size or a count, of which what was said is within: "under 18s".

    Times and sums are told of many things: "I bought it 10 days ago" opened nothing "more than 7 days ago".
    """
    return any(holds_for(text, age) for age in ages(said)) or any(
        within and kind not in OF_MANY for kind, within in met(stated(said), text)
    )


def _figures(text: str) -> Iterator[tuple[str, float, int, Sequence[str]]]:
    """(kind, how much one of its unit is, place, all words) for each figure whose kind is told."""
    said = [one.group().lower() for one in islice(_TOKEN.finditer(text), MOST)]
    for at, word in enumerate(said):
        if (word[0].isdigit() or word in NUMBER_WORDS) and (kind := _kind(said, at)):
            yield *kind, at, said


def _kind(said: Sequence[str], at: int) -> tuple[str, float] | None:
    before = said[at - 1] if at else ""
    if before in VERSIONED:
        return (before, 1.0)
    if before in _UNITS and not before.isalpha():  # a sign, as in £20
        return _UNITS[before]
    rest = said[at + 1 : at + 6]
    if len(rest) > 1 and rest[0] in _RANGE and rest[1][0].isdigit():
        rest = rest[2:]
    if len(rest) > 1 and rest[0] in {"or", "and"} and rest[1] in _MORE | _LESS:
        rest = rest[2:]
    unit = next((one for one in rest if one not in _BETWEEN and one != "-"), "")
    if not unit or unit in STOP or unit[0].isdigit():
        return None
    return _UNITS.get(stem(unit), (stem(unit), 1.0))


def _bound(kind: str, size: float, at: int, said: Sequence[str]) -> Bound | None:
    value, rest = _value(said[at], kind) * size, said[at + 1 : at + 6]
    if len(rest) > 1 and rest[0] in _RANGE and rest[1][0].isdigit():
        low, high = sorted((value, _value(rest[1], kind) * size))
        return Bound(kind, low, high)
    if at > 1 and said[at - 1] in _RANGE and said[at - 2][0].isdigit():
        return None  # the end of what was read above
    for joint, word in pairwise(rest):
        if joint in {"or", "and"} and word in _MORE | _LESS:
            return Bound(kind, value, inf) if word in _MORE else Bound(kind, -inf, value)
        if joint in {"or", "and", "but"}:
            break
    start = at - 1 if at and (said[at - 1] in VERSIONED or not said[at - 1].isalpha()) else at
    before = " ".join(said[max(0, start - 3) : start])
    for words, low in ((_HIGH, False), (_LOW, True)):
        if found := next((one for one in words if f" {before}".endswith(f" {one}")), None):
            span = (value, inf) if low else (-inf, value)
            return Bound(kind, *span, strict=found in _STRICT)
    return None


def _value(word: str, kind: str) -> float:
    """Of a number as it is written: "1,000" is a thousand, "1,5" one and a half, and version 3.10 comes after 3.9."""
    if kind in VERSIONED and "." in word:
        first, _, second = word.partition(".")
        return float(first) + float(second) / _PARTS
    rest = word.partition(",")[2]
    grouped = len(rest) > 2 and len(rest.replace(",", "")) % 3 == 0  # noqa: PLR2004
    return float(NUMBER_WORDS.get(word) or word.replace(",", "" if grouped else "."))

"""How old somebody is, and for which ages a sentence holds: "My son is 7" and "Children under 8 ..."."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from memory.patterns import linear

MOST = 8
"""Ages of one text, and bounds of one sentence."""
OLDEST = 120
_AGE = linear(
    r"\b(?:i am|i['’]m|is|who['’]s|he['’]s|she['’]s|are|aged?|turn(?:s|ed)|just)(?: (?:only|just|now|almost|already))? (?P<a>\d{1,3})(?: and (?P<b>\d{1,3}))?"
    r"(?:$|[.,;:!?)]| (?:and|so|but|now|can|may|is|are|do|does|years?)\b)"
    r"|\b(?P<c>\d{1,3})[ -]?(?:years?[ -]olds?|year[ -]olds?|yo)\b"
    r"|\b(?:son|daughter|boy|girl|kid|child|grand\w+|mother|father|mum|dad|niece|nephew)s? \((?P<d>\d{1,3})\)",
    ignore_case=True,
)
_PEOPLE = linear(
    r"\b(?:child(?:ren)?|kids?|people|persons?|adults?|guests?|seniors?|pensioners?|members?|minors?|youths?|teen\w*|everybody|anyone|age[ds]?|years? old|under ?-?\d+s|over ?-?\d+s)\b"
    r"|^from \d{1,2} to \d{1,2} (?:only|may|must|can|with)\b",
    ignore_case=True,
)
_UNDER = linear(
    r"\b(?:under|below|younger than|up to(?: the age of)?) ?-?(\d{1,3})s?\b", ignore_case=True
)
_OVER = linear(
    r"\b(?:over|above|older than|at least|from the age of) ?-?(\d{1,3})s?\b|\b(\d{1,3})(?: years)? (?:and|or) (?:over|older|above|more)\b",
    ignore_case=True,
)
_BETWEEN = linear(
    r"\b(?:from |between |aged )?(\d{1,3}) ?(?:to|and|-|–) ?(\d{1,3})\b", ignore_case=True
)
_UNIT = linear(
    r"^ ?(?:%|per ?cent|[€£$]|euros?|pounds?|minutes?|hours?|days?|weeks?|months?|metres?|meters?|km\b|kg\b|people|persons?|pm\b|am\b)",
    ignore_case=True,
)


def ages(text: str) -> list[int]:
    """The ages that a text tells of people.

    >>> ages("My daughter (12) and my son, who is 7, come along.")
    [12, 7]
    """
    found = (
        int(value)
        for one in islice(_AGE.finditer(text), MOST)
        for name in "abcd"
        if (value := one[name])
    )
    return [one for one in found if one <= OLDEST]


def without_ages(text: str) -> str:
    """Without what tells how old people are: its "year" is none of the article's."""
    return _AGE.sub(" ", text)


def holds_for(sentence: str, age: int) -> bool:
    """Whether it is about people of an age among whom this one is."""
    return _PEOPLE.search(sentence) is not None and within(sentence, age)


def within(text: str, age: int) -> bool:
    """Whether an age is within bounds that a text sets, whomever it is about: "Drivers of 25 and over"."""
    return any(low <= age <= high for low, high in _bounds(text))


def _bounds(sentence: str) -> Iterator[tuple[int, int]]:
    for pattern, over in ((_UNDER, False), (_OVER, True)):
        for one in islice(pattern.finditer(sentence), MOST):
            if _UNIT.match(sentence[one.end() :][:12]):
                continue
            bound = int(next(part for part in (one.group(1), one.group(2) if over else "") if part))
            yield (bound + 1 if over else 0, OLDEST if over else bound - 1)
    for one in islice(_BETWEEN.finditer(sentence), MOST):
        if not _UNIT.match(sentence[one.end() :][:12]):
            yield (int(one.group(1)), int(one.group(2)))

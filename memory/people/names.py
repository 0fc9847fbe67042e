"""When two names of people would be taken for one by whoever reads them beside a decision."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

HOPS = 4
"""Steps of likeness that are followed: Cyrillic o, o, O, 0."""
BLANK_LETTERS = "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
"""Letters by Unicode's table, and nothing to the eye; the other fillers are compatible with them."""
MOST_SIGNS = 4_096
"""Characters whose likeness is remembered."""


def skeleton(name: str) -> str:
    """What a reader sees of a name: equal for names that look alike.

    Compatible forms and case are folded, only what is written with letters, marks and digits
    counts, and each character is taken for the simplest one that looks like it (Unicode's table of
    confusables): Cyrillic a for a, 0 for o, 1 for l.
    """
    signs = (one for one in unicodedata.normalize("NFKC", name) if _is_seen(one))
    seen = "".join(map(_plainest, signs)).casefold()
    return seen.replace("rn", "m").replace("vv", "w")


def _is_seen(sign: str) -> bool:
    return sign not in BLANK_LETTERS and unicodedata.category(sign)[0] in "LMN"


@lru_cache(maxsize=MOST_SIGNS)
def _plainest(sign: str) -> str:
    """The character of lowest number that looks like it, in either case."""
    alike, new = {sign}, {sign}
    for _ in range(HOPS):
        new = {other for one in new for other in _like(one)} - alike
        alike |= new
    return min(alike)


def _like(sign: str) -> set[str]:
    from confusable_homoglyphs.confusables import confusables_data  # a table of a megabyte

    found = {one["c"] for one in confusables_data.get(sign, ())}
    if sign.isascii():  # small Greek nu is like v, capital nu like N: case leads astray elsewhere
        found |= {sign.upper(), sign.lower()}
    return {one for one in found if len(one) == 1}

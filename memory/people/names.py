"""When two names of people would be taken for one by whoever reads them beside a decision."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

HOPS = 4
"""Steps of likeness that are followed: Cyrillic o, o, O, 0."""
MOST_SIGNS = 4_096
"""Signs whose likeness is remembered."""


def skeleton(name: str) -> str:
    """What a reader sees of a name: equal for names that look alike.

    Compatible forms, blanks and case are folded, and each sign is taken for the simplest one that
    looks like it (Unicode's table of confusables): Cyrillic a for a, 0 for o, 1 for l.
    """
    compatible = " ".join(unicodedata.normalize("NFKC", name).split())
    seen = "".join(map(_plainest, compatible)).casefold()
    return seen.replace("rn", "m").replace("vv", "w")


@lru_cache(maxsize=MOST_SIGNS)
def _plainest(sign: str) -> str:
    """The sign of lowest number that looks like it, in either case."""
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

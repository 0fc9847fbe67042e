"""Properties that wikis and notebooks write below a title when they export a page: who owns it, since when."""

from __future__ import annotations

from collections.abc import Iterable

FEWEST = 2
"""Such lines: one by itself may be a fact of the article."""
LONGEST_VALUE = 120
_OF_PAGES = frozenset(
    "author authors created edited editor modified owner reviewed updated".split()
)
"""What only a page has: one of them says so of the rest, since an open day has a date and a time as well."""
_WORDS = _OF_PAGES | set("category date last status tag tags time version".split())
"""Of which the name of each of them consists, with what joins them."""
_JOINTS = frozenset({"at", "by", "on"})


def without_properties(body: str) -> tuple[str, dict[str, str]]:
    r"""The text without them, and them by their names in lower case; they are told to nobody who asks about the matter.

    >>> without_properties("# Lamps\n\nOwner: Ann\nLast updated: 3 May\n\nThey are in room 4.")
    ('# Lamps\n\nThey are in room 4.', {'owner': 'Ann', 'last updated': '3 May'})
    """
    lines = body.split("\n")
    said = [at for at, line in enumerate(lines) if line.strip()]
    below = said[1:] if said and lines[said[0]].startswith("# ") else said
    if not below:
        return body, {}
    begins = below[0]
    end = next((at for at in range(begins, len(lines)) if not lines[at].strip()), len(lines))
    found = dict(map(_property, lines[begins:end]))
    is_all = below[-1] < end  # a page on how things stand
    if is_all or len(found) < FEWEST or not all(map(_is_name, found)) or not _are_of_a_page(found):
        return body, {}
    return "\n".join([*lines[:begins], *lines[end + 1 :]]), found


def _property(line: str) -> tuple[str, str]:
    name, colon, value = line.strip().lstrip("-* ").partition(": ")
    told = bool(colon) and 0 < len(value.strip()) <= LONGEST_VALUE
    return (name.strip("*_ ").lower(), value.strip()) if told else ("", "")


def _are_of_a_page(names: Iterable[str]) -> bool:
    return any(not _OF_PAGES.isdisjoint(name.replace("-", " ").split()) for name in names)


def _is_name(name: str) -> bool:
    words = set(name.replace("-", " ").split())
    return not words.isdisjoint(_WORDS) and words <= _WORDS | _JOINTS

"""Signs of Unicode made comparable, in time that grows with the text."""

from __future__ import annotations

import unicodedata
from collections import Counter

MOST_MARKS = 30
"""Combining marks in a row that are kept: Unicode's own bound for streams (UAX 15, section 13).

Normalising sorts them, and the sort is quadratic; no writing system needs more.
"""


MOST_GROWTH = 4
"""Length by which a text may grow: one sign may stand for eighteen, and only an attack repeats it."""


def compatible(text: str) -> str:
    """NFKC: full-width and other compatible forms as the plain ones they stand for.

    A text that would grow beyond `MOST_GROWTH` stays as it is.
    """
    if text.isascii():
        return text
    if _grown(text) > MOST_GROWTH * len(text):
        return text
    return unicodedata.normalize("NFKC", stream_safe(text))


def _grown(text: str) -> int:
    """Length of the signs of a text, each made compatible by itself; an upper bound of the whole."""
    signs = Counter(text).items()
    return sum(len(unicodedata.normalize("NFKC", sign)) * number for sign, number in signs)


def stream_safe(text: str) -> str:
    """The text with at most `MOST_MARKS` combining marks in a row."""
    if not any(map(unicodedata.combining, set(text))):
        return text
    kept: list[str] = []
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)

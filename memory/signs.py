"""Signs of Unicode made comparable, in time that grows with the text."""

from __future__ import annotations

import unicodedata

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
    found = unicodedata.normalize("NFKC", stream_safe(text))
    return found if len(found) <= MOST_GROWTH * len(text) else text


def stream_safe(text: str) -> str:
    """The text with at most `MOST_MARKS` combining marks in a row."""
    kept: list[str] = []
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)

"""Characters of Unicode made comparable, in time that grows with the text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import groupby

MOST_MARKS = 30
"""Combining marks in a row that are kept: Unicode's own bound for streams (UAX 15, section 13).

Normalising sorts them, and the sort is quadratic; no writing system needs more.
"""


LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοαερνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSoaepviktuxABEZHIKMNOPTYX",
)
"""Letters of Cyrillic and Greek that look like Latin ones."""
OVERLAYS = dict.fromkeys(range(0x0334, 0x0339))
"""Strokes through a letter: the word under them is meant."""

DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Embeddings, overrides and isolates: they turn round what stands behind them. A right-to-left
name or word needs none; its marks (U+200E, U+200F) stay."""

MOST_GROWTH = 4
"""Length by which a text may grow: one character may stand for eighteen, and only an attack repeats it."""


def undirected(line: str) -> str:
    """A name or a title that turns nothing round: `invoice<U+202E>fdp.exe` would be shown as a PDF."""
    return line if line.isascii() else line.translate(DIRECTIONS)


def compatible(text: str) -> str:
    """NFKC: full-width and other compatible forms as the plain ones they stand for.

    A text that would grow beyond `MOST_GROWTH` stays as it is.
    """
    if text.isascii():
        return text
    if _grown(text) > MOST_GROWTH * len(text):
        return text
    return unicodedata.normalize("NFKC", _stream_safe(text))


def one_script(text: str) -> str:
    """Latin letters for their look-alikes in words that hold Latin ones as well; no strokes through."""
    if text.isascii():
        return text
    plain = text.translate(OVERLAYS)
    swapped = plain.translate(LOOK_ALIKES)
    if swapped == plain:
        return plain
    pieces = zip(_words(plain), _words(swapped), strict=True)
    return "".join(new if any(map(_is_latin, old)) else old for old, new in pieces)


def _words(text: str) -> list[str]:
    """Words and what stands between them, in turn; look-alikes keep the places."""
    return ["".join(run) for _, run in groupby(text, key=str.isalpha)]


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _grown(text: str) -> int:
    """Length of the characters of a text, each made compatible by itself; an upper bound of the whole."""
    signs = Counter(text).items()
    return sum(len(unicodedata.normalize("NFKC", sign)) * number for sign, number in signs)


def _stream_safe(text: str) -> str:
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

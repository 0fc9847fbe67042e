"""Words of a text, also of one without spaces, and how many of them stand in a row."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

RUN = 4
"""Words in a row by which a text is known again where it was changed; a shorter text as a line."""
DENSE = 5
"""Characters of a script without spaces that count as a word, from each of them on: a run has eight."""
SCRIPTS = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u9fff"),
    ("\uf900", "\ufaff"),
)
"""First and last characters of such scripts: Thai to Lao, Burmese, Khmer, kana to Han; and Han that is
compatible. All after them is taken for Han too."""
OTHER_HAN = "\U00020000"
Run = tuple[str, ...]
_WORD, _DENSE = 1, 2


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand."""
    at = 0
    for kind, group in groupby(text, _kind):
        end = at + sum(1 for _ in group)
        if kind == _WORD:
            yield at, end
        elif kind == _DENSE:
            yield from ((n, min(n + DENSE, end)) for n in range(at, max(at, end - DENSE) + 1))
        at = end


def _kind(sign: str) -> int:
    return 0 if not sign.isalnum() else _DENSE if is_dense(sign) else _WORD


def is_dense(sign: str) -> bool:
    """Whether it belongs to a script that puts no spaces between words."""
    if sign < SCRIPTS[0][0]:
        return False
    return sign >= OTHER_HAN or any(first <= sign <= last for first, last in SCRIPTS)


def lines_of(texts: Collection[str]) -> Iterator[str]:
    """All that hold something, without the blanks around them."""
    lines = (line.strip() for text in texts for line in text.split("\n"))
    return (line for line in lines if line)


def runs_of(text: str) -> set[Run]:
    """Each `RUN` words that stand in a row."""
    return in_a_row(words_of(text), RUN)


def in_a_row(words: list[str], size: int) -> set[Run]:
    """Each so many words that stand in a row."""
    return {tuple(words[n : n + size]) for n in range(len(words) - size + 1)}


def words_of(text: str) -> list[str]:
    """Its words, folded."""
    # Word by word, as whoever looks where they stand does it: the dot of a folded "İ" is no letter.
    return [text[start:end].casefold() for start, end in pieces(text)]

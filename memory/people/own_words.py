"""Words that anybody knows of a person: names and the parts of addresses, found in a password."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

MIN_CHARS = 4
"""A shorter word stands in others by chance."""
MOST_WORDS = 100
UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue"})
DISGUISES = tuple(
    str.maketrans("013457@$!" + other, "oleastasi" + plain)
    for other, plain in (("", ""), ("1", "i"), ("9", "g"))
)
"""Characters that stand for letters; 1 is an l or an i."""


def own_words(names: Iterable[str]) -> tuple[str, ...]:
    """The words of these names and addresses, whole and in parts, as `without` compares them."""
    found = dict.fromkeys(word for name in names for word in _words(name))
    return tuple(found)[:MOST_WORDS]


def _words(name: str) -> Iterator[str]:
    lower = unicodedata.normalize("NFC", name).casefold()
    for spelt in dict.fromkeys((lower, lower.translate(UMLAUTS))):
        parts = "".join(one if one.isalnum() else " " for one in _folded(spelt)).split()
        yield from ("".join(parts), *parts)


def without(password: str, words: Iterable[str]) -> str:
    """What is left of a password if these words are taken out, also disguised or with characters between.

    Then letters and digits alone: characters around a name add little. The password itself if it has none.
    """
    signs = _folded(password)
    kept = list(signs)
    for disguise in DISGUISES:
        plain = signs.translate(disguise)
        places = [place for place, one in enumerate(plain) if one.isalnum()]
        joined = "".join(plain[place] for place in places)
        for begin, end in _found(joined, [word.translate(disguise) for word in words]):
            for place in range(places[begin], places[end - 1] + 1):
                kept[place] = ""
    left = "".join(kept)
    return password if left == signs else "".join(one for one in left if one.isalnum())


def _found(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        if len(word) < MIN_CHARS:
            continue
        begin = text.find(word)
        while begin >= 0:
            yield begin, begin + len(word)
            begin = text.find(word, begin + 1)


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))

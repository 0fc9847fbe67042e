"""Words that can be found and not read: keyed hashes of words and of their beginnings.

Whoever sees them learns which texts share a word or its beginning, and how often it comes, but
no word. The same word is another one in each tenant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from memory.sealing.keyring import Key

LONGEST_BEGINNING = 16
"""Letters of the longest beginning by which a word is found; a longer one is found by these."""
MOST_WORDS = 1_000
"""Different words of one text that are found."""
TOKEN_BYTES = 8
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def blinded(key: Key, tenant: str, words: Iterable[str]) -> list[str]:
    """What is stored of a text's words, each of letters alone."""
    once = list(dict.fromkeys(words))[:MOST_WORDS]
    starts = {
        word[:end] for word in once for end in range(1, min(len(word), LONGEST_BEGINNING) + 1)
    }
    return [
        *wholes(key, tenant, once),
        *(beginning(key, tenant, start) for start in sorted(starts)),
    ]


def wholes(key: Key, tenant: str, words: Iterable[str]) -> list[str]:
    """What is stored of the words of a long text: none of their beginnings, which take ten times that."""
    return [whole(key, tenant, word) for word in list(dict.fromkeys(words))[:MOST_WORDS]]


def whole(key: Key, tenant: str, word: str) -> str:
    """A word as it is stored."""
    return _token(key, tenant, "word", word)


def beginning(key: Key, tenant: str, start: str) -> str:
    """The beginning of a word as it is stored."""
    return _token(key, tenant, "beginning", start[:LONGEST_BEGINNING])


def _token(key: Key, tenant: str, kind: str, word: str) -> str:
    said = f"{tenant}\n{kind}\n{word}".encode("utf-8", "surrogatepass")
    found = hashlib.blake2b(said, key=key.words, digest_size=TOKEN_BYTES).hexdigest()
    return found.translate(_LETTERS)

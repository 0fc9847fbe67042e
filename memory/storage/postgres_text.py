"""Text search on Postgres: words are cut by us, so that both engines find the same.

Postgres's own parser takes addresses, versions and paths for one word each and its dictionaries
leave out words that we search for. So text is reduced to plain words first, and a configuration
of our own only stems them.
"""

from __future__ import annotations

import re
import unicodedata

CONFIGURATION = "deskhand_words"
CREATE_CONFIGURATION = [
    "CREATE TEXT SEARCH DICTIONARY deskhand_stems (TEMPLATE = snowball, LANGUAGE = english)",
    f"CREATE TEXT SEARCH CONFIGURATION {CONFIGURATION} (COPY = simple)",
    (
        f"ALTER TEXT SEARCH CONFIGURATION {CONFIGURATION} ALTER MAPPING FOR"
        " asciiword, word, numword WITH deskhand_stems"
    ),
]
"""For the migration."""
MAX_WORDS = 20_000
"""Words of one text that are kept: Postgres refuses a vector of more than a megabyte."""
MAX_WORD_CHARS = 200
"""Longer ones are cut: Postgres refuses words of two kilobytes."""

_WORD = re.compile(r"[^\W_]+")


def words_of(value: str) -> list[str]:
    """The words of a text, in small letters and without diacritics, as FTS5 cuts them."""
    plain = unicodedata.normalize("NFKD", value.lower())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word[:MAX_WORD_CHARS] for word in _WORD.findall(bare)[:MAX_WORDS]]


def plain(value: str) -> str:
    """A text as `to_tsvector` shall see it."""
    return " ".join(words_of(value))

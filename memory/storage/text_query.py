"""What somebody looks for, as the full text of either engine is asked. Any text is a valid query."""

from __future__ import annotations

from collections.abc import Iterable

from memory.sealing import words
from memory.sealing.keyring import Key, Keyring
from memory.storage.postgres_text import words_of

MOST_WORDS = 12
"""Words of a search that are looked for; the rest is left out."""

Phrases = list[list[str]]


def phrases(query: str) -> Phrases:
    """Its words, each as the plain words that it is cut into: an address or a number is several."""
    return [piece for piece in map(words_of, query.split()) if piece][:MOST_WORDS]


def asked(wanted: Phrases, *, postgres: bool) -> str:
    """All of them, the last letters of each left open. Plain words hold no syntax."""
    if postgres:
        return " & ".join(f"({' <-> '.join(one)}:*)" for one in wanted)
    return " AND ".join(f'"{" ".join(one)}"*' for one in wanted)


def hashed(wanted: Phrases, tenant: str, ring: Keyring, *, postgres: bool) -> str:
    """The same where words are sealed, by each key of the keyring."""
    both, either = (" & ", " | ") if postgres else (" AND ", " OR ")
    by_key = (both.join(_tokens(key, tenant, wanted, either)) for key in ring.keys)
    return either.join(f"({one})" for one in by_key)


def _tokens(key: Key, tenant: str, wanted: Phrases, either: str) -> Iterable[str]:
    """A text's own words are stored without their beginnings, so the last one is found by both."""
    for phrase in wanted:
        *before, last = phrase
        yield from (words.whole(key, tenant, one) for one in before)
        yield f"({words.whole(key, tenant, last)}{either}{words.beginning(key, tenant, last)})"

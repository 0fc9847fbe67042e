"""What somebody looks for, as the full text of either engine is asked. Any text is a valid query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memory.sealing import words
from memory.sealing.keyring import Key, Keyring
from memory.storage.postgres_text import words_of

MOST_WORDS = 12
"""Words of a search that are looked for; the rest is left out."""

Phrases = list[list[str]]


def phrases(query: str) -> Phrases:
    """Its words, each as the plain words that it is cut into: an address or a number is several."""
    return [piece for piece in map(words_of, query.split()) if piece][:MOST_WORDS]


def asked(query: str, tenant: str, ring: Keyring | None, *, postgres: bool) -> str:
    """What finds the rows that hold all of its words, the last letters of each left open; empty for no word.

    With a keyring also those that were written before the first key: they hold plain words until they
    are sealed.
    """
    wanted = phrases(query)
    if not wanted:
        return ""
    plain = _plain(wanted, postgres=postgres)
    if ring is None:
        return plain
    ways = (*_hashed(wanted, tenant, ring, postgres=postgres), plain)
    return (" | " if postgres else " OR ").join(f"({one})" for one in ways)


def _plain(wanted: Phrases, *, postgres: bool) -> str:
    """Plain words hold no syntax."""
    if postgres:
        return " & ".join(f"({' <-> '.join(one)}:*)" for one in wanted)
    return " AND ".join(f'"{" ".join(one)}"*' for one in wanted)


def _hashed(wanted: Phrases, tenant: str, ring: Keyring, *, postgres: bool) -> Iterator[str]:
    """The same where words are sealed, by each key of the keyring."""
    both, either = (" & ", " | ") if postgres else (" AND ", " OR ")
    for key in ring.keys:
        yield both.join(_tokens(key, tenant, wanted, either))


def _tokens(key: Key, tenant: str, wanted: Phrases, either: str) -> Iterable[str]:
    """A text's own words are stored without their beginnings, so the last one is found by both."""
    for phrase in wanted:
        *before, last = phrase
        yield from (words.whole(key, tenant, one) for one in before)
        yield f"({words.whole(key, tenant, last)}{either}{words.beginning(key, tenant, last)})"

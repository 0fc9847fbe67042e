"""The fact rule: each fact of a reply stands so in what it cites. Pure, and it fails closed.

A number stands with its unit and with a neighbour that it has there; of a table with its row's key
and, where it could be another's, its column's name. Codes and names stand in the evidence. A
negation is neither lost nor added. An item is not told without the heading or lead that turns it
round ("Not refunded").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.facts.stated import Statement, statements
from graph.facts.tokens import NEGATIONS, UNITS, codes, is_number, tokens, unit_at
from graph.state import Claim, Evidence
from graph.text.words import STOP, content_words, names, stem, words
from memory.sentences import sentences

NEAR = 5
"""Tokens on either side that count as neighbours."""
SAME = 0.6
"""Share of common stems from which a sentence is taken for one of the evidence's."""
TOLD = 0.7
"""Share of a heading's stems by which a reply tells it."""


@dataclass(frozen=True)
class Harm:
    """A fact that is not in the evidence like this."""

    claim: str
    what: str
    """In words."""


def harmed_claims(
    reply: str, claims: Sequence[Claim], evidence: Mapping[str, Evidence]
) -> list[Harm]:
    """What is harmed in the claims of a reply; empty if every fact stands as it is told."""
    said = frozenset(content_words(reply))
    read = {name: statements(evidence[name]) for name in _cited(claims) if name in evidence}
    found = []
    for claim in claims:
        known = [one for name in claim["evidence"] for one in read.get(name, ())]
        found += [Harm(claim["text"], what) for what in _harms(claim["text"], known, said)]
    return found


def _cited(claims: Sequence[Claim]) -> set[str]:
    return {name for claim in claims for name in claim["evidence"]}


def _harms(claim: str, known: Sequence[Statement], said: frozenset[str]) -> Iterator[str]:
    whole = tokens(claim)
    as_it_is = any(list(one.tokens) == whole for one in known)  # a row may hold several sentences
    for text in [claim] if as_it_is else [one.text for one in sentences(claim)]:
        here = tokens(text)
        same = [stated for stated in known if list(stated.tokens) == here]
        if turned := _turned(text, same, known, said):
            yield turned
        if same:
            continue
        yield from _numbers(here, known)
        yield from _named(text, known)
        if denied := _denied(text, here, known):
            yield denied


def _turned(
    text: str, same: Sequence[Statement], known: Sequence[Statement], said: frozenset[str]
) -> str:
    """The heading without which an item means the opposite; empty if it is told as well."""
    nearest = _nearest(frozenset(content_words(text)), known)
    about = same or ([nearest] if nearest is not None else [])
    if not about or any(not one.turned_by for one in about):
        return ""
    heads = [one.turned_by for one in about]
    if any(_is_told(head, said) for head in heads):
        return ""
    return f"it stands under {heads[0]!r}, which is not told"


def _is_told(head: str, said: frozenset[str]) -> bool:
    wanted = set(content_words(head))
    return len(wanted & said) >= TOLD * len(wanted)


def _numbers(here: list[str], known: Sequence[Statement]) -> Iterator[str]:
    stems = frozenset(map(stem, here))
    for at, token in enumerate(here):
        if is_number(token) and not any(_stands(here, at, one, stems) for one in known):
            yield f"{token!r} is not in the evidence like this"


def _stands(here: list[str], at: int, one: Statement, stems: frozenset[str]) -> bool:
    """Whether the statement has this number with its unit, a neighbour, its key and header."""
    if (
        one.whole
        or here[at] not in one.tokens
        or not one.key <= stems
        or not _names_one(one.header, stems)
    ):
        return False
    there = list(one.tokens)
    near, unit = _neighbours(here, at), unit_at(here, at)
    return any(
        token == here[at]
        and unit in {None, unit_at(there, place), *(UNITS.get(word) for word in one.around)}
        and (not near or not near.isdisjoint(_neighbours(there, place) | one.around))
        for place, token in enumerate(there)
    )


def _names_one(header: frozenset[str], stems: frozenset[str]) -> bool:
    return not header or not header.isdisjoint(stems)


def _neighbours(found: Sequence[str], at: int) -> set[str]:
    near = [*found[max(0, at - NEAR) : at], *found[at + 1 : at + 1 + NEAR]]
    plain = (one for one in near if one not in STOP and not is_number(one))
    return {stem(one) for one in plain if one not in UNITS.values()}


def _named(text: str, known: Sequence[Statement]) -> Iterator[str]:
    inside = " ".join(one.text for one in known)
    if foreign := codes(text) - codes(inside):
        yield f"{min(foreign)!r} is not in the evidence"
    stems = {stem(word) for word in words(inside)}
    if strange := {name for name in names(text) if stem(name) not in stems}:
        yield f"the name {min(strange)!r} is not in the evidence"


def _denied(text: str, here: list[str], known: Sequence[Statement]) -> str:
    nearest = _nearest(frozenset(content_words(text)), known)
    if nearest is None:
        return ""
    if bool(NEGATIONS & set(here)) == bool(NEGATIONS & set(nearest.tokens)):
        return ""
    return f"a negation was lost or added beside {nearest.text[:80]!r}"


def _nearest(stems: frozenset[str], known: Sequence[Statement]) -> Statement | None:
    """The statement that shares most with it; None if none says much the same."""
    best, share = None, SAME
    for one in known:
        both = len(stems & one.stems)
        overlap = both / max(min(len(stems | one.stems), 2 * len(stems)), 1)
        if overlap > share:
            best, share = one, overlap
    return best

"""Facts of a reply that do not stand so in what it cites: numbers, units, names, negations. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evals.replies.tokens import NEGATIONS, is_number, negations, tokens
from evals.replies.wording import sentences

NEAR = 3
"""Tokens on either side that count as neighbours."""
SAME = 0.6
"""Share of a sentence's tokens by which it is taken for one of the source."""
TOLD = 0.7
"""Share of a heading's tokens by which a reply tells it."""
TURNING = frozenset({"not", "cannot", "never", "except", "without"})
PLAIN = frozenset(
    "a an and are as at be by can do for from has have i if in is it of on or our that the "
    "their then this to we will with you your".split()
)
UNITS = frozenset(
    "eur usd gbp percent second seconds minute minutes hour hours day days week weeks month "
    "months year years h min mb gb kb m cm mm km kg w mhz ghz people person seats business".split()
)
"""What a number counts: the same must stand behind it in the source."""
_LISTED = re.compile(r"^\s*\d+[.)]\s+", re.MULTILINE)


@dataclass(frozen=True)
class SourceBlock:
    """A paragraph, an item, a cell with its key and header, or a record."""

    text: str
    heading: str = ""
    above: str = ""
    """Of an item: what leads its list in, or else its heading."""

    @property
    def turned_by(self) -> str:
        """What makes an item mean the opposite ("What is not paid back"); empty if nothing."""
        return self.above if TURNING & set(tokens(self.above)) else ""


def harmed(reply: str, source: Sequence[SourceBlock]) -> list[str]:
    """What is harmed, in words; nothing if every fact stands in the source as it was told."""
    whole = [tokens(f"{one.heading} {one.text}") for one in source]
    found = []
    said = _LISTED.sub("", reply)
    for sentence in sentences(said):
        here = tokens(sentence)
        found += [f"{here[at]} in: {sentence}" for at in _foreign_numbers(here, whole)]
        if turned := _turned(sentence, said, source):
            found.append(turned)
    return found


def _foreign_numbers(here: list[str], whole: Sequence[list[str]]) -> list[int]:
    return [
        at
        for at, token in enumerate(here)
        if is_number(token) and not any(_stands(here, at, one) for one in whole)
    ]


def _stands(here: list[str], at: int, there: list[str]) -> bool:
    """Whether a number stands in a text with its unit and with a neighbour that it has here."""
    near, unit = _neighbours(here, at), _unit(here, at)
    return any(
        token == here[at]
        and unit in {None, _unit(there, place)}
        and (not near or not near.isdisjoint(_neighbours(there, place)))
        for place, token in enumerate(there)
    )


def _unit(found: list[str], at: int) -> str | None:
    after = found[at + 1 : at + 3]
    if after[:1] == ["business"] and not set(after[1:]) & UNITS:
        return None  # the name of a plan, not five business days
    return after[0] if after and after[0] in UNITS else None


def _neighbours(found: list[str], at: int) -> set[str]:
    near = found[max(0, at - NEAR) : at] + found[at + 1 : at + 1 + NEAR]
    return {one for one in near if one not in PLAIN | UNITS and not is_number(one)}


def _turned(sentence: str, reply: str, source: Sequence[SourceBlock]) -> str:
    """Whether a negation was lost or added on the way from the nearest sentence of the source."""
    here = tokens(sentence)
    best, block = _nearest(here, source)
    if best is None or block is None:
        return ""
    before = negations(tokens(best))
    kept = sorted(negations(here)) == sorted(before) or _only_cut(here, tokens(best))
    if not kept and not _in_a_row(here, source):
        return f"negation of {best!r} in: {sentence}"
    if block.turned_by and not _is_told(block.turned_by, reply):
        return f"without its {block.turned_by!r}: {sentence}"
    return ""


def _is_told(text: str, reply: str) -> bool:
    wanted, said = set(tokens(text)) - PLAIN, set(tokens(reply))
    return len(wanted & said) >= TOLD * len(wanted)


def _nearest(
    here: list[str], source: Sequence[SourceBlock]
) -> tuple[str | None, SourceBlock | None]:
    """The sentence of the source that says it; of equally near ones that with the same words."""
    share, best, found = (SAME, False), None, None
    for block in source:
        for one in sentences(block.text):
            there = tokens(one)
            if (overlap := (_overlap(here, there), here == there)) > share:
                share, best, found = overlap, one, block
    return best, found


def _overlap(here: list[str], there: list[str]) -> float:
    a, b = set(here) - PLAIN - NEGATIONS, set(there) - PLAIN - NEGATIONS
    return len(a & b) / max(len(a | b), 1)


def _in_a_row(here: list[str], source: Sequence[SourceBlock]) -> bool:
    """Whether it is whole sentences of the source in a row, which a reply may tell as one line."""
    said = [tokens(one) for block in source for one in sentences(block.text)]
    return any(_begins_with(here, said[first:]) for first in range(len(said)))


def _begins_with(here: list[str], said: Sequence[list[str]]) -> bool:
    at = 0
    for one in said:
        if at == len(here) or here[at : at + len(one)] != one:
            break
        at += len(one)
    return at == len(here)


def _only_cut(here: list[str], there: list[str]) -> bool:
    """Whether what is said is one stretch of the source, and the negation stands outside it."""
    size = len(here)
    return any(there[start : start + size] == here for start in range(len(there) - size + 1)) and (
        size <= len(there) // 2
    )

"""Paragraphs of a reply: how many there is room for, each sentence once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.text.passages import Kind
from graph.text.words import content_words
from memory.sentences import sentences

MOST_CHARS = 1_200
"""Of what is told besides the block that answers."""


@dataclass(frozen=True)
class Selection:
    """A paragraph of the reply, from one passage."""

    kind: Kind
    evidence: str
    lead: str
    units: tuple[str, ...]
    opening: str = ""
    """Yes or no, where the paragraph says so."""
    start: int = 1
    """The number of the first step."""
    heading: str = ""
    """The one right above it."""
    ahead: bool = False
    """Whether it is a rule put before its exception, which is nearer to the ask."""

    @property
    def size(self) -> int:
        """Characters that it takes."""
        return sum(map(len, (self.lead, *self.units)))


def bounded(found: Sequence[Selection], answers: int = 1) -> list[Selection]:
    """All that answers, and of what is told besides as much as there is room for."""
    kept, size = list(found[:answers]), 0
    for one in found[answers:]:
        size += one.size
        if size <= MOST_CHARS:
            kept.append(one)
    return kept


ALIKE = 0.5
"""Share of the shorter one's words that two paragraphs have in common which say the same of two things."""


def told_apart(found: Sequence[Selection]) -> list[Selection]:
    """Paragraphs that are alike below different headings, each led in by its own: "iPhone:", "Android:"."""
    texts = [one for one in found if one.kind == "text" and one.heading and not one.opening]
    rows = [set(content_words(" ".join(one.units))) for one in texts]
    named = {
        id(mine)
        for mine, own in zip(texts, rows, strict=True)
        if any(
            other.heading != mine.heading and len(own & row) >= ALIKE * min(len(own), len(row))
            for other, row in zip(texts, rows, strict=True)
        )
    }
    return [replace(one, lead=f"{one.heading}:") if id(one) in named else one for one in found]


def distinct(found: list[Selection]) -> list[Selection]:
    """Overlapping passages bring the same sentence twice; it is said once, a row with all of its cells."""
    said: set[str] = set()
    kept: list[Selection] = []
    for each in whole_rows(found, found):
        one = _led(each, kept) if kept else each
        whole = one.kind in {"steps", "code"}
        units = one.units if whole else tuple(u for u in one.units if not _was_told(u, said))
        if units and not set(map(_bare, units)) <= said:
            kept.append(replace(one, units=units))
            said |= {_bare(told) for told in (*units, *(s.text for s in sentences(one.lead)))}
    return kept


def _was_told(unit: str, said: set[str]) -> bool:
    """Whether it was, by itself or as a part of a row that was told with more of its cells."""
    return _bare(unit) in said or any(_holds(told, unit) for told in said)


def whole_rows(found: Sequence[Selection], told: Sequence[Selection]) -> list[Selection]:
    """With each row as `told` says the most of it from the same evidence: not a price, and then it with its term."""
    return [
        replace(one, units=tuple(_fullest(unit, one, told) for unit in one.units)) for one in found
    ]


def _fullest(unit: str, of: Selection, told: Sequence[Selection]) -> str:
    rows = [
        row
        for one in told
        if one.kind == of.kind == "table" and one.evidence == of.evidence
        for row in one.units
    ]
    return max((row for row in rows if _holds(row, unit)), key=len, default=unit)


def _holds(row: str, part: str) -> bool:
    """Whether a row has all the cells of another sentence about the same."""
    (key, cells), (own, others) = _parted(row), _parted(part)
    return bool(others) and key == own and others <= cells


def _parted(row: str) -> tuple[str, set[str]]:
    """What the row is about, and its cells."""
    key, _, cells = _bare(row).partition(" – ")
    return key, set(filter(None, cells.split("; ")))


def _bare(unit: str) -> str:
    """Without what ends it: an item that stands alone ends otherwise than in its list."""
    return unit.rstrip(" .;,")


def _led(one: Selection, kept: Sequence[Selection]) -> Selection:
    """Its lead without what the paragraph right above it says; told elsewhere, it would be missed.

    A table is not led in twice by one heading: its rows say what they are.
    """
    above = kept[-1]
    told = kept if one.kind == "table" else [above]
    if (one.lead, one.evidence) in ((each.lead, each.evidence) for each in told):
        return replace(one, lead="")
    rest = one.lead.removeprefix(" ".join(above.units)) if above.kind == "text" else one.lead
    return replace(one, lead=rest.strip() or one.lead)

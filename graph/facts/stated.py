"""What a piece of evidence states, block by block, in the form that facts are compared with. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph.facts.tokens import NEGATIONS, tokens
from graph.state import Evidence
from graph.text.passages import Block, blocks
from graph.text.rows import Row
from graph.text.words import content_words
from memory.sentences import sentences


@dataclass(frozen=True)
class Statement:
    """A sentence, an item, or a cell."""

    text: str
    tokens: tuple[str, ...]
    stems: frozenset[str]
    around: frozenset[str]
    """Stems of what else may stand beside its facts: headings, lead."""
    turned_by: str = ""
    """The heading or lead that makes it mean the opposite."""
    key: frozenset[str] = frozenset()
    """Of a cell: stems of the row's key, which must be told with it; empty in a table of one row."""
    header: frozenset[str] = frozenset()
    """Of a cell: stems of the column's name, where another column could be meant."""
    whole: bool = False
    """Of a row: it may be said as it is; its parts are stated by its cells."""


ANSWERS = ("no, ", "yes, ")
"""Begins what answers a question: "No, the smallest has two rooms" denies that question and nothing else."""


def statements(evidence: Evidence) -> list[Statement]:
    """All of them, the title first."""
    found = [_plain(evidence["title"], "")]
    for block in blocks(evidence["text"], evidence["title"], evidence["heading"]):
        above = f"{evidence['title']} {block.heading} {block.lead}"
        found += [_plain(one, above) for one in (*block.path, block.lead) if one]
        found += _of(block, above)
    return found


def _of(block: Block, above: str) -> Iterator[Statement]:
    if block.kind == "table":
        for row in block.rows:
            yield from _cells(row, block, above)
        return
    turned = _turning(block) if block.kind in {"bullets", "steps"} else ""
    for unit in block.units:
        if block.kind == "code":
            yield _plain(unit, above)
            continue
        for one in sentences(unit):
            yield _plain(one.text, above, turned)
            if one.text.lower().startswith(ANSWERS):  # to a question that stands above it
                yield _plain(one.text.partition(", ")[2], above, turned)


def _turning(block: Block) -> str:
    """The lead or the nearest heading, if it negates."""
    above = block.lead or (block.path[-1] if block.path else "")
    return above if NEGATIONS - {"only"} & set(tokens(above)) else ""


def _cells(row: Row, block: Block, above: str) -> Iterator[Statement]:
    yield replace(_plain(row.sentence(), above), whole=True)
    yield from (replace(_plain(row.sentence(name), above), whole=True) for name, _ in row.cells)
    key = frozenset(content_words(row.key)) if len(block.rows) > 1 else frozenset()
    yield _cell(row.key, above, key, frozenset())
    for name, value in row.cells:
        rivals = [other for column, other in row.cells if column != name and _alike(other, value)]
        header = frozenset(content_words(name)) if rivals else frozenset()
        yield _cell(value, f"{above} {row.key} {name}", key, header)


def _cell(text: str, above: str, key: frozenset[str], header: frozenset[str]) -> Statement:
    return replace(_plain(text, above), key=key, header=header)


def _alike(one: str, other: str) -> bool:
    """Whether two cells could be taken for each other: both have figures."""
    return any(map(str.isdigit, one)) and any(map(str.isdigit, other)) and one != other


def _plain(text: str, above: str, turned_by: str = "") -> Statement:
    return Statement(
        text,
        tuple(tokens(text)),
        frozenset(content_words(text)),
        frozenset(content_words(above)),
        turned_by,
    )

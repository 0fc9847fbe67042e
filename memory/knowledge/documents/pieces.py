"""Blocks cut to a size that can be found and cited, each piece a whole block again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from memory.knowledge.documents.model import (
    Block,
    Code,
    Item,
    ItemList,
    Note,
    Paragraph,
    Placed,
    Table,
)
from memory.knowledge.documents.plain import flat
from memory.knowledge.documents.render import render_block

Part = TypeVar("Part")

MAX_CHARS = 800
"""About 200 tokens: with its title a passage stays below the encoder's 256."""
WHOLE_CHARS = 2_000
"""Steps, code and notes stay whole up to here: a reply with half of them misleads."""
_BREAKS = (("\n",), (". ", "? ", "! ", "。", "？", "！"), ("; ", ", "), (" ",))
"""Where text may be cut, the best first."""
EARLIEST = 0.4
"""Share of the size before which no cut is made while another one can be."""


def size_of(block: Block) -> int:
    """Characters of a block as it is stored."""
    return len(render_block(block))


def pieces_of(block: Block) -> Iterator[Block]:
    """The block, or several that hold it: a list with its lead, a table with its header each."""
    size = size_of(block)
    steps = isinstance(block, ItemList) and block.ordered
    if size <= MAX_CHARS or (size <= WHOLE_CHARS and (steps or isinstance(block, Code | Note))):
        yield block
        return
    match block:
        case Paragraph():
            for part in cut(block.text, MAX_CHARS):
                yield replace(block, text=part)
        case ItemList():
            yield from _lists(block)
        case Table():
            yield from _tables(block)
        case Code():
            yield from _codes(block)
        case Note():
            for inner in block.blocks:
                for piece in pieces_of(inner):
                    yield replace(block, blocks=(piece,))
        case _:
            yield from _as_text(block)


def cut(text: str, size: int) -> Iterator[str]:
    """A text in parts of at most `size` characters, each ended at the best break there is."""
    at = 0
    while len(text) - at > size:
        end = _break(text, at, at + size)
        if part := text[at:end].strip():
            yield part
        at = end
    if part := text[at:].strip():
        yield part


def _break(text: str, start: int, end: int) -> int:
    earliest = start + int((end - start) * EARLIEST)
    for signs in _BREAKS:
        best = max(text.rfind(sign, earliest, end) + len(sign) - 1 for sign in signs)
        if best >= earliest:
            return best + 1
    return end


def _lists(block: ItemList) -> Iterator[Block]:
    """Items under the lead, as many as fit."""
    start = block.start
    for items in _grouped(block.items, len(block.lead), _item_size):
        part = replace(block, items=tuple(items), start=start)
        start += len(items)
        if size_of(part) <= WHOLE_CHARS:
            yield part
        else:
            yield from _as_text(part)


def _item_size(item: Item) -> int:
    return size_of(ItemList((item,)))


def _tables(block: Table) -> Iterator[Block]:
    """Rows under the header and the lead, as many as fit."""
    head = size_of(replace(block, rows=()))
    for rows in _grouped(block.rows, head, lambda row: sum(map(len, row)) + 3 * len(row)):
        part = replace(block, rows=tuple(rows))
        if size_of(part) <= WHOLE_CHARS:
            yield part
        else:
            yield from _rows_as_text(part)


def _rows_as_text(block: Table) -> Iterator[Block]:
    """A row that is too long for a table: each value with its column's name."""
    for row in block.rows:
        named = [f"{name}: {cell}" if name else cell for name, cell in block.pairs(row)]
        yield from _paragraphs(block, "\n".join(named))


def _codes(block: Code) -> Iterator[Block]:
    lines = [part for line in block.text.split("\n") for part in _line_parts(line)]
    for group in _grouped(lines, len(block.lead) + 20, lambda line: len(line) + 1, WHOLE_CHARS):
        yield replace(block, text="\n".join(group))


def _line_parts(line: str) -> list[str]:
    width = MAX_CHARS
    return [line[at : at + width] for at in range(0, len(line), width)] or [line]


def _as_text(block: Block) -> Iterator[Block]:
    yield from _paragraphs(block, flat([block]))


def _paragraphs(place: Placed, text: str) -> Iterator[Block]:
    for part in cut(text, MAX_CHARS):
        yield Paragraph(part, heading=place.heading, line=place.line)


def _grouped(
    parts: Sequence[Part], head: int, size: Callable[[Part], int], limit: int = MAX_CHARS
) -> Iterator[list[Part]]:
    """Neighbouring parts, as many as fit below a head of that size; one at least."""
    held: list[Part] = []
    total = head
    for part in parts:
        own = size(part)
        if held and total + own > limit:
            yield held
            held, total = [], head
        held.append(part)
        total += own
    if held:
        yield held

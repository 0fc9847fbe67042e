"""Blocks as words in one line, for cells, titles and counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memory.knowledge.documents.model import (
    Block,
    Code,
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Picture,
    Table,
)

_ENDS = (".", "!", "?", ":", ";", ",")


def flat(blocks: Sequence[Block]) -> str:
    """All words of some blocks in one line, parts parted by `; ` where nothing else parts them.

    >>> flat([ItemList((Item("14:00 on weekdays"), Item("11:00 on Saturday")))])
    '14:00 on weekdays; 11:00 on Saturday'
    """
    found = ""
    for part in filter(None, pieces(blocks)):
        glue = "" if not found else " " if found.endswith(_ENDS) else "; "
        found += glue + " ".join(part.split())
    return found


def pieces(blocks: Sequence[Block]) -> Iterator[str]:
    """The texts of blocks in order: leads, items, cells, terms, code."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case ItemList():
                yield block.lead
                yield from _of_items(block.items)
            case Table():
                yield block.lead
                yield from block.header
                for row in block.rows:
                    yield from row
            case Code():
                yield block.lead
                yield block.text
            case Note():
                yield block.title
                yield from pieces(block.blocks)
            case Definition():
                yield block.term
                yield from _of_items((block.meaning,))
            case Picture():
                yield block.alt


def _of_items(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        yield item.text
        yield from pieces(item.blocks)

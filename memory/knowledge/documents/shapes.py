"""Pieces of a page by their look: titles, running text, items, pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from memory.knowledge.documents.inline import BREAK, collapsed, described, text_of
from memory.knowledge.documents.model import (
    Block,
    Code,
    Definition,
    Item,
    ItemList,
    Paragraph,
    Path,
    Picture,
    Table,
)
from memory.knowledge.documents.nodes import (
    HEADINGS,
    KINDS,
    NOTE_WORDS,
    TEXT,
    attribute,
    children,
    has_block,
    name,
    visible_text,
    words_of,
)
from memory.knowledge.documents.wrapping import BULLETS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DASHES = ("- ", "– ", "* ")
"""Other such marks, before several lines of a page."""
_TAB, _BLANKS = "\t", "  "
LONGEST_NOTE = 2_000
"""A larger box is part of the page's frame."""


def title_text(node: LexborNode) -> str:
    """A heading in one line, without marks and anchors."""
    for anchor in node.css("a.anchor, a.headerlink, a.heading-anchor, a.anchor-link"):
        anchor.decompose()
    text = collapsed(visible_text(node)).replace("\n", " ")
    head, brace, tail = text.rpartition("{#")
    return head.rstrip() if brace and tail.endswith("}") and " " not in tail else text


def shaped(text: str, *, keep_lines: bool, heading: Path, line: int | None) -> list[Block]:
    """Running text; lines in columns are a table, lines with bullets a list."""
    if keep_lines and (table := _columns(text)):
        return [replace(table, heading=heading, line=line)]
    plain = collapsed(text, keep_lines=keep_lines)
    if not plain:
        return []
    marked = [sum(one.startswith(mark) for one in plain.split("\n")) for mark in DASHES]
    # CommonMark has read those of Markdown; a single dash begins what somebody says
    dashes = DASHES if not keep_lines and max(marked) > 1 else ()
    return _with_bullets(plain, (*BULLETS, *dashes), heading, line)


def _columns(text: str) -> Table | None:
    """A table whose cells are parted by tabs, or by blanks so that they stand below each other."""
    lines = [one.strip() for one in text.replace(BREAK, "\n").strip("\n").split("\n")]
    for gap in (_TAB, _BLANKS):
        if len(lines) < 2 or not all(gap in one for one in lines):  # noqa: PLR2004
            continue
        rows = [_cells(one, gap) for one in lines]
        if len({*map(len, rows)}) == 1 and len(rows[0]) > 1:
            named = gap == _TAB or (len(rows[0]) > 2 and not any(map(str.isdigit, lines[0])))  # noqa: PLR2004
            return Table(tuple(rows[named:]), rows[0] if named else ())
    return None


def _cells(line: str, gap: str) -> tuple[str, ...]:
    """The cells of a line; two blanks behind a full stop are a typist's."""
    if gap == _TAB:
        return tuple(map(collapsed, line.split(gap)))
    cells = tuple(cell.strip() for cell in line.split(gap) if cell.strip())
    return () if any(cell.endswith((".", "!", "?", ":")) for cell in cells[:-1]) else cells


def _with_bullets(
    text: str, marks: tuple[str, ...], heading: Path, line: int | None
) -> list[Block]:
    lines = text.split("\n")
    first = next((n for n, one in enumerate(lines) if one.startswith(marks)), len(lines))
    if first == len(lines) or not all(one.startswith(marks) for one in lines[first:]):
        return [Paragraph(text, heading=heading, line=line)]
    items = tuple(Item(one.lstrip("".join(marks)).strip()) for one in lines[first:])
    found: list[Block] = [ItemList(items, heading=heading, line=line)]
    if first:
        found.insert(0, Paragraph("\n".join(lines[:first]), heading=heading, line=line))
    return found


def as_item(blocks: Sequence[Block]) -> Item:
    """Blocks as one item: a first line of text, and what stands below it."""
    if not blocks:
        return Item("")
    first = blocks[0]
    if isinstance(first, Paragraph):
        return Item(first.text, tuple(blocks[1:]))
    if isinstance(first, ItemList | Table | Code) and first.lead:
        return Item(first.lead, (replace(first, lead=""), *blocks[1:]))
    return Item("", tuple(blocks))


def continued(block: Definition, more: Item) -> Definition:
    """A definition with another meaning of its term."""
    added = (*((Paragraph(more.text),) if more.text else ()), *more.blocks)
    return replace(block, meaning=replace(block.meaning, blocks=block.meaning.blocks + added))


def pairs(node: LexborNode) -> list[LexborNode]:
    """Terms and meanings of a `dl`; a `div` may stand around each pair."""
    found: list[LexborNode] = []
    for part in children(node):
        if name(part) == "div":
            found += children(part)
        else:
            found.append(part)
    return found


def verbatim(node: LexborNode) -> list[str]:
    """The text of a `pre` as it is written, line breaks included."""
    parts: list[str] = []
    for one in node.traverse(include_text=True):
        if name(one) == TEXT:
            parts.append(one.text_content or "")
        elif name(one) == "br":
            parts.append("\n")
    return parts


def is_head(node: LexborNode) -> bool:
    """Whether an element is the title of the box in which it stands."""
    if name(node) == TEXT:
        return False
    joined = attribute(node, "class").lower().replace("_", "-")
    return any(
        one.endswith(("title", "header", "heading")) for one in joined.split()
    ) and not has_block(node)


def language_of(node: LexborNode) -> str:
    """The language that a `pre` or its `code` names in its class; empty without one."""
    classes = (
        one
        for part in (node, *children(node))
        if name(part) != TEXT
        for one in attribute(part, "class").split()
    )
    named = (one for one in classes if one.startswith(("language-", "lang-")))
    return next(named, "").removeprefix("language-").removeprefix("lang-")


def is_picture(node: LexborNode) -> bool:
    """Whether a picture is all that an element holds."""
    parts = [one for one in children(node) if name(one) != TEXT or text_of(one).strip()]
    return len(parts) == 1 and name(parts[0]) == "img"


def picture_of(node: LexborNode) -> Picture | None:
    """An `img` by its description; None without one."""
    words, source = described(node), attribute(node, "src")
    if not words:
        return None
    kept = source if source.startswith(("http://", "https://")) else ""
    return Picture(words, kept.replace(")", "%29").replace(" ", "%20"))


def is_note(node: LexborNode, kind: str) -> bool:
    """Whether an element is a box beside the text: a hint, a warning, a quotation."""
    if kind not in ("blockquote", "aside") and not (
        kind in ("div", "section", "p") and words_of(node) & NOTE_WORDS
    ):
        return False
    if any(node.css_first(heading) is not None for heading in HEADINGS):
        return False
    return len(visible_text(node)) <= LONGEST_NOTE


def kind_of_note(node: LexborNode, tag: str) -> str:
    """`warning`, `tip` ... as its classes say, else `quote` or `note`."""
    plain = "quote" if tag == "blockquote" else "note"
    return next(iter(sorted(words_of(node) & KINDS - {"note"})), plain)

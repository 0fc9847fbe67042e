"""A parsed page as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memory.knowledge.documents.inline import (
    collapsed,
    inline,
    linked,
    text_of,
)
from memory.knowledge.documents.model import (
    MAX_DEPTH,
    Block,
    Code,
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Path,
    Table,
    with_leads,
)
from memory.knowledge.documents.nodes import (
    HEADINGS,
    TEXT,
    TRANSPARENT,
    attribute,
    children,
    has_block,
    name,
    only_text,
    visible_text,
)
from memory.knowledge.documents.plain import flat
from memory.knowledge.documents.shapes import (
    as_item,
    continued,
    is_head,
    is_note,
    is_picture,
    kind_of_note,
    language_of,
    pairs,
    picture_of,
    shaped,
    title_text,
    verbatim,
)
from memory.knowledge.documents.tables import is_layout, read_grid

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_PATH = 5
"""Headings above a block; the outermost and the nearest are kept."""
SECTION = 7
"""The level of a tab or a fold-out: below every heading."""
_MARKUP = frozenset(
    {"a", "code", "samp", "tt", "del", "s", "strike", "sup", "sub", "q", "rt", "br", "wbr", "img"}
    | {"input"}
)
"""Elements within a line that leave a mark in the text, see `inline`."""
_STARS = {"em": "*", "strong": "**"}


@dataclass(frozen=True)
class Rules:
    """What differs between sources."""

    keep_lines: bool = False
    """Whether line breaks of the source are kept (Markdown)."""
    lines: Sequence[int] = ()
    """Line of the source for each line that was parsed; empty if nobody knows."""


def read_blocks(node: LexborNode, rules: Rules | None = None) -> list[Block]:
    """The blocks below a node, in order."""
    return _Walker(rules or Rules()).read(node)


class _Walker:
    """Goes through a node's children and gathers blocks."""

    def __init__(self, rules: Rules, path: Path = (), depth: int = 0) -> None:
        self._rules = rules
        self._depth = depth
        """How many lists, notes and cells all this stands in; headings are text in them."""
        self._titles: list[tuple[int, str]] = [(0, one) for one in path]
        self._counts: list[int] = [0 for _ in path]
        """How many blocks there were when each title began."""
        self._text: list[str] = []
        self._line: int | None = None
        self._found: list[Block] = []

    def read(self, node: LexborNode) -> list[Block]:
        """All below the node."""
        self._walk(node)
        self._flush()
        while self._titles and not self._depth:
            self._end_title()
        return with_leads(self._found)

    @property
    def _path(self) -> Path:
        path = tuple(title for _, title in self._titles)
        return path if len(path) <= MAX_PATH else (*path[: MAX_PATH - 1], path[-1])

    def _walk(self, node: LexborNode) -> None:
        for child in children(node):
            kind = name(child)
            if kind == TEXT:
                self._text.append(text_of(child))
            elif kind.startswith("-"):
                continue
            elif kind in TRANSPARENT:
                self._within_line(child, kind)
            else:
                self._flush()
                self._line = self._place(child)
                self._block(child, kind)
                self._flush()

    def _within_line(self, node: LexborNode, kind: str) -> None:
        if kind in _STARS and self._follows_digit():
            self._text += [_STARS[kind], visible_text(node), _STARS[kind]]
        elif kind not in _MARKUP or has_block(node):
            self._walk(node)
        elif kind == "a":
            self._text.append(linked(node, "".join(map(inline, children(node)))))
        else:
            self._text.append(inline(node))

    def _follows_digit(self) -> bool:
        """`5*3*2` is a product, whatever Markdown makes of it."""
        return self._rules.keep_lines and bool(self._text) and self._text[-1][-1:].isdigit()

    def _block(self, node: LexborNode, kind: str) -> None:  # noqa: C901  # one branch for each kind of element
        if kind in HEADINGS:
            self._heading(node, HEADINGS[kind])
        elif kind in ("ul", "ol", "menu"):
            self._list(node, ordered=kind == "ol")
        elif kind == "table":
            self._table(node)
        elif kind == "pre":
            self._code(node)
        elif kind == "dl":
            self._definitions(node)
        elif kind == "details":
            self._section(node, "summary")
        elif kind == "figure" or (kind == "p" and is_picture(node)):
            self._figure(node)
        elif kind == "hr":
            return
        elif attribute(node, "data-section"):
            self._titled(node, attribute(node, "data-section"))
        elif self._depth < MAX_DEPTH and is_note(node, kind):
            self._note(node, kind)
        else:
            self._walk(node)

    def _place(self, node: LexborNode) -> int | None:
        number = attribute(node, "data-sourcepos").partition(":")[0]
        if not number.isdigit() or not 0 < int(number) <= len(self._rules.lines):
            return None
        return self._rules.lines[int(number) - 1]

    def _flush(self) -> None:
        """Text gathered so far is a paragraph, a list or a table by its look."""
        text, self._text = "".join(self._text), []
        if text.strip():
            self._found += shaped(
                text, keep_lines=self._rules.keep_lines, heading=self._path, line=self._line
            )

    def _add(self, block: Block) -> None:
        self._found.append(replace(block, heading=self._path, line=self._line))

    def _inner(self, node: LexborNode) -> list[Block]:
        inner = _Walker(self._rules, (), self._depth + 1)
        inner._line = self._line
        return inner.read(node)

    def _item(self, node: LexborNode) -> Item:
        text = collapsed(only_text(node), keep_lines=self._rules.keep_lines)
        return Item(text) if text and text[0].isalnum() else as_item(self._inner(node))

    def _cell(self, node: LexborNode) -> str:
        return " ".join(collapsed(only_text(node)).split()) or flat(self._inner(node))

    def _heading(self, node: LexborNode, level: int) -> None:
        text = title_text(node)
        if self._depth:
            if text:
                self._add(Paragraph(text))
            return
        while self._titles and self._titles[-1][0] >= level:
            self._end_title()
        if text:
            self._begin_title(level, text)

    def _begin_title(self, level: int, text: str) -> None:
        self._titles.append((level, text))
        self._counts.append(len(self._found))

    def _end_title(self) -> None:
        """Leave a section; of one with nothing in it the title is kept as text."""
        _, text = self._titles.pop()
        if self._counts.pop() == len(self._found):
            self._add(Paragraph(text))

    def _list(self, node: LexborNode, *, ordered: bool) -> None:
        if self._depth >= MAX_DEPTH:
            self._walk(node)
            return
        items = [self._item(one) for one in children(node) if name(one) not in (TEXT, "-comment")]
        items = [one for one in items if one.text or one.blocks]
        if items:
            start = attribute(node, "start")
            first = int(start) if start.isdigit() and len(start) < 9 else 1  # noqa: PLR2004
            self._add(ItemList(tuple(items), ordered, first if ordered else 1))

    def _table(self, node: LexborNode) -> None:
        if is_layout(node):
            self._walk(node)
            return
        grid = read_grid(node, self._cell)
        if grid.rows or grid.header:
            self._add(Table(grid.rows, grid.header, grid.caption))

    def _code(self, node: LexborNode) -> None:
        text = "".join(verbatim(node)).removeprefix("\n").rstrip()
        if text.strip():
            self._add(Code(text, language_of(node)))

    def _definitions(self, node: LexborNode) -> None:
        terms: list[str] = []
        for part in pairs(node):
            if name(part) == "dt":
                terms.append(flat(self._inner(part)))
            elif name(part) == "dd":
                meaning = as_item(self._inner(part))
                if terms or not self._found or not isinstance(self._found[-1], Definition):
                    self._add(Definition(" / ".join(filter(None, terms)), meaning))
                else:
                    self._found[-1] = continued(self._found[-1], meaning)
                terms = []
        if terms:
            self._add(Paragraph("\n".join(terms)))

    def _section(self, node: LexborNode, title: str) -> None:
        head = next((one for one in children(node) if name(one) == title), None)
        text = title_text(head) if head is not None else ""
        if head is not None:
            head.decompose()
        self._titled(node, text)

    def _titled(self, node: LexborNode, title: str) -> None:
        """What stands under a title of its own and ends before the page goes on."""
        text = collapsed(title).replace("\n", " ")
        if not text or self._depth:
            if text:
                self._add(Paragraph(text))
            self._walk(node)
            return
        depth = len(self._titles)
        self._begin_title(SECTION, text)
        self._walk(node)
        self._flush()
        while len(self._titles) > depth:
            self._end_title()

    def _figure(self, node: LexborNode) -> None:
        picture = node.css_first("img")
        if picture is not None and (shown := picture_of(picture)) is not None:
            self._add(shown)
        self._walk_without_pictures(node)

    def _walk_without_pictures(self, node: LexborNode) -> None:
        for picture in node.css("img"):
            picture.decompose()
        self._walk(node)

    def _note(self, node: LexborNode, tag: str) -> None:
        kind = kind_of_note(node, tag)
        head = next((one for one in children(node) if is_head(one)), None)
        title = title_text(head) if head is not None else ""
        if head is not None:
            head.decompose()
        if title.lower() == kind:
            title = ""
        blocks = self._inner(node)
        if blocks:
            self._add(Note(kind, title, tuple(blocks)))
        elif title:
            self._add(Paragraph(title))

"""Stored text back to blocks. It also reads plain text and ordinary Markdown, line by line.

Nothing is refused and no word is lost: a line that is no mark of anything is running text.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    Picture,
    Table,
    with_leads,
)
from memory.knowledge.documents.render import (
    BULLETS,
    FENCE,
    UP,
    heading_level,
    is_marked,
    step_number,
)

HEADING_JOIN = " > "
"""Between the headings of a passage where they are stored as one text."""
_CODE_FENCES = (FENCE, "~~~")


def parse(text: str, heading: str = "") -> list[Block]:
    r"""The blocks of a stored article, or of a passage whose `heading` is given.

    >>> parse("To pause:\\n1. Open Billing.\\n2. Press Pause.")[0].lead
    'To pause:'
    """
    base = tuple(heading.split(HEADING_JOIN)) if heading else ()
    return _Lines(text.split("\n"), base, 0).blocks()


class _Lines:
    """A reader of lines at one depth of nesting."""

    def __init__(self, lines: Sequence[str], path: Path, depth: int, first: int = 1) -> None:
        self._lines = lines
        self._path = path
        self._depth = depth
        self._first = first
        self._at = 0
        self._lead: str | None = None
        """Running text right above, with nothing between."""
        self._lead_at = 0
        self._found: list[Block] = []

    def blocks(self) -> list[Block]:
        """All blocks in order."""
        while self._at < len(self._lines):
            self._step(self._lines[self._at])
        self._settle()
        return with_leads(self._found)

    def _step(self, line: str) -> None:
        if not line.strip():
            self._settle()
            self._at += 1
        elif (level := heading_level(line)) and not self._depth:
            self._settle()
            self._path = (
                *self._path[: max(0, level - 2)],
                line[level:].strip().rstrip("#").strip(),
            )
            self._at += 1
        elif line.rstrip() == UP and not self._depth:
            self._settle()
            self._path = ()
            self._at += 1
        else:
            self._block(line)

    def _block(self, line: str) -> None:
        start = self._at
        if line.lstrip().startswith(_CODE_FENCES) and len(line) - len(line.lstrip()) < 4:  # noqa: PLR2004
            self._add(start, self._code())
        elif _is_row(line):
            self._add(start, self._table())
        elif self._depth < MAX_DEPTH and _item_mark(line):
            self._add(start, self._list())
        elif self._depth < MAX_DEPTH and line.startswith(">"):
            self._add(start, self._note())
        elif line.startswith("![") and line.rstrip().endswith(")") and "](" in line:
            self._add(start, self._picture(line.rstrip()))
        elif self._depth < MAX_DEPTH and line.startswith(": ") and self._lead is not None:
            self._add(start, self._definition())
        else:
            self._text(line)

    def _text(self, line: str) -> None:
        if self._lead is None:
            self._lead, self._lead_at = "", self._at
        self._lead += ("\n" if self._lead else "") + _unguarded(line).strip()
        self._at += 1

    def _settle(self) -> None:
        """Running text that introduces nothing is a paragraph."""
        if self._lead is not None:
            place = self._first + self._lead_at
            self._found.append(Paragraph(self._lead, heading=self._path, line=place))
            self._lead = None

    def _add(self, start: int, block: Block) -> None:
        if not isinstance(block, ItemList | Table | Code | Definition):
            self._settle()
        self._lead = None
        self._found.append(block)

    def _taken(self) -> tuple[str, int]:
        """The words right above, which introduce what follows, and where it all begins."""
        lead, start = self._lead, self._at if self._lead is None else self._lead_at
        if lead is not None and "\n" in lead:  # only its last line does
            *before, lead = lead.split("\n")
            place = self._first + start
            self._found.append(Paragraph("\n".join(before), heading=self._path, line=place))
            start += len(before)
        return lead or "", self._first + start

    def _code(self) -> Code:
        lead, place = self._taken()
        line = self._lines[self._at].strip()
        sign = line[0]
        fence = sign * (len(line) - len(line.lstrip(sign)))
        language = line[len(fence) :].strip()
        self._at += 1
        found = []
        while self._at < len(self._lines) and not _closes(self._lines[self._at], fence):
            found.append(self._lines[self._at])
            self._at += 1
        self._at += 1
        return Code("\n".join(found), language, lead, heading=self._path, line=place)

    def _table(self) -> Table:
        lead, place = self._taken()
        rows = []
        while self._at < len(self._lines) and _is_row(self._lines[self._at]):
            rows.append(cells(self._lines[self._at]))
            self._at += 1
        ruled = len(rows) > 1 and all(_is_rule(cell) for cell in rows[1])
        header = rows[0] if ruled and any(rows[0]) else ()
        body = rows[2:] if ruled else rows
        width = max(map(len, [*body, header]), default=0)
        body = [row + ("",) * (width - len(row)) for row in body]
        return Table(tuple(body), header, lead, heading=self._path, line=place)

    def _list(self) -> ItemList:
        lead, place = self._taken()
        first = step_number(self._lines[self._at].lstrip())
        start = first[0] if first else 1
        items: list[Item] = []
        while mark := self._next_item(start + len(items) if first else None, fresh=not items):
            items.append(self._item(mark))
        return ItemList(
            tuple(items), first is not None, start, lead, heading=self._path, line=place
        )

    def _next_item(self, number: int | None, *, fresh: bool) -> int:
        """The width of the mark of the list's next item; 0 if the list ends.

        `number`: of a step. Only the step that is next may follow after an empty line.
        """
        at = self._at
        if not fresh and number is not None and at < len(self._lines) and not self._lines[at]:
            at += 1
        if at >= len(self._lines):
            return 0
        step = step_number(self._lines[at].lstrip())
        if (step is None) != (number is None) or (at > self._at and step and step[0] != number):
            return 0
        mark = _item_mark(self._lines[at])
        self._at = at if mark else self._at
        return mark

    def _item(self, mark: int) -> Item:
        start = self._at
        own = [self._lines[start][mark:]]
        self._at += 1
        while (end := self._belonging(mark)) > self._at:
            own += [
                line[mark:] if not line[:mark].strip() else line.lstrip()
                for line in self._lines[self._at : end]
            ]
            self._at = end
        return self._item_of(own, self._first + start)

    def _belonging(self, mark: int) -> int:
        """The end of the next lines that are part of the item above: indented, after empty ones."""
        at = self._at
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        inside = at < len(self._lines) and _indent(self._lines[at]) >= min(mark, 2)
        return at + 1 if inside else self._at

    def _item_of(self, own: list[str], first: int) -> Item:
        count = 0
        while count < len(own) and own[count].strip() and not _opens(own[count]):
            count += 1
        text = "\n".join(_unguarded(line).strip() for line in own[:count])
        inner = _Lines(own[count:], (), self._depth + 1, first + count).blocks()
        return Item(text, tuple(inner))

    def _definition(self) -> Definition:
        term, place = self._taken()
        return Definition(term, self._item(2), heading=self._path, line=place)

    def _note(self) -> Note:
        self._settle()
        place = self._first + self._at
        own = []
        while self._at < len(self._lines) and self._lines[self._at].startswith(">"):
            line = self._lines[self._at][1:]
            own.append(line.removeprefix(" "))
            self._at += 1
        kind, title = "quote", ""
        if own[0].startswith("[!") and "]" in own[0]:
            kind, _, title = own.pop(0)[2:].partition("]")
        inner = _Lines(own, (), self._depth + 1, place).blocks()
        return Note(kind.lower(), title.strip(), tuple(inner), heading=self._path, line=place)

    def _picture(self, line: str) -> Picture:
        self._settle()
        place = self._first + self._at
        self._at += 1
        alt, _, source = line[2:-1].rpartition("](")
        return Picture(alt, source, heading=self._path, line=place)


def _opens(line: str) -> bool:
    """Whether a line begins something other than running text."""
    return is_marked(line) and not line.startswith("\\")


def _unguarded(line: str) -> str:
    """A line of running text without the backslash that kept it from being read as a mark."""
    return line[1:] if line.startswith("\\") and is_marked(line[1:]) else line


def cells(line: str) -> tuple[str, ...]:
    r"""The cells of a table's line.

    >>> cells("| a \\\\| b | c |")
    ('a | b', 'c')
    """
    parts = line.strip().removeprefix("|").replace("\\|", "\0").removesuffix("|").split("|")
    return tuple(part.replace("\0", "|").strip() for part in parts)


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.rstrip().endswith("|") and len(line.strip()) > 1


def _is_rule(cell: str) -> bool:
    return bool(cell) and not cell.strip("-: ") and "-" in cell


def _item_mark(line: str) -> int:
    """The width of an item's mark with what stands before it; 0 for any other line."""
    body = line.lstrip()
    indent = len(line) - len(body)
    if body.startswith(BULLETS):
        return indent + 2
    step = step_number(body)
    return indent + step[1] if step else 0


def _closes(line: str, fence: str) -> bool:
    body = line.strip()
    return len(body) >= len(fence) and not body.strip(fence[0])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))

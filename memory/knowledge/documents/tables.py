"""A table of a page as rows of equally many cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from memory.knowledge.documents.nodes import HEADINGS, attribute, children, name

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_SPAN = 50
"""Rows or columns that one cell may cover."""
FEWEST_NAMED = 3
"""Columns from which a row above figures is taken for their names."""
_VALUES = frozenset(
    "free included none unlimited yes no one two three four five six seven eight nine ten".split()
)
"""Words in which a cell tells a value: no name of a column."""
CellText = Callable[["LexborNode"], str]


@dataclass(frozen=True)
class Grid:
    """A table read from a page."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True)
class _Cell:
    text: str
    is_name: bool
    """Whether it names a column or a row."""
    across: int
    down: int


def read_grid(table: LexborNode, cell_text: CellText) -> Grid:
    """Header, rows and caption; cells that cover several places stand in each row they cover."""
    rows = [
        [_cell(one, cell_text) for one in children(row) if name(one) in ("td", "th")]
        for row in _table_rows(table)
    ]
    rows = [row for row in rows if row]
    laid = _laid_out(rows)
    names = _header_rows(table, rows) or int(_has_a_corner(laid) or _names_figures(laid))
    header = _joined(laid[:names])
    body = carried([row for row in laid[names:] if any(row)])
    caption = next((cell_text(one) for one in children(table) if name(one) == "caption"), "")
    return Grid(header if any(header) else (), tuple(body), caption.replace("\n", " "))


def carried(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows with an empty first cell filled from the one above, where it is left out instead of repeated.

    A row with other gaps, or of another kind, as a sum below figures, names nothing of its own.

    >>> carried([("Canoe", "1 hour", "18"), ("", "3 hours", "40"), ("", "", "58")])
    [('Canoe', '1 hour', '18'), ('Canoe', '3 hours', '40'), ('', '', '58')]
    """
    found: list[tuple[str, ...]] = []
    for row in rows:
        above = found[-1] if found else ()
        repeats = (
            row[0] == ""
            and any(above[:1])
            and all(row[1:])
            and all(above[1:])
            and [*map(_has_digit, row[1:])] == [*map(_has_digit, above[1:])]
        )
        found.append((above[0], *row[1:]) if repeats else row)
    return found


def _table_rows(table: LexborNode) -> Iterator[LexborNode]:
    """Its own rows, not those of tables within it."""
    for part in children(table):
        if name(part) == "tr":
            yield part
        elif name(part) in ("thead", "tbody", "tfoot"):
            yield from (row for row in children(part) if name(row) == "tr")


def is_layout(table: LexborNode) -> bool:
    """Whether it only places things on the page."""
    if attribute(table, "role") in ("presentation", "none"):
        return True
    rows = [
        [one for one in children(row) if name(one) in ("td", "th")] for row in _table_rows(table)
    ]
    if all(len(row) <= 1 for row in rows):
        return True
    inner = ["table", *HEADINGS]
    return any(name(one) in inner for one in islice(table.traverse(include_text=False), 1, None))


def _cell(node: LexborNode, cell_text: CellText) -> _Cell:
    return _Cell(
        cell_text(node).replace("\n", " "),
        name(node) == "th",
        _span(attribute(node, "colspan")),
        _span(attribute(node, "rowspan")),
    )


def _span(value: str) -> int:
    digits = value.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 6  # noqa: PLR2004
    return min(max(int(digits), 1), MAX_SPAN) if is_number else 1


def _header_rows(table: LexborNode, rows: list[list[_Cell]]) -> int:
    """How many rows at the top name the columns."""
    first = next((part for part in children(table) if name(part) in ("thead", "tbody")), None)
    if first is not None and name(first) == "thead":
        return sum(1 for row in children(first) if name(row) == "tr")
    count = 0
    while count < len(rows) - 1 and all(cell.is_name for cell in rows[count]):
        count += 1
    return count or int(_is_emphasised(table))


def _is_emphasised(table: LexborNode) -> bool:
    """Whether a first row of data cells is a header by its looks: all of it is bold."""
    rows = list(_table_rows(table))
    if len(rows) < 2:  # noqa: PLR2004
        return False
    return all(
        any(name(one) in ("b", "strong") for one in children(cell))
        or any(name(one) in ("b", "strong") for part in children(cell) for one in children(part))
        for cell in children(rows[0])
        if name(cell) in ("td", "th")
    )


def _has_a_corner(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns beside an empty corner, and each row below has a name of its own."""
    if len(rows) < 2:  # noqa: PLR2004
        return False
    (corner, *names), *below = rows
    named = not corner and len(names) > 1 and all(names) and len(set(names)) == len(names)
    return named and all(row[0] for row in below)


def _names_figures(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether a first row of plain cells names columns of figures, as word processors leave it unmarked.

    Of two columns nobody knows: "Monday | closed" may stand above "Tuesday | 9 to 5".
    """
    first, below = rows[0] if rows else (), rows[1:]
    told = any(map(_has_digit, first)) or any(map(_tells_a_value, first))
    named = all(first) and len(set(first)) == len(first) and not told
    if len(first) < FEWEST_NAMED or len(below) < FEWEST_NAMED - 1 or not named:
        return False
    columns = [[cell for cell in column if cell] for column in zip(*below, strict=True)]
    return any(len(one) > 1 and all(map(_has_digit, one)) for one in columns[1:])


def _tells_a_value(text: str) -> bool:
    """Whether a cell is a value in words: "free" and "one seat" stand in a first row that is no header."""
    return not _VALUES.isdisjoint(text.casefold().split())


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _laid_out(rows: list[list[_Cell]]) -> list[tuple[str, ...]]:
    """Rows of equally many texts."""
    covered: dict[int, tuple[str, int]] = {}
    found = [_row(row, covered) for row in rows]
    width = max(map(len, found), default=0)
    return [tuple(row + [""] * (width - len(row))) for row in found]


def _row(row: list[_Cell], covered: dict[int, tuple[str, int]]) -> list[str]:
    """One row; `covered` holds, by column, the text from above and how many rows it still fills."""
    texts: list[str] = []
    for cell in row:
        _fill(texts, covered)
        place_of = len(texts)
        for place in range(cell.across):
            # What names several columns, or holds for them, stands in each; over the whole row it stands once.
            held = cell.is_name or not place or place_of > 0
            texts.append(cell.text if held else "")
            if cell.down > 1:
                covered[len(texts) - 1] = (texts[-1], cell.down - 1)
    _fill(texts, covered)
    return texts


def _fill(texts: list[str], covered: dict[int, tuple[str, int]]) -> None:
    while (place := len(texts)) in covered:
        text, left = covered.pop(place)
        texts.append(text)
        if left > 1:
            covered[place] = (text, left - 1)


def _joined(rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    columns = zip(*rows, strict=True)
    return tuple(" / ".join(dict.fromkeys(filter(None, column))) for column in columns)

"""Tables whose cells stand below each other, parted by blanks alone: in plain text, and in a printed page.

Markdown reads such rows as running text, a line of dashes below them as a heading and an indented header as
code. They are written here as Markdown's own tables, before anything else looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memory.knowledge.documents.render import is_marked
from memory.patterns import linear

FEWEST_ROWS = 3
"""Lines in a row, a header among them, that are a table and no chance."""
FEWEST_CELLS = 3
MOST_CELLS = 30
LONGEST_ROW = 400
GAP = "  "
CODE_INDENT = 4
_FENCES = ("```", "~~~")
_PROSE_ENDS = (".", "!", "?", ":", ";", ",")
_CELL = " | "
_GAPS = linear(r" {2,}")

Cells = tuple[str, ...]


def with_tables(text: str) -> str:
    r"""The text with such tables as Markdown has them; as it is where there is none.

    >>> with_tables("           Half day  Day\nVan        30 EUR    55 EUR\nBig van    48 EUR    75 EUR")
    '|  | Half day | Day |\n| --- | --- | --- |\n| Van | 30 EUR | 55 EUR |\n| Big van | 48 EUR | 75 EUR |'
    """
    if GAP not in text:
        return text
    out: list[str] = []
    for block, is_code in _blocks(text.split("\n")):
        _go_on(out, block if is_code else _written(block))
    return "\n".join(out)


def _go_on(out: list[str], block: list[str]) -> None:
    """Add a block; rows without names right below a table are its rows, on the next page."""
    at = next((n for n in range(len(out), 0, -1) if out[n - 1].strip()), 0)
    above = out[at - 1] if at else ""
    columns = above.count(_CELL) + 1
    if above.startswith("| ") and block[:1] == [_row(("",) * columns)]:
        del out[at:]
        block = block[2:]
    out += block


def spaced(page: str, layout: str) -> str:
    """A page's text whose rows keep the width between their columns, as its layout shows it.

    A line counts only where both hold the same words: columns of running text are read one after the other.
    """
    wide = {}
    for line in layout.split("\n"):
        cells = [" ".join(cell.split()) for cell in _GAPS.sub("\n", line.strip()).split("\n")]
        if FEWEST_CELLS <= len(cells) <= MOST_CELLS:
            wide[" ".join(cells)] = GAP.join(cells)
    return "\n".join(wide.get(" ".join(line.split()), line) for line in page.split("\n"))


def may_hold_rows(page: str) -> bool:
    """Whether some lines of a page in a row may be those of a table: short, with a figure and without an end."""
    run = 0
    for line in page.split("\n"):
        bare = line.strip()
        words = bare.count(" ") + 1
        like = (
            words >= FEWEST_CELLS and not bare.endswith(_PROSE_ENDS) and any(map(str.isdigit, bare))
        )
        run = run + 1 if like else 0
        if run >= FEWEST_ROWS - 1:
            return True
    return False


def _blocks(lines: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """Lines up to an empty one, or a whole block of code, and whether it is that."""
    block: list[str] = []
    fence = ""
    for line in lines:
        bare = line.strip()
        if fence:
            block.append(line)
            if bare.startswith(fence) and not bare.strip(fence[0]):
                yield block, True
                block, fence = [], ""
        elif bare.startswith(_FENCES):
            yield block, False
            block, fence = [line], bare[: len(bare) - len(bare.lstrip(bare[0]))]
        elif bare:
            block.append(line)
        else:
            yield [*block, line], False
            block = []
    yield block, bool(fence)


def _written(block: Sequence[str]) -> list[str]:
    """A block with its runs of rows as tables."""
    out: list[str] = []
    run: list[tuple[str, Cells]] = []
    for line in [*block, ""]:
        cells = _cells(line)
        if cells and (not run or _fits(cells, run)):
            run.append((line, cells))
        elif run and _is_rule(line):
            run.append((line, ()))
        else:
            out += _settled(run)
            run = [(line, cells)] if cells else []
            out += [] if cells else [line]
    return out[:-1]


def _cells(line: str) -> Cells:
    """The cells of a line that may be a row; none of any other."""
    bare = line.strip().expandtabs(CODE_INDENT)
    if GAP not in bare or len(bare) > LONGEST_ROW or "|" in bare or is_marked(bare):
        return ()
    cells = tuple(cell.strip() for cell in bare.split(GAP) if cell.strip())
    ended = any(cell.endswith(_PROSE_ENDS) for cell in cells[:-1])
    return () if ended or len(cells) > MOST_CELLS else cells


def _fits(cells: Cells, run: Sequence[tuple[str, Cells]]) -> bool:
    """Whether a row has as many cells as those above; a header may have none above the first column."""
    rows = [one for _, one in run if one]
    headless = len(rows) == 1 and run[0][0][:1] == " "
    return len(cells) == len(rows[-1]) or (headless and len(cells) == len(rows[0]) + 1)


def _is_rule(line: str) -> bool:
    return bool(line.strip()) and set(line.strip()) <= set("-=_+ ")


def _settled(run: Sequence[tuple[str, Cells]]) -> list[str]:
    """A run of rows as a table, or as it was where it is too small to be one."""
    rows = [cells for _, cells in run if cells]
    width = max(map(len, rows), default=0)
    coded = all(line.startswith(" " * CODE_INDENT) for line, cells in run if cells)
    if len(rows) < FEWEST_ROWS or width < FEWEST_CELLS or coded:
        return [line for line, _ in run]
    rows = [("",) * (width - len(row)) + row for row in rows]
    named = not any(map(str.isdigit, "".join(rows[0])))
    header, body = (rows[0], rows[1:]) if named else (("",) * width, rows)
    return [*map(_row, [header, ("---",) * width, *body])]


def _row(cells: Cells) -> str:
    return f"| {_CELL.join(cells)} |"

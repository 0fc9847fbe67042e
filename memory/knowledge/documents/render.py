"""Blocks as the Markdown that is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memory.knowledge.documents.model import (
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
)

UP = "---"
"""A line that leads back to the article's own level; headings follow if there are any."""
DEEPEST_HEADING = 6
FENCE = "```"
BULLETS = ("- ", "+ ", "* ", "• ", "– ")
_SIGNS = (*BULLETS, ">", ": ", "|", FENCE, "~~~", "![", "\\", UP)


def render(blocks: Iterable[Block], base: Path = ()) -> str:
    r"""Blocks as text; headings are written wherever they differ from those before, at first `base`.

    >>> render([Paragraph("Text.", heading=("Steps",))])
    '## Steps\\n\\nText.'
    """
    parts: list[str] = []
    current = base
    for block in blocks:
        if block.heading != current:
            parts += _headings(current, block.heading)
            current = block.heading
        parts.append(render_block(block))
    return "\n\n".join(parts)


def render_block(block: Block) -> str:  # noqa: PLR0911  # one return for each kind of block
    """One block without its headings."""
    match block:
        case Paragraph():
            return _guarded(block.text)
        case ItemList():
            return _led(block.lead, _items(block))
        case Table():
            return _led(block.lead, _table(block))
        case Code():
            return _led(block.lead, fenced(block))
        case Note():
            return _note(block)
        case Definition():
            return f"{_guarded(block.term)}\n{_item(': ', block.meaning)}"
        case Picture():
            return f"![{block.alt}]({block.source})"


def _guarded(text: str) -> str:
    """Running text with a backslash before each line that looks like something else."""
    return "\n".join(f"\\{line}" if is_marked(line) else line for line in text.split("\n"))


def is_marked(line: str) -> bool:
    """Whether a line begins with a mark of this format."""
    return line.startswith(_SIGNS) or heading_level(line) > 0 or step_number(line) is not None


def heading_level(line: str) -> int:
    """1 to 6 for a heading's line, else 0."""
    level = len(line) - len(line.lstrip("#"))
    return level if 0 < level <= DEEPEST_HEADING and line[level : level + 1] in " \t" else 0


def step_number(line: str) -> tuple[int, int] | None:
    """(number, width of its mark with the space) of a step's first line."""
    digits = len(line) - len(line.lstrip("0123456789"))
    if not 0 < digits < 10 or line[digits : digits + 2] not in (". ", ") "):  # noqa: PLR2004
        return None
    return int(line[:digits]), digits + 2


def fenced(block: Code) -> str:
    """Code between fences that do not occur in it."""
    longest = run = 0
    for sign in block.text:
        run = run + 1 if sign == "`" else 0
        longest = max(longest, run)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{block.language}\n{block.text}\n{fence}"


def _headings(current: Path, wanted: Path) -> list[str]:
    shared = 0
    while shared < min(len(current), len(wanted)) and current[shared] == wanted[shared]:
        shared += 1
    lines = []
    if shared == len(wanted):  # back to where a heading stood before: nothing else would say so
        lines, shared = [UP], 0
    names = enumerate(wanted[shared:], start=shared + 2)
    return lines + [f"{'#' * min(level, DEEPEST_HEADING)} {name}" for level, name in names]


def _led(lead: str, body: str) -> str:
    return f"{_guarded(lead)}\n{body}" if lead else body


def _items(block: ItemList) -> str:
    marks = [
        f"{number}. " if block.ordered else "- "
        for number in range(block.start, block.start + len(block.items))
    ]
    return "\n".join(_item(mark, item) for mark, item in zip(marks, block.items, strict=True))


def _item(mark: str, item: Item) -> str:
    text = [_guarded(item.text)] if item.text else []
    lines = "\n\n".join([*text, *map(render_block, item.blocks)]).split("\n")
    indent = " " * len(mark)
    rest = [f"{indent}{line}" if line else "" for line in lines[1:]]
    return "\n".join([mark + lines[0], *rest])


def _note(block: Note) -> str:
    head = f"> [!{block.kind.upper()}] {block.title}".rstrip()
    body = "\n\n".join(map(render_block, block.blocks)).split("\n")
    return "\n".join([head, *[f"> {line}" if line else ">" for line in body]])


def _table(block: Table) -> str:
    width = len(block.rows[0]) if block.rows else len(block.header)
    header = block.header or ("",) * width
    return "\n".join(
        [_row_text(header), _row_text(("---",) * len(header)), *map(_row_text, block.rows)]
    )


def _row_text(cells: Sequence[str]) -> str:
    """A row of a table as one line."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

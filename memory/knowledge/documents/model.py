"""The parts of an article, as frozen data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

MAX_DEPTH = 6
"""Lists, notes and definitions nested deeper are read as plain text."""

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a block stands."""

    heading: Path = ()
    """The headings above it, outermost first, without the article's own title."""
    line: int | None = field(default=None, compare=False)
    """The line of the source where it begins, from 1; None if the source has no lines."""


@dataclass(frozen=True)
class Paragraph(Placed):
    """Running text."""

    text: str


@dataclass(frozen=True)
class Item:
    """One item of a list, or the meaning of a term."""

    text: str
    blocks: tuple[Block, ...] = ()
    """What stands in it below its text: a list, code, another paragraph."""


@dataclass(frozen=True)
class ItemList(Placed):
    """A list with the words that introduce it."""

    items: tuple[Item, ...]
    ordered: bool = False
    """Whether it is a sequence of steps."""
    start: int = 1
    """The number of the first step."""
    lead: str = ""
    """What introduces it, such as "To pause your plan:"; empty if nothing does."""


@dataclass(frozen=True)
class Table(Placed):
    """A table. Each row has as many cells as the widest one."""

    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()
    """The columns' names with their units; empty if the table has none."""
    lead: str = ""
    """What introduces it, or its caption."""

    def pairs(self, row: Sequence[str]) -> list[tuple[str, str]]:
        """(column's name, value) of each cell that is not empty; the first is the row's key."""
        names = [*self.header, *[""] * (len(row) - len(self.header))]
        return [(name, cell) for name, cell in zip(names, row, strict=False) if cell]


@dataclass(frozen=True)
class Code(Placed):
    """Code, byte for byte."""

    text: str
    language: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Note(Placed):
    """A box set apart from the text around it."""

    kind: str
    """Lower case: note, tip, info, warning, quote and so on."""
    title: str
    """The box's own title; often empty."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Definition(Placed):
    """A term, or a question, with what it means."""

    term: str
    meaning: Item


@dataclass(frozen=True)
class Picture(Placed):
    """A picture that stands alone, known by the words that describe it."""

    alt: str
    source: str = ""


Block = Paragraph | ItemList | Table | Code | Note | Definition | Picture
Led = ItemList | Table | Code
"""Blocks that a sentence may introduce."""

LONGEST_LEAD = 200
MOST_BETWEEN = 3
"""Blocks that may stand between two steps."""
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…")
_COLONS = (":", "：")


def with_leads(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with each list, table and code joined to the words that introduce it."""
    found: list[Block] = []
    for block in map(_lifted, blocks):
        before = found[-1] if found else None
        if (
            isinstance(block, Led)
            and isinstance(before, Paragraph)
            and not block.lead
            and before.heading == block.heading
            and (introduces(before.text) or (isinstance(block, Code) and _shows(before.text)))
        ):
            found[-1] = replace(block, lead=before.text, line=before.line)
        else:
            found.append(block)
    return _with_whole_steps(found)


def _with_whole_steps(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with steps that go on below a remark, a picture or code as one list: half of them leads nowhere."""
    found: list[Block] = []
    for block in blocks:
        at = _goes_on(found, block)
        first = None if at is None else found[at]
        if at is None or not isinstance(first, ItemList) or not isinstance(block, ItemList):
            found.append(block)
            continue
        said = (Paragraph(block.lead),) if block.lead else ()
        *before, last = first.items
        between = tuple(replace(one, heading=()) for one in (*found[at + 1 :], *said))
        last = replace(last, blocks=(*last.blocks, *between))
        found[at:] = [replace(first, items=(*before, last, *block.items))]
    return found


def _goes_on(found: Sequence[Block], block: Block) -> int | None:
    """Where the list stands whose next step a list begins with; None if it is no such list."""
    if not isinstance(block, ItemList) or not block.ordered or block.start == 1:
        return None
    for at in range(len(found) - 1, max(-1, len(found) - 2 - MOST_BETWEEN), -1):
        one = found[at]
        if one.heading != block.heading or isinstance(one, Table):
            return None
        if isinstance(one, ItemList) and one.ordered:
            return at if one.start + len(one.items) == block.start else None
    return None


def _lifted(block: Block) -> Block:
    """A list; one that is set in a level deeper, with no item above it, as that level."""
    if not isinstance(block, ItemList) or len(block.items) != 1 or block.items[0].text:
        return block
    inner = block.items[0].blocks
    if len(inner) != 1 or not isinstance(inner[0], ItemList):
        return block
    return replace(inner[0], lead=block.lead, heading=block.heading, line=block.line)


def introduces(text: str) -> bool:
    """Whether a paragraph is said to introduce what follows it."""
    if len(text) > LONGEST_LEAD or "\n" in text:
        return False
    return text.endswith(_COLONS) or not text.endswith(_SENTENCE_ENDS)


def _shows(text: str) -> bool:
    """Whether a whole sentence points at the code below it: "Use this script to restart it."."""
    pointing = not {"this", "these", "following", "below"}.isdisjoint(text.lower().split())
    return pointing and len(text) <= LONGEST_LEAD and "\n" not in text


def without_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Blocks whose headings do not repeat the article's own title."""
    same = title.strip().casefold()
    return [
        replace(one, heading=tuple(part for part in one.heading if part.strip().casefold() != same))
        for one in blocks
    ]

"""The rows of a table in words, each with what names its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.text.shown import shown
from memory.knowledge.documents.model import Table
from memory.patterns import linear

ENDS = (".", "!", "?", ":", ";", "…", "。", "！", "？")
"""What ends a sentence, or leads on."""
_SAYS_NOTHING = frozenset({"value", "meaning", "description", "answer", "explanation", "details"})
"""Names of a table's only further column that tell no more than its place."""
_OF_A_SENTENCE = linear(
    r"^(?:what (?:it|they|this|that|these) means?|what (?:to do|(?:you|i) (?:can|should|must) do|(?:can|should) (?:i|you) do))\??$",
    ignore_case=True,
)
FEWEST_TELLING = 3
"""Words of a cell that is a sentence."""
_NO = frozenset({"no", "✗", "✘", "❌"})
_OF_TURNED = frozenset(
    {"", "feature", "features", "function", "what", "setting", "service", "property"}
)
"""Names of a first column that lists what things may have."""
_SAYS_WHETHER = linear(r"^(?:yes|no|✓|✔|✅|✗|✘|❌|[-–—])(?:\P{L}|$)")
_YES_OR_NO = _NO | {"yes", "✓", "✔", "✅"}
_NO_NOUN = linear(
    r"^(?:can|is|are|has|have|may|must|do|does|will|(?:see|change|edit|view|add|use|invite|work|create|delete|send|manage|read|write|buy|need|allow)s?|(?:enter|approve|pay|run|decide)s"
    r"|included|available|free|for|in|on|with|at|from|to)\b|\b(?:i|you|we|it|they|he|she|who|whether)\b|(?:ed|able|ible)$|^\P{L}",
    ignore_case=True,
)
"""Names of columns before which "no" says nothing, as "Can be extended" and "Refundable"."""


def denied(cell: str) -> bool:
    """Whether a cell says that there is none: "no", a cross, a dash."""
    return cell.casefold() in _NO or cell in {"", "-", "–", "—"}


@dataclass(frozen=True)
class Row:
    """A row of a table with what names its cells."""

    key: str
    cells: tuple[tuple[str, str], ...]
    """(column's name, value) of the further cells that are not empty."""
    marked: frozenset[str] = frozenset()
    """Names of the columns of which every cell says yes or no."""

    def sentence(self, column: str | None = None) -> str:
        """The row in words; only one column of it where that is asked for.

        >>> Row("Maxi", (("Price", "9 euros"), ("People", "4"))).sentence()
        'Maxi – Price: 9 euros; People: 4.'
        >>> Row("Maxi", (("Price", "9 euros"), ("Roof rack", "no")), frozenset({"Roof rack"})).sentence()
        'Maxi – Price: 9 euros; no roof rack.'
        """
        cells = [(name, value) for name, value in self.cells if column in {None, name}]
        if len(self.cells) == 1 and self.cells[0][0].casefold() in _SAYS_NOTHING:
            cells = [("", self.cells[0][1])]
        said = ""
        for name, value in cells:
            own = self._cell(name, value)
            joint = " " if said.endswith(ENDS) else "; " if said else ""
            said += f"{joint}{own if own.endswith(ENDS) or not _tells(name, value) else f'{own}.'}"
        whole = f"{self.key} – {said}" if said and self.key else said or self.key
        return whole if whole.endswith(ENDS) else f"{whole}."

    def _cell(self, name: str, value: str) -> str:
        if name in self.marked and value.casefold() in _NO and not _NO_NOUN.search(name):
            return f"no {name if name[1:2].isupper() else name[:1].lower() + name[1:]}"
        if _tells(name, value):
            return value
        return f"{name}: {value}" if name else value


def _tells(name: str, value: str) -> bool:
    """Whether a cell is a sentence that says as much without its column's name: "What to do", "Restart it"."""
    whole = value[:1].isupper() and len(value.split()) >= FEWEST_TELLING
    return whole and _OF_A_SENTENCE.match(name) is not None


def rows_of(table: Table) -> tuple[Row, ...]:
    """All rows of a table."""
    marked = _marked(table)
    return tuple(_row(table, row, marked) for row in table.rows)


def _marked(table: Table) -> frozenset[str]:
    """Names of the columns that say of each row whether it has something.

    A table that is turned has such rows instead: its columns are named by what has it.
    """
    rows = [[shown(one).casefold() for one in row[1:]] for row in table.rows]
    first = shown(table.header[0]).casefold() if table.header else ""
    if first in _OF_TURNED:
        return frozenset()
    turned = any(len(row) > 1 and all(_SAYS_WHETHER.match(one) for one in row) for row in rows)
    named = list(zip(map(shown, table.header[1:]), zip(*rows, strict=False), strict=False))
    return frozenset(
        name
        for name, cells in named
        if all(one in _YES_OR_NO for one in cells) or (not turned and not _NO.isdisjoint(cells))
    )


def _row(table: Table, row: Sequence[str], marked: frozenset[str]) -> Row:
    names = [*table.header, *[""] * len(row)]
    key = _key(shown(names[0]), shown(row[0])) if row else ""
    cells = [
        (shown(name), value)
        for name, cell in zip(names[1:], row[1:], strict=False)
        if (value := shown(cell))
    ]
    return Row(key, tuple(cells), marked)


def _key(header: str, key: str) -> str:
    """What the row is called: a bare figure by what it counts, as "Days late 7"."""
    return f"{header} {key}" if header and key.isdigit() else key

"""Passages as rows: their text with their article's, and what is stored beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.handoffs.corrections import MARKED_WRONG
from memory.knowledge.contract import Hit
from memory.storage.units import Statements, marks
from memory.tables.knowledge import Visibility

SPARE = 10
"""Passages looked up beyond those wanted at first: now and then one has no row any more."""
ROWS = (
    "SELECT c.id, c.doc_id, c.heading, c.text, a.title, a.url, a.visibility, a.held"  # noqa: S608 - our own names
    " FROM chunks AS c JOIN articles AS a ON a.tenant = c.tenant AND a.doc_id = c.doc_id"
    f" WHERE NOT {MARKED_WRONG}"
)
NOT_HELD = " AND NOT a.held"
"""The agent does not see what waits for a person; people do, and are told."""
TOKENS = "SELECT chunk_id, tokens FROM chunk_tokens WHERE revision = ?"
SENTENCES = "SELECT chunk_id, sentences FROM chunk_tokens WHERE revision = ?"


@dataclass(frozen=True)
class PassageRow:
    """A passage's row with its article's."""

    chunk_id: str
    doc_id: str
    heading: str
    text: str
    title: str
    url: str | None
    visibility: str
    held: bool = False

    @property
    def whole(self) -> str:
        """All its words."""
        return f"{self.title} {self.heading} {self.text}"

    def hit(self, score: float, features: dict[str, float]) -> Hit:
        """The passage as a result."""
        return Hit(
            self.chunk_id,
            self.doc_id,
            self.title,
            self.heading,
            self.text,
            self.url,
            score,
            features,
            self.visibility,
            self.held,
        )


def first_rows(
    do: Statements, ids: Sequence[str], wanted: int, shown: Sequence[Visibility]
) -> dict[str, PassageRow]:
    """The rows of the first so many that have one; a few more, where all of the first have."""
    some = wanted + SPARE
    rows = _rows(do, ids[:some], shown)
    if len(rows) < wanted and len(ids) > some:
        rows |= _rows(do, ids[some:], shown)
    return rows


def _rows(do: Statements, ids: Sequence[str], shown: Sequence[Visibility]) -> dict[str, PassageRow]:
    if not ids:
        return {}
    among = f" AND c.id IN ({marks(ids)}) AND a.visibility IN ({marks(shown)})"
    waiting = "" if Visibility.INTERNAL in shown else NOT_HELD
    rows = do.rows(ROWS + among + waiting, [*ids, *(one.value for one in shown)])
    return {
        one: PassageRow(one, doc_id, heading, text, title, url, visibility, bool(held))
        for one, doc_id, heading, text, title, url, visibility, held in rows
    }


def beside(do: Statements, query: str, ids: Sequence[str], revision: str) -> dict[str, bytes]:
    """What is stored beside passages, by their ids."""
    if not ids:
        return {}
    return dict(do.rows(f"{query} AND chunk_id IN ({marks(ids)})", [revision, *ids]))

"""Full text of the passages on SQLite: FTS5."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge.text_rows import BODY_WEIGHT, HEADING_WEIGHT, TITLE_WEIGHT, TextRow
from memory.storage.units import Statements

CREATE_FULLTEXT = [
    """
    CREATE VIRTUAL TABLE chunk_text USING fts5(
        chunk_id UNINDEXED, tenant UNINDEXED, title, heading, body,
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """
]
"""For the migration."""
ADD = text(
    "INSERT INTO chunk_text (rowid, chunk_id, tenant, title, heading, body)"
    " VALUES (:row, :chunk_id, :tenant, :title, :heading, :body)"
)

COUNT = "SELECT count(*) FROM (SELECT 1 FROM chunk_text WHERE chunk_text MATCH ? LIMIT ?)"
MATCH = (
    "SELECT chunk_id, -bm25(chunk_text, 0, 0, ?, ?, ?) AS score"
    " FROM chunk_text WHERE chunk_text MATCH ? AND tenant = ?"
    " ORDER BY score DESC, chunk_id LIMIT ?"
)
MOST_ROWS = 40_000
"""Rows that one query ranks, each counted once a word. Only a base of many thousand passages has more,
and there a word of every other passage tells hardly anything about one of them."""
FRESH_SECONDS = 600.0
"""How long a word's count is taken for granted."""
MOST_WORDS = 20_000
"""Words whose counts a process remembers."""


class WordCounts:
    """In how many passages each word stands, as far as that was asked. Counts up to `MOST_ROWS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def affordable(self, do: Statements, words: Sequence[str]) -> list[str]:
        """The rarest of the words, as many as stand in `MOST_ROWS` rows together; one at least."""
        counts = {word: self._count(do, word) for word in words}
        kept: list[str] = []
        rows = 0
        for word in sorted(words, key=counts.__getitem__):
            rows += counts[word]
            if kept and rows > MOST_ROWS:
                break
            kept.append(word)
        return kept

    def _count(self, do: Statements, word: str) -> int:
        count, at = self._known.get(word, (0, -FRESH_SECONDS))
        if self._clock() - at < FRESH_SECONDS:
            return count
        [row] = do.rows(COUNT, (_quoted(word), MOST_ROWS))
        count = int(row[0])
        self._known[word] = (count, self._clock())
        if len(self._known) > MOST_WORDS:
            self._known.popitem(last=False)
        return count


def _quoted(word: str) -> str:
    return f'"{word}"'


def match(
    do: Statements,
    tenant: str,
    words: Sequence[str],
    limit: int,
    counts: WordCounts,
) -> list[tuple[str, float]]:
    """(chunk id, BM25) of passages with any of the words, highest first.

    Each word is quoted, so no FTS5 syntax is left.
    """
    asked = " OR ".join(map(_quoted, counts.affordable(do, words)))
    rows = do.rows(MATCH, (TITLE_WEIGHT, HEADING_WEIGHT, BODY_WEIGHT, asked, tenant, limit))
    return [(str(row[0]), float(row[1])) for row in rows]


async def add(session: AsyncSession, tenant: str, rows: Sequence[TextRow]) -> None:
    """Make passages findable. The caller removed those with the same ids before."""
    values = [line(tenant, row) for row in rows]
    await (await session.connection()).execute(ADD, values)


def line(tenant: str, row: TextRow) -> dict[str, str | int]:
    """What `ADD` binds."""
    return {
        "row": _rowid(row.chunk_id),
        "chunk_id": row.chunk_id,
        "tenant": tenant,
        "title": row.title,
        "heading": row.heading,
        "body": row.body,
    }


async def remove(session: AsyncSession, chunk_ids: Iterable[str]) -> None:
    """Forget passages; unknown ids are ignored."""
    keys = [{"row": _rowid(chunk_id)} for chunk_id in chunk_ids]
    if keys:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM chunk_text WHERE rowid = :row"), keys)


def _rowid(chunk_id: str) -> int:
    """60 bits of the digest: FTS5 finds a row to delete by its rowid only."""
    return int(chunk_id[:15], 16)

"""Full text of the passages: SQLite FTS5, in the same database and transaction as their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

CREATE_FULLTEXT = [
    """
    CREATE VIRTUAL TABLE chunk_text USING fts5(
        chunk_id UNINDEXED, tenant UNINDEXED, title, heading, body,
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """
]
"""For the migration. SQLite only."""
DROP_FULLTEXT = ["DROP TABLE IF EXISTS chunk_text"]

TITLE_WEIGHT = 2.0
HEADING_WEIGHT = 1.5
BODY_WEIGHT = 1.0
MAX_TERMS = 48
"""Terms of a query that are searched; a longer text repeats itself."""

_WORD = re.compile(r"\w+")
_STOP = frozenset(
    _WORD.findall(
        """
    a about after all also am an and any are as at be because been before but by can could
    did do does for from get had has have he hello her hi him his how i if in into is it its
    just me my no not of on or our out please she should so some than thank thanks that the
    their them then there these they this to up us was we were what when where which who why
    will with would you your
    """
    )
)


@dataclass(frozen=True)
class TextRow:
    """A passage to be found by its words."""

    chunk_id: str
    title: str
    heading: str
    body: str


def terms(query: str) -> list[str]:
    """The distinct words of a query that carry meaning; all words where none does."""
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(query)))
    return ([word for word in words if word not in _STOP] or words)[:MAX_TERMS]


async def match(
    session: AsyncSession, tenant: str, query: str, limit: int
) -> list[tuple[str, float]]:
    """(chunk id, BM25) of passages with any of the query's words, highest first.

    Any text is a valid query: its words are quoted, so no FTS5 syntax is left.
    """
    words = terms(query)
    if not words:
        return []
    connection = await session.connection()
    rows = await connection.execute(
        text(
            "SELECT chunk_id, -bm25(chunk_text, 0, 0, :title, :heading, :body) AS score "
            "FROM chunk_text WHERE chunk_text MATCH :query AND tenant = :tenant "
            "ORDER BY score DESC, chunk_id LIMIT :limit"
        ),
        {
            "title": TITLE_WEIGHT,
            "heading": HEADING_WEIGHT,
            "body": BODY_WEIGHT,
            "query": " OR ".join(f'"{word}"' for word in words),
            "tenant": tenant,
            "limit": limit,
        },
    )
    return [(str(row[0]), float(row[1])) for row in rows]


async def add(session: AsyncSession, tenant: str, rows: Sequence[TextRow]) -> None:
    """Make passages findable. The caller removed those with the same ids before."""
    if rows:
        connection = await session.connection()
        await connection.execute(
            text(
                "INSERT INTO chunk_text (rowid, chunk_id, tenant, title, heading, body) "
                "VALUES (:row, :chunk_id, :tenant, :title, :heading, :body)"
            ),
            [
                {
                    "row": _rowid(row.chunk_id),
                    "chunk_id": row.chunk_id,
                    "tenant": tenant,
                    "title": row.title,
                    "heading": row.heading,
                    "body": row.body,
                }
                for row in rows
            ],
        )


async def remove(session: AsyncSession, chunk_ids: Iterable[str]) -> None:
    """Forget passages; unknown ids are ignored."""
    keys = [{"row": _rowid(chunk_id)} for chunk_id in chunk_ids]
    if keys:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM chunk_text WHERE rowid = :row"), keys)


def _rowid(chunk_id: str) -> int:
    """60 bits of the digest: FTS5 finds a row to delete by its rowid only."""
    return int(chunk_id[:15], 16)

"""Full text of the passages on SQLite: FTS5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge.text_rows import BODY_WEIGHT, HEADING_WEIGHT, TITLE_WEIGHT, TextRow

CREATE_FULLTEXT = [
    """
    CREATE VIRTUAL TABLE chunk_text USING fts5(
        chunk_id UNINDEXED, tenant UNINDEXED, title, heading, body,
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """
]
"""For the migration."""


async def match(
    session: AsyncSession, tenant: str, words: Sequence[str], limit: int
) -> list[tuple[str, float]]:
    """(chunk id, BM25) of passages with any of the words, highest first.

    Each word is quoted, so no FTS5 syntax is left.
    """
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

"""Searching the articles with a question in another language, by their titles and first words.

Two vectors an article, of its title and of that with its first words, made at the first such question
and kept: better than a vector for each passage, at a third of the time. See docs/experiments.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.admission import compute
from memory.encoder.multilingual import MultilingualEncoder
from memory.handoffs.corrections import marked_wrong
from memory.knowledge.contract import Hit
from memory.storage.database import Database
from memory.tables.knowledge import Article, Chunk, Visibility

MOST_ARTICLES = 5_000
"""Of a tenant; what comes after is not looked at."""
FIRST_CHARS = 150
"""Of an article, beside its title."""


class ForeignSearch:
    """`KnowledgeBase` for questions that are not in the articles' language."""

    def __init__(self, database: Database, encoder: MultilingualEncoder) -> None:
        self._database = database
        self._encoder = encoder

    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """The first passage of each of the nearest articles, best first; the score is a cosine.

        Raises `EncoderUnavailable`, `StorageUnavailable`.
        """
        async with self._database.reading() as session:
            known = await _first_passages(session, tenant)
        if not known or not query.strip():
            return []
        cosines = await compute(self._cosines, query, known)
        best = sorted(zip(cosines, known, strict=True), key=lambda one: (-one[0], one[1].doc_id))
        return [_with_score(hit, cosine) for cosine, hit in best[:limit]]

    def _cosines(self, query: str, known: Sequence[Hit]) -> list[float]:
        asked = self._encoder.encode([query])[0]
        titles = self._encoder.encode([one.title for one in known])
        longer = self._encoder.encode([_beginning(one) for one in known])
        return [float(one) for one in np.maximum(titles @ asked, longer @ asked)]


def _beginning(hit: Hit) -> str:
    return f"{hit.title}. {' '.join(hit.text.split())[:FIRST_CHARS]}"


def _with_score(hit: Hit, cosine: float) -> Hit:
    named = (hit.chunk_id, hit.doc_id, hit.title, hit.heading, hit.text, hit.url)
    return Hit(*named, score=cosine, features={"multilingual": cosine})


async def _first_passages(session: AsyncSession, tenant: str) -> list[Hit]:
    connection = await session.connection()
    rows = await connection.execute(
        select(
            col(Chunk.id),
            col(Chunk.doc_id),
            col(Article.title),
            col(Chunk.heading),
            col(Chunk.text),
            col(Article.url),
        )
        .join(
            Article,
            (col(Article.doc_id) == Chunk.doc_id) & (col(Article.tenant) == Chunk.tenant),
        )
        .where(
            col(Chunk.tenant) == tenant,
            col(Chunk.ordinal) == 0,
            col(Article.visibility) == Visibility.PUBLIC.value,
            ~marked_wrong(),
        )
        .order_by(col(Chunk.doc_id))
        .limit(MOST_ARTICLES)
    )
    return [Hit(*row, score=0.0) for row in rows]

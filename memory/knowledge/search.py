"""Hybrid search: nearest vectors and full text, fused, and joined to the rows that exist."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlmodel import col, select

from memory.database import Database
from memory.embeddings import Encoder
from memory.knowledge import fulltext
from memory.knowledge.contract import Hit
from memory.knowledge.index import VectorIndex
from memory.tables.knowledge import Article, Chunk

CANDIDATES = 50
"""Passages taken from each of the two searches before they are fused."""
RRF_K = 60
"""The customary constant of reciprocal rank fusion."""


class HybridSearch:
    """`KnowledgeBase` over a `VectorIndex` and FTS5."""

    def __init__(self, database: Database, index: VectorIndex, encoder: Encoder) -> None:
        self._database = database
        self._index = index
        self._encoder = encoder

    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """See `KnowledgeBase.search`. Raises `OtherModel`, `StorageUnavailable`."""
        if not query.strip():
            return []
        dense = await asyncio.to_thread(self._dense, tenant, query)
        async with self._database.reading() as session:
            lexical = await fulltext.match(session, tenant, query, CANDIDATES)
            fused = _fuse([dense, lexical])
            rows = await session.exec(
                select(Chunk, Article.title, Article.url)
                .join(
                    Article,
                    (col(Article.doc_id) == Chunk.doc_id) & (col(Article.tenant) == Chunk.tenant),
                )
                .where(col(Chunk.id).in_(list(fused)))
            )
            found = {chunk.id: (chunk, title, url) for chunk, title, url in rows}
        features = _features(dense, lexical)
        return [
            _hit(*found[one], score, features[one]) for one, score in fused.items() if one in found
        ][:limit]

    def _dense(self, tenant: str, query: str) -> list[tuple[str, float]]:
        vector = self._encoder.encode([query])[0]
        return self._index.query(tenant, vector, CANDIDATES)


def _fuse(rankings: Sequence[Sequence[tuple[str, float]]]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, (one, _) in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1 / (RRF_K + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def _features(
    dense: Sequence[tuple[str, float]], lexical: Sequence[tuple[str, float]]
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, ranking in (("dense", dense), ("lexical", lexical)):
        for one, score in ranking:
            found.setdefault(one, {})[name] = score
    return found


def _hit(
    chunk: Chunk, title: str, url: str | None, score: float, features: dict[str, float]
) -> Hit:
    return Hit(chunk.id, chunk.doc_id, title, chunk.heading, chunk.text, url, score, features)

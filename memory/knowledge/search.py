"""Hybrid search: nearest windows and full text, fused, then read word by word.

Three looks, each closer and dearer than the one before: (1) the nearest windows of text in the
vector index and the passages with the query's words in FTS5; (2) their sum; (3) for the best few,
late interaction: how well each token of the query is met by some token of the passage, where a
token counts by how much it tells these passages apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database
from memory.embeddings import Encoder
from memory.knowledge import fulltext
from memory.knowledge.contract import Hit
from memory.knowledge.features import describe
from memory.knowledge.index import VectorIndex
from memory.knowledge.ingest import chunk_of
from memory.knowledge.reading_closely import CloseReader
from memory.tables.knowledge import Article, Chunk

WINDOWS = 100
"""Nearest windows taken from the vector index: those of 30 to 60 passages."""
MATCHES = 50
"""Passages taken from full text."""
READ_CLOSELY = 12
"""Best passages that are read word by word."""
LEXICAL_WEIGHT = 0.3
"""BM25, as a share of the query's best, beside a cosine. From 0.2 to 0.4 it hardly matters."""
FUSED_WEIGHT = 0.5
"""The first look's share beside late interaction."""


class HybridSearch:
    """`KnowledgeBase` over a `VectorIndex` and FTS5."""

    def __init__(self, database: Database, index: VectorIndex, encoder: Encoder) -> None:
        self._database = database
        self._index = index
        self._encoder = encoder
        self._reader = CloseReader(encoder)

    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """See `KnowledgeBase.search`. Raises `OtherModel`, `StorageUnavailable`."""
        if not query.strip():
            return []
        dense = await asyncio.to_thread(self._dense, tenant, query)
        async with self._database.reading() as session:
            lexical = dict(await fulltext.match(session, tenant, query, MATCHES))
            fused = fuse(dense, lexical)
            rows = await _rows(session, list(fused))
            words = await fulltext.occurrences(session, tenant, query)
        known = [one for one in fused if one in rows]
        best = known[:READ_CLOSELY]
        alignments = await asyncio.to_thread(
            self._reader.read, query, {one: _whole(*rows[one][:2]) for one in best}
        )
        scores = {one: FUSED_WEIGHT * fused[one] + alignments[one].score for one in best}
        order = sorted(best, key=lambda one: (-scores[one], one)) + known[READ_CLOSELY:]
        features = describe(order, dense, lexical, alignments, words)
        return [
            _hit(*rows[one], scores.get(one, FUSED_WEIGHT * fused[one]), features[one])
            for one in order[:limit]
        ]

    def _dense(self, tenant: str, query: str) -> dict[str, float]:
        """Passages with the cosine of their nearest window, highest first."""
        vector = self._encoder.encode([query])[0]
        found: dict[str, float] = {}
        for one, cosine in self._index.query(tenant, vector, WINDOWS):
            found.setdefault(chunk_of(one), cosine)
        return found


def fuse(dense: Mapping[str, float], lexical: Mapping[str, float]) -> dict[str, float]:
    """The sum of both looks, highest first.

    A passage that full text alone found has no cosine here: it is at most the last one's.
    """
    floor = min(dense.values(), default=0.0)
    top = max(lexical.values(), default=0.0) or 1.0
    scores = {
        one: dense.get(one, floor) + LEXICAL_WEIGHT * max(lexical.get(one, 0.0), 0.0) / top
        for one in {**dense, **lexical}
    }
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


async def _rows(
    session: AsyncSession, ids: Sequence[str]
) -> dict[str, tuple[Chunk, str, str | None]]:
    found = await session.exec(
        select(Chunk, Article.title, Article.url)
        .join(
            Article,
            (col(Article.doc_id) == Chunk.doc_id) & (col(Article.tenant) == Chunk.tenant),
        )
        .where(col(Chunk.id).in_(ids))
    )
    return {chunk.id: (chunk, title, url) for chunk, title, url in found}


def _whole(chunk: Chunk, title: str) -> str:
    return "\n".join(part for part in (title, chunk.heading, chunk.text) if part)


def _hit(
    chunk: Chunk, title: str, url: str | None, score: float, features: dict[str, float]
) -> Hit:
    return Hit(chunk.id, chunk.doc_id, title, chunk.heading, chunk.text, url, score, features)

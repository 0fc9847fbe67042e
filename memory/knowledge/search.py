"""Hybrid search: nearest windows and full text, fused, then read word by word.

Three looks, each closer and dearer than the one before: (1) the nearest windows of text in the
vector index and the passages with the query's words in FTS5; (2) their sum; (3) for the best few,
late interaction: how well each token of the query is met by some token of the passage, where a
token counts by how much it tells these passages apart. What it says is added to the sum.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.corrections import marked_wrong
from memory.database import Database
from memory.embeddings import Encoder
from memory.knowledge import fulltext
from memory.knowledge.contract import Hit
from memory.knowledge.features import describe
from memory.knowledge.index import VectorIndex
from memory.knowledge.ingest import chunk_of, encoded_windows, vector_ids
from memory.knowledge.reading_closely import READ_WINDOWS, CloseReader
from memory.tables.knowledge import Article, Chunk

WINDOWS = 200
"""Nearest windows taken from the vector index: those of 50 to 100 passages."""
MATCHES = 50
"""Passages taken from full text."""
READ_CLOSELY = 8
"""Best passages that are read word by word."""
LEXICAL_WEIGHT = 0.3
"""BM25, as a share of the query's best, beside a cosine. From 0.2 to 0.4 it hardly matters."""


@dataclass(frozen=True)
class Found:
    """A passage's row with its article's."""

    chunk_id: str
    doc_id: str
    heading: str
    text: str
    title: str
    url: str | None

    @property
    def windows(self) -> dict[str, str]:
        """Its windows by vector id, each as it was encoded."""
        ids = vector_ids(self.chunk_id, self.text)
        return dict(zip(ids, encoded_windows(self.title, self.text), strict=True))

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
        )


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
        near = await asyncio.to_thread(self._near, tenant, query)
        dense = best_windows(near)
        async with self._database.reading() as session:
            lexical = dict(await fulltext.match(session, tenant, query, MATCHES))
            fused = fuse(dense, lexical)
            rows = await _rows(session, list(fused))
        known = [one for one in fused if one in rows]
        best = known[:READ_CLOSELY]
        alignments = await asyncio.to_thread(
            self._reader.read, query, windows_to_read([rows[one] for one in best], near, query)
        )
        scores = {one: fused[one] + alignments[one].score for one in best}
        order = sorted(best, key=lambda one: (-scores[one], one)) + known[READ_CLOSELY:]
        features = describe({one: rows[one].doc_id for one in order}, dense, lexical, alignments)
        return [rows[one].hit(scores.get(one, fused[one]), features[one]) for one in order[:limit]]

    def _near(self, tenant: str, query: str) -> list[tuple[str, float]]:
        vector = self._encoder.encode([query])[0]
        return self._index.query(tenant, vector, WINDOWS)


def best_windows(near: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Passages with the cosine of their nearest window, given windows highest first."""
    found: dict[str, float] = {}
    for one, cosine in near:
        found.setdefault(chunk_of(one), cosine)
    return found


def windows_to_read(
    found: Sequence[Found], near: Sequence[tuple[str, float]], query: str
) -> dict[str, dict[str, str]]:
    """The texts of the best windows of each passage: the nearest, then those with its words."""
    place = {one: rank for rank, (one, _) in enumerate(near)}
    asked = fulltext.terms(query)
    chosen: dict[str, dict[str, str]] = {}
    for passage in found:
        texts = passage.windows

        def rank(one: str, texts: Mapping[str, str] = texts) -> tuple[int, int]:
            shared = sum(word in texts[one].lower() for word in asked)
            return (place.get(one, len(near)), -shared)

        best = sorted(texts, key=rank)[:READ_WINDOWS]
        chosen[passage.chunk_id] = {one: texts[one] for one in best}
    return chosen


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


async def _rows(session: AsyncSession, ids: Sequence[str]) -> dict[str, Found]:
    # Columns rather than objects: a tenth of the time.
    connection = await session.connection()
    rows = await connection.execute(
        select(
            col(Chunk.id),
            col(Chunk.doc_id),
            col(Chunk.heading),
            col(Chunk.text),
            col(Article.title),
            col(Article.url),
        )
        .join(
            Article,
            (col(Article.doc_id) == Chunk.doc_id) & (col(Article.tenant) == Chunk.tenant),
        )
        .where(col(Chunk.id).in_(ids), ~marked_wrong())
    )
    return {row[0]: Found(*row) for row in rows}

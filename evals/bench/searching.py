"""The hybrid search over a large base of one tenant, apart from the encoder, and its recall."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from evals.bench.figure import MS, Figure, Figures, Sizes, of_percent, unmeasured, value
from evals.bench.passages import KnownEncoder, Passages, made, passage_id, queries, recall
from evals.figures.base import create_tables
from memory.encoder.encoder import Vectors
from memory.knowledge import fulltext, index_opening
from memory.knowledge.index import Entry, VectorIndex
from memory.knowledge.search import HybridSearch
from memory.knowledge.text_rows import TextRow
from memory.storage.database import Database
from memory.tables.knowledge import Article, Chunk, ChunkTokens

TENANT = "bench"
DOCUMENT = "made"
FULL = 100_000
"""Passages of which the two named figures speak."""
HITS = 10
NEAREST = 10
"""Neighbours of a question that the recall counts."""
NAMED = ("search_ms_p95_100k", "search_recall_100k")


def on_passages(sizes: Sizes, folder: Path) -> Figures:
    """Fill a base and ask it; fewer passages than `FULL` leave the named figures empty."""
    return asyncio.run(_on_passages(sizes, folder))


def search_figures(
    taken: Sequence[float], cpu_ms: float, found: float | None, passages: int
) -> dict[str, Figure]:
    """Milliseconds and recall, under the named figures only where the base has the named size."""
    p95, met = of_percent(taken, 95), value(found, len(taken))
    small = unmeasured(f"the base had {passages} passages: ask for --passages {FULL}")
    whole = passages >= FULL
    return {
        NAMED[0]: p95 if whole else small,
        NAMED[1]: met if whole else small,
        "search_passages": value(passages, 1),
        "search_ms_p50": of_percent(taken, 50),
        "search_ms_p95": p95,
        "search_cpu_ms": value(cpu_ms, len(taken)),
        "search_recall": met,
    }


async def _on_passages(sizes: Sizes, folder: Path) -> dict[str, Figure]:
    database = Database(f"sqlite:///{folder}/desk.db")
    await create_tables(database)
    index = index_opening.open_local(folder / "vectors", KnownEncoder.revision)
    try:
        vectors = await _fill(database, index, sizes.passages)
        texts, asked = queries(vectors, sizes.searches)
        search = HybridSearch(database, index, KnownEncoder(texts, asked))
        taken, cpu_ms = await _ask(search, texts)
        return search_figures(taken, cpu_ms, _recall(index, vectors, asked), sizes.passages)
    finally:
        index.close()
        await database.close()


async def _fill(database: Database, index: VectorIndex, count: int) -> Vectors:
    """The base with its rows, full text and vectors; all vectors in the order of their numbers."""
    article = Article(
        tenant=TENANT, doc_id=DOCUMENT, title="Made", text="", content_hash="", source="made"
    )
    async with database.transaction() as session:
        session.add(article)
    kept = []
    for batch in made(count):
        await _store(database, batch)
        pairs = zip(batch.ids, batch.vectors, strict=True)
        index.upsert(TENANT, [Entry(f"{one}#0", DOCUMENT, vector) for one, vector in pairs])
        kept.append(batch.vectors)
    return np.concatenate(kept)


async def _store(database: Database, batch: Passages) -> None:
    pairs = list(zip(batch.ids, batch.texts, batch.tokens, strict=True))
    whose = {"tenant": TENANT, "doc_id": DOCUMENT, "heading": "", "ordinal": 0}
    chunks = [{**whose, "id": one, "text": text} for one, text, _ in pairs]
    revision = KnownEncoder.revision
    tokens = [{"chunk_id": one, "revision": revision, "tokens": kept} for one, _, kept in pairs]
    async with database.transaction() as session:
        await session.execute(insert(Chunk), chunks)
        await session.execute(insert(ChunkTokens), tokens)
        rows = [TextRow(one, "Made", "", text) for one, text, _ in pairs]
        await fulltext.add(session, TENANT, rows)


async def _ask(search: HybridSearch, texts: Sequence[str]) -> tuple[list[float], float]:
    """Milliseconds of each search by the clock, and of the processor on average."""
    await search.search(TENANT, texts[0], HITS)
    taken, cpu = [], time.process_time()
    for text in texts:
        started = time.perf_counter()
        await search.search(TENANT, text, HITS)
        taken.append((time.perf_counter() - started) * MS)
    return taken, (time.process_time() - cpu) * MS / len(texts)


def _recall(index: VectorIndex, vectors: Vectors, asked: Vectors) -> float | None:
    """Of the exact nearest vectors, how many the index names."""
    best = np.argsort(-(asked @ vectors.T), axis=1)[:, :NEAREST]
    exact = [[f"{passage_id(int(one))}#0" for one in row] for row in best]
    found = [[one for one, _ in index.query(TENANT, vector, NEAREST)] for vector in asked]
    return recall(found, exact)

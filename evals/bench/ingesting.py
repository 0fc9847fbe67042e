"""Passages a second from articles as they are written to what a search can find."""

import asyncio
import time
from pathlib import Path

from evals.bench.figure import Figures, Sizes, Spent, ratio, spent_figures
from evals.figures.base import create_tables
from graph.minds.local.writing.nearness import sentences_of
from memory.encoder.opening import open_encoder
from memory.knowledge import index_opening
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles
from memory.knowledge.ingest import index_pending
from memory.knowledge.staging import stage
from memory.storage.database import Database

ARTICLES = (Path("examples/tarnbrook/articles"), Path("examples/fernhill/articles"))
TENANT = "bench"


def on_articles(sizes: Sizes, folder: Path) -> Figures:
    """The articles of both example companies, with the real encoder."""
    return ingest_figures(asyncio.run(_ingest(sizes.cache, folder)))


def ingest_figures(spent: Spent) -> Figures:
    """A second by the clock, and a second of the processor."""
    return {
        "ingest_per_second": ratio(spent.count, spent.wall, spent.count),
        "ingest_per_cpu_second": ratio(spent.count, spent.cpu, spent.count),
        **spent_figures("ingest_passage", spent),
    }


async def _ingest(cache: Path, folder: Path) -> Spent:
    encoder = open_encoder(cache)
    encoder.encode(["The first call pays for what is made once."])
    drafts = [
        one for path in ARTICLES for one in read_articles(path) if isinstance(one, ArticleDraft)
    ]
    database = Database(f"sqlite:///{folder}/desk.db")
    await create_tables(database)
    index = index_opening.open_local(folder / "vectors", encoder.revision)
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        await stage(database, TENANT, drafts)
        indexed = await index_pending(database, index, encoder, TENANT, sentences_of=sentences_of)
        return Spent(time.process_time() - cpu, time.perf_counter() - wall, indexed.passages)
    finally:
        index.close()
        await database.close()

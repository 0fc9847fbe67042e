"""A knowledge base in a folder of its own, made and searched by the code production runs."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import Progress
from sqlalchemy import text

from evals.figures.datasets import DataError
from evals.figures.report import STDERR
from memory.encoder.encoder import Encoder
from memory.encoder.opening import open_encoder
from memory.knowledge import index_opening
from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.article_files import read_articles
from memory.knowledge.fulltext_sqlite import CREATE_FULLTEXT
from memory.knowledge.ingest import index_pending
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.tables import metadata

TENANT = "measured"


@dataclass(frozen=True)
class Base:
    """An open base."""

    search: HybridSearch
    doc_ids: frozenset[str]
    skipped: list[Skipped]
    encoder: Encoder
    database: Database
    recall: Recall


def read_base(paths: Sequence[Path]) -> tuple[list[ArticleDraft], list[Skipped]]:
    """The articles of every path, pooled into one base; a doc_id counts once.

    Raises `DataError` if there are none.
    """
    drafts: dict[str, ArticleDraft] = {}
    skipped: list[Skipped] = []
    for path in paths:
        if not path.exists():
            raise DataError(f"{path}: no such file or folder")
        for one in read_articles(path):
            if isinstance(one, Skipped):
                skipped.append(one)
            elif drafts.setdefault(one.doc_id, one) is not one:
                skipped.append(Skipped(one.source, f"doc_id {one.doc_id!r} is in an earlier file"))
    if not drafts:
        raise DataError(f"{', '.join(map(str, paths))}: no articles")
    return list(drafts.values()), skipped


@asynccontextmanager
async def open_base(
    drafts: Sequence[ArticleDraft], skipped: list[Skipped], cache: Path
) -> AsyncIterator[Base]:
    """Ingest into a temporary folder (SQLite, FTS5, Chroma); it is removed at the end."""
    encoder = open_encoder(cache)
    with tempfile.TemporaryDirectory(prefix="deskhand-evals-") as folder:
        database = Database(f"sqlite:///{folder}/desk.db")
        await create_tables(database)
        index = index_opening.open_local(Path(folder) / "vectors", encoder.revision)
        try:
            await stage(database, TENANT, drafts)
            with Progress(console=STDERR, transient=True) as progress:
                task = progress.add_task("indexing", total=len(drafts))
                await index_pending(
                    database,
                    index,
                    encoder,
                    TENANT,
                    lambda done, _: progress.update(task, completed=done),
                )
            search = HybridSearch(database, index, encoder)
            recall = Recall(database, index, encoder)
            yield Base(search, _ids(drafts), skipped, encoder, database, recall)
        finally:
            index.close()
            await database.close()


async def keep(base: Base, drafts: Sequence[ArticleDraft]) -> Base:
    """The same base with these articles only: the others are withheld."""
    await stage(base.database, TENANT, drafts, prune=True)
    return replace(base, doc_ids=_ids(drafts))


def _ids(drafts: Sequence[ArticleDraft]) -> frozenset[str]:
    return frozenset(draft.doc_id for draft in drafts)


async def create_tables(database: Database) -> None:
    """The tables and the full text of an empty base."""
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for statement in CREATE_FULLTEXT:
            await connection.execute(text(statement))

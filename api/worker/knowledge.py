"""What a worker does with the articles: it alone may open the embedded index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import structlog
from sqlmodel import select

from memory.encoder.encoder import Encoder
from memory.knowledge import content_audit, restoring
from memory.knowledge.index import VectorIndex
from memory.knowledge.ingest import Begun, index_pending
from memory.knowledge.search import HybridSearch
from memory.knowledge.sentence_vectors import SentencesOf
from memory.knowledge.vectors import Writing
from memory.storage.database import Database
from memory.storage.queue import INDEX_ARTICLES, Queue
from memory.tables.knowledge import Chunk
from memory.tickets.tickets import new_id

log = structlog.get_logger()

INDEXING_SECONDS = 20.0
"""After which articles that are left wait behind other upkeep, such as people's letters."""
SEARCH_LIMIT = 10
"""Passages that a search from outside the worker gets."""

Stored = dict[str, Any]


class KnowledgeChores:
    """Indexes, searches and surveys articles for processes without an index."""

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        encoder: Encoder,
        search: HybridSearch,
        *,
        queue: Queue,
        sentences_of: SentencesOf | None = None,
    ) -> None:
        """`sentences_of`: see `index_pending`."""
        self._database = database
        self._index = index
        self._encoder = encoder
        self._search = search
        self._queue = queue
        self._sentences_of = sentences_of
        self._begun = Begun()

    async def index(self, tenant: str) -> Stored:
        """Make staged articles searchable, for a while; another job does the rest."""
        indexed = await index_pending(
            self._database,
            self._index,
            self._encoder,
            tenant,
            sentences_of=self._sentences_of,
            seconds=INDEXING_SECONDS,
            begun=self._begun,
        )
        if indexed.left:
            async with self._database.transaction() as session:
                await self._queue.chore(session, new_id("index"), INDEX_ARTICLES, tenant)
        return asdict(indexed)

    async def mend(self) -> None:
        """Make vectors again that an index has lost; where as many stand as there should, nothing else is read."""
        async with self._database.reading() as session:
            tenants = (await session.exec(select(Chunk.tenant).distinct())).all()
        for tenant in tenants:
            writing = Writing(self._index, self._encoder, tenant, self._sentences_of)
            found = await restoring.mend(self._database, writing)
            if found.restored:
                log.warning("vectors_restored", tenant=tenant, passages=found.restored)

    async def search(self, tenant: str, query: str) -> list[Stored]:
        """The best passages, for a process that may not open the index itself."""
        return [
            asdict(hit) for hit in await self._search.search_for_people(tenant, query, SEARCH_LIMIT)
        ]

    async def survey(self, tenant: str) -> Stored:
        """Look for gaps and contradictions; ids and figures only."""
        found = await content_audit.survey(self._database, self._index, self._encoder, tenant)
        return asdict(found)

"""Makes the articles findable that staging.py has stored.

The SQL rows are the truth. New vectors are written first, under ids of their own; then one
transaction replaces an article's chunk rows, its full text and its `indexed_hash`; then the old
vectors go. A reader keeps only what has a chunk row, so it sees the old article or the new one,
wherever a process died. What a dead run left behind is cleared by the next one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.encoder.encoder import Encoder, Vectors
from memory.knowledge import chunking, fulltext, sentence_vectors
from memory.knowledge.chunking import Passage
from memory.knowledge.index import Entry, VectorIndex
from memory.knowledge.late_interaction import pack
from memory.knowledge.sentence_vectors import SentencesOf
from memory.knowledge.staging import chunks_of, forget
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables.knowledge import Article, Chunk, ChunkTokens

ORPHAN_SECONDS = 600.0
"""A vector without a row is left alone for so long: another run may be about to add its row."""
TITLE_CHARS = 120
"""Of a title that is encoded with each window: a longer one would leave no room for what is said."""
ARTICLES_AT_ONCE = 16
"""Articles encoded together, so that texts of like length share a batch."""
PASSAGES_AT_ONCE = 256
"""Passages whose vectors are made at once: it bounds the memory, however long the articles."""

Progress = Callable[[int, int], None]
"""Called with (articles done, articles in all)."""


@dataclass(frozen=True)
class Indexed:
    """What `index_pending` did."""

    articles: int = 0
    passages: int = 0
    restored: int = 0
    """Passages whose vectors were missing and were made again."""
    orphans: int = 0
    """Vectors without a passage that were removed."""


def vector_ids(chunk_id: str, text: str) -> list[str]:
    """The ids of a passage's vectors: one for each of its windows."""
    return [f"{chunk_id}#{number}" for number in range(len(chunking.windows(text)))]


def encoded_windows(title: str, text: str) -> list[str]:
    """The windows of a passage as they are encoded: each after its article's title."""
    head = f"{title[:TITLE_CHARS]}: " if title else ""
    return [f"{head}{window}" for window in chunking.windows(text)]


def chunk_of(vector_id: str) -> str:
    """The passage a vector belongs to."""
    return vector_id.partition("#")[0]


async def index_pending(
    database: Database,
    index: VectorIndex,
    encoder: Encoder,
    tenant: str,
    on_progress: Progress | None = None,
    *,
    sentences_of: SentencesOf | None = None,
) -> Indexed:
    """Make every staged article findable, restore lost vectors, clear orphans.

    The vectors of the texts that `sentences_of` names are stored with each passage.
    Safe to repeat, and beside another run: both write the same ids. Raises `OtherModel`,
    `StorageUnavailable`.
    """
    writing = _Writing(index, encoder, tenant, sentences_of)
    pending = await _pending(database, tenant)
    passages = 0
    for start in range(0, len(pending), ARTICLES_AT_ONCE):
        batch = pending[start : start + ARTICLES_AT_ONCE]
        passages += await _index(database, writing, batch)
        if on_progress is not None:
            on_progress(start + len(batch), len(pending))
    restored = await _restore(database, writing)
    orphans = await _clear_orphans(database, index, tenant)
    return Indexed(len(pending), passages, restored, orphans)


async def _pending(database: Database, tenant: str) -> list[Article]:
    async with database.reading() as session:
        rows = await session.exec(
            select(Article)
            .where(Article.tenant == tenant)
            .where(col(Article.indexed_hash).is_distinct_from(col(Article.content_hash)))
            .order_by(Article.doc_id)
        )
        return list(rows)


async def _index(database: Database, writing: _Writing, articles: Sequence[Article]) -> int:
    tenant = writing.tenant
    cut = [(one, chunking.split(tenant, one.doc_id, one.title, one.text)) for one in articles]
    kept = await _known(database, tenant, [one.doc_id for one in articles])
    chunks = [
        (_chunk(one, passage), one.title)
        for one, passages in cut
        for passage in passages
        if passage.id not in kept
    ]
    tokens: dict[str, ChunkTokens] = {}
    for start in range(0, len(chunks), PASSAGES_AT_ONCE):
        some = chunks[start : start + PASSAGES_AT_ONCE]
        tokens |= await asyncio.to_thread(writing.write, some)
    stale: list[str] = []
    for article, passages in cut:
        async with database.transaction() as session:
            stale += await _replace(session, article, passages, tokens)
    await asyncio.to_thread(writing.index.delete, tenant, stale)
    return len(chunks)


@dataclass(frozen=True)
class _Writing:
    """How the vectors of a tenant's passages are made and stored."""

    index: VectorIndex
    encoder: Encoder
    tenant: str
    sentences_of: SentencesOf | None

    def write(self, chunks: Sequence[tuple[Chunk, str]]) -> dict[str, ChunkTokens]:
        """Encode passages, each given with its article's title; what is stored beside each."""
        texts, found = [], []
        for chunk, title in chunks:
            texts += encoded_windows(title, chunk.text)
            found += [(one, chunk.doc_id) for one in vector_ids(chunk.id, chunk.text)]
        vectors, tokens = self.encoder.encode_both(texts)
        pairs = zip(found, vectors, strict=True)
        self.index.upsert(
            self.tenant, [Entry(one, doc_id, vector) for (one, doc_id), vector in pairs]
        )
        windows: dict[str, list[Vectors]] = {}
        for (one, _), each in zip(found, tokens, strict=True):
            windows.setdefault(chunk_of(one), []).append(each)
        sentences = self._sentences(chunks)
        return {
            one: ChunkTokens(
                chunk_id=one,
                revision=self.encoder.revision,
                tokens=pack(each, self.encoder.basis),
                sentences=sentences.get(one),
            )
            for one, each in windows.items()
        }

    def _sentences(self, chunks: Sequence[tuple[Chunk, str]]) -> dict[str, bytes]:
        """The vectors of each passage's sentences, as they are stored."""
        if self.sentences_of is None:
            return {}
        texts = {
            chunk.id: list(dict.fromkeys(self.sentences_of(title, chunk.heading, chunk.text)))
            for chunk, title in chunks
        }
        vectors = iter(self.encoder.encode([text for each in texts.values() for text in each]))
        return {
            one: sentence_vectors.pack(each, np.array(list(islice(vectors, len(each)))))
            for one, each in texts.items()
            if each
        }


async def _replace(
    session: AsyncSession,
    article: Article,
    passages: Sequence[Passage],
    tokens: Mapping[str, ChunkTokens],
) -> list[str]:
    """Swap the generations of one article; the vector ids that no row names any more."""
    await hold_name(session, "articles", article.tenant)
    old = await chunks_of(session, article.tenant, article.doc_id)
    fresh = [_chunk(article, passage) for passage in passages]
    stayed = {one.id for one in old} & {one.id for one in fresh}
    current = await session.get(Article, article.id, with_for_update=True)
    if current is None or current.content_hash != article.content_hash:
        # It was changed or removed meanwhile: what we made is stale, unless another run used it.
        return sorted(_vectors_of(fresh) - _vectors_of(old))
    stale = sorted(_vectors_of(old) - _vectors_of(fresh))
    await forget(session, [one for one in old if one.id not in stayed])
    await _renumber(session, [one for one in fresh if one.id in stayed])
    session.add_all(one for one in fresh if one.id not in stayed)
    await session.flush()  # their tokens refer to them
    # Tokens are missing where another run removed the passage meanwhile: a search makes them.
    session.add_all(tokens[one.id] for one in fresh if one.id not in stayed and one.id in tokens)
    await fulltext.add(
        session,
        article.tenant,
        [
            fulltext.TextRow(one.id, article.title, one.heading, one.text)
            for one in passages
            if one.id not in stayed
        ],
    )
    current.indexed_hash = article.content_hash
    session.add(current)
    return stale


def _chunk(article: Article, passage: Passage) -> Chunk:
    return Chunk(
        id=passage.id,
        tenant=article.tenant,
        doc_id=article.doc_id,
        ordinal=passage.ordinal,
        heading=passage.heading,
        text=passage.text,
    )


def _vectors_of(chunks: Iterable[Chunk]) -> set[str]:
    return {one for chunk in chunks for one in vector_ids(chunk.id, chunk.text)}


async def _renumber(session: AsyncSession, chunks: Sequence[Chunk]) -> None:
    """Passages that stayed may stand elsewhere in the article now."""
    for one in chunks:
        query = update(Chunk).where(col(Chunk.id) == one.id, col(Chunk.ordinal) != one.ordinal)
        await session.exec(query.values(ordinal=one.ordinal))


async def _known(database: Database, tenant: str, doc_ids: Sequence[str]) -> set[str]:
    """The ids of the passages of some articles."""
    async with database.reading() as session:
        query = select(Chunk.id).where(Chunk.tenant == tenant, col(Chunk.doc_id).in_(doc_ids))
        return set(await session.exec(query))


async def _restore(database: Database, writing: _Writing) -> int:
    """Encode passages again whose vectors were lost (a removed folder, a race of two runs)."""
    tenant = writing.tenant
    written = await asyncio.to_thread(writing.index.written, tenant)
    async with database.reading() as session:
        titles = await session.exec(
            select(Article.doc_id, Article.title).where(Article.tenant == tenant)
        )
        title_of = dict(titles.all())
        chunks = await chunks_of(session, tenant)
    lost = [
        (chunk, title_of[chunk.doc_id])
        for chunk in chunks
        if not written.keys() >= _vectors_of([chunk])
    ]
    for start in range(0, len(lost), PASSAGES_AT_ONCE):
        batch = lost[start : start + PASSAGES_AT_ONCE]
        tokens = await asyncio.to_thread(writing.write, batch)
        async with database.transaction() as session:
            await hold_name(session, "articles", tenant)
            await _put_tokens(session, tokens)
    return len(lost)


async def _put_tokens(session: AsyncSession, tokens: Mapping[str, ChunkTokens]) -> None:
    """Replace those of passages that still exist."""
    rows = await session.exec(select(Chunk.id).where(col(Chunk.id).in_(tokens)))
    for one in rows.all():
        await session.merge(tokens[one])


async def _clear_orphans(database: Database, index: VectorIndex, tenant: str) -> int:
    written = await asyncio.to_thread(index.written, tenant)
    async with database.reading() as session:
        known = _vectors_of(await chunks_of(session, tenant))
    limit = time.time() - ORPHAN_SECONDS
    orphans = [one for one, at in written.items() if one not in known and at < limit]
    await asyncio.to_thread(index.delete, tenant, orphans)
    return len(orphans)

"""Makes the articles findable that staging.py has stored.

The SQL rows are the truth. New vectors are written first, under ids of their own; then one
transaction replaces an article's chunk rows, its full text and its `indexed_hash`; then the old
vectors go. A reader keeps only what has a chunk row, so it sees the old article or the new one,
wherever a process died. What a dead run left behind is cleared by the next one (restoring.py).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.encoder.encoder import Encoder
from memory.knowledge import chunking, fulltext, restoring
from memory.knowledge.chunking import Passage
from memory.knowledge.index import VectorIndex
from memory.knowledge.sentence_vectors import SentencesOf
from memory.knowledge.staging import chunks_of, forget
from memory.knowledge.text_rows import TextRow
from memory.knowledge.vectors import PASSAGES_AT_ONCE, Writing, vectors_of
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables.knowledge import Article, Chunk, ChunkTokens

ARTICLES_AT_ONCE = 64
"""Articles encoded together, so that texts of like length share a batch."""
CHARS_AT_ONCE = 100_000
"""Letters of them, but for an article that is longer by itself: some ten seconds of the processor."""
BEGUN_SECONDS = 600.0
"""How long what was made of an article is kept for whoever goes on with it."""
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
    left: int = 0
    """Articles for which there was no time."""


@dataclass
class Begun:
    """What was made of one article for which there was no time: the next run goes on from there."""

    what: tuple[str, str, str] | None = None
    """Tenant, article and its digest."""
    tokens: dict[str, ChunkTokens] = field(default_factory=dict)
    until: float = 0.0

    def takes(self, what: tuple[str, str, str]) -> bool:
        """Whether it holds this article, or may: without room an article is made to its end."""
        if self.what != what and time.monotonic() > self.until:
            self.what, self.tokens = what, {}
        return self.what == what

    def clear(self) -> None:
        """Nothing is left to be done of it."""
        self.what, self.tokens, self.until = None, {}, 0.0


async def index_pending(
    database: Database,
    index: VectorIndex,
    encoder: Encoder,
    tenant: str,
    on_progress: Progress | None = None,
    *,
    sentences_of: SentencesOf | None = None,
    seconds: float = math.inf,
    begun: Begun | None = None,
) -> Indexed:
    """Make every staged article findable, restore lost vectors, clear orphans.

    The vectors of the texts that `sentences_of` names are stored with each passage. After `seconds` no
    more articles are begun, and a long one is left where it stands if `begun` can keep that; some is
    made in any case, and what was lost is looked for when nothing is left.
    Safe to repeat, and beside another run: both write the same ids. Raises `OtherModel`,
    `StorageUnavailable`.
    """
    writing = Writing(index, encoder, tenant, sentences_of)
    pending = await _pending(database, tenant)
    done, passages, until = 0, 0, time.monotonic() + seconds
    for batch in _batches(pending):
        if done and time.monotonic() > until:
            return Indexed(done, passages, left=len(pending) - done)
        made = await _index(database, writing, batch, begun, until)
        if made is None:
            return Indexed(done, passages, left=len(pending) - done)
        passages += made
        done += len(batch)
        if on_progress is not None:
            on_progress(done, len(pending))
    mended = await restoring.mend(database, writing)
    return Indexed(len(pending), passages, mended.restored, mended.orphans)


async def _pending(database: Database, tenant: str) -> list[tuple[int | None, int]]:
    """Ids of the articles that are not findable as they are stored, each with its length."""
    async with database.reading() as session:
        rows = await session.exec(
            select(Article.id, func.length(Article.text))
            .where(Article.tenant == tenant)
            .where(col(Article.indexed_hash).is_distinct_from(col(Article.content_hash)))
            .order_by(Article.doc_id)
        )
        return [(one, length) for one, length in rows]


def _batches(pending: Sequence[tuple[int | None, int]]) -> Iterator[list[int | None]]:
    """As many as are encoded together, one at least."""
    batch: list[int | None] = []
    chars = 0
    for one, length in pending:
        if batch and (len(batch) == ARTICLES_AT_ONCE or chars + length > CHARS_AT_ONCE):
            yield batch
            batch, chars = [], 0
        batch.append(one)
        chars += length
    if batch:
        yield batch


async def _index(
    database: Database,
    writing: Writing,
    pending: Sequence[int | None],
    begun: Begun | None,
    until: float,
) -> int | None:
    """How many passages were made; None if there was no time to make all of an article."""
    async with database.reading() as session:
        articles = await session.exec(select(Article).where(col(Article.id).in_(pending)))
        found = sorted(articles, key=lambda one: one.doc_id)
    cut = await asyncio.to_thread(_cut, found)
    kept = await _known(database, writing.tenant, [one.doc_id for one in found])
    chunks = [
        (_chunk(one, passage), one.title)
        for one, passages in cut
        for passage in passages
        if passage.id not in kept
    ]
    keeping = _keeping(writing.tenant, found, begun)
    tokens = {} if keeping is None else keeping.tokens
    left = [one for one in chunks if one[0].id not in tokens]
    for start in range(0, len(left), PASSAGES_AT_ONCE):
        if start and keeping is not None and time.monotonic() > until:
            keeping.until = time.monotonic() + BEGUN_SECONDS
            return None
        tokens |= await asyncio.to_thread(writing.write, left[start : start + PASSAGES_AT_ONCE])
    stale: list[str] = []
    for article, passages in cut:
        async with database.transaction() as session:
            stale += await _replace(session, article, passages, tokens)
    await asyncio.to_thread(writing.index.delete, writing.tenant, stale)
    if keeping is not None:
        keeping.clear()
    return len(chunks)


def _keeping(tenant: str, articles: Sequence[Article], begun: Begun | None) -> Begun | None:
    """Where to keep what is made of a long article; it stands alone."""
    if begun is None or len(articles) != 1:
        return None
    what = (tenant, articles[0].doc_id, articles[0].content_hash)
    return begun if begun.takes(what) else None


def _cut(articles: Sequence[Article]) -> list[tuple[Article, list[Passage]]]:
    return [(one, chunking.split(one.tenant, one.doc_id, one.title, one.text)) for one in articles]


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
        return sorted(vectors_of(fresh) - vectors_of(old))
    stale = sorted(vectors_of(old) - vectors_of(fresh))
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
            TextRow(one.id, article.title, one.heading, one.text)
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
        windows=len(chunking.windows(passage.text)),
    )


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

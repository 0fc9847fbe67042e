"""Makes the vectors fit the passages again: those that were lost, and those that nobody names.

Where as many vectors are stored as the passages have windows, nothing is looked at one by one: a
changed article costs what it changed, however large the base is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge import chunking
from memory.knowledge.vectors import PASSAGES_AT_ONCE, Writing, vector_ids
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables.knowledge import Article, Chunk, ChunkTokens

ORPHAN_SECONDS = 600.0
"""A vector without a row is left alone for so long: another run may be about to add its row."""

Titled = tuple[Chunk, str]
"""A passage with its article's title."""


@dataclass(frozen=True)
class Mended:
    """What `mend` did."""

    restored: int = 0
    """Passages whose vectors were missing and were made again."""
    orphans: int = 0
    """Vectors without a passage that were removed."""


async def mend(database: Database, writing: Writing) -> Mended:
    """Make lost vectors again (a removed folder, a race of two runs), and remove what a dead run left.

    Raises `OtherModel`, `StorageUnavailable`.
    """
    if await _fits(database, writing):
        return Mended()
    left = await asyncio.to_thread(writing.index.written, writing.tenant)
    restored = 0
    async for page in _pages(database, writing.tenant):
        lost = []
        for one in page:
            found = [left.pop(vector, None) for vector in _ids(one)]
            if None in found:
                lost.append(one)
        await _restore(database, writing, lost)
        restored += len(lost)
    limit = time.time() - ORPHAN_SECONDS
    orphans = [one for one, at in left.items() if at < limit]
    await asyncio.to_thread(writing.index.delete, writing.tenant, orphans)
    return Mended(restored, len(orphans))


async def _fits(database: Database, writing: Writing) -> bool:
    """Whether every passage's windows are counted, and as many vectors are stored."""
    async with database.reading() as session:
        counts = func.count(col(Chunk.windows)), func.sum(col(Chunk.windows))
        query = select(func.count(), *counts).where(Chunk.tenant == writing.tenant)
        passages, counted, windows = (await session.exec(query)).one()
    stored = await asyncio.to_thread(writing.index.count, writing.tenant)
    return passages == counted and stored == (windows or 0)


async def _pages(database: Database, tenant: str) -> AsyncIterator[Sequence[Titled]]:
    """The passages in the order of their ids; those of an earlier release are counted on the way."""
    last = ""
    while True:
        async with database.reading() as session:
            page = list(await session.exec(_after(tenant, last)))
        if not page:
            return
        await _count(database, [chunk for chunk, _ in page if chunk.windows is None])
        yield page
        last = page[-1][0].id


async def _count(database: Database, chunks: Sequence[Chunk]) -> None:
    if not chunks:
        return
    async with database.transaction() as session:
        for one in chunks:
            query = update(Chunk).where(col(Chunk.id) == one.id)
            await session.exec(query.values(windows=len(chunking.windows(one.text))))


def _after(tenant: str, last: str) -> Any:
    same = (col(Article.tenant) == col(Chunk.tenant)) & (col(Article.doc_id) == col(Chunk.doc_id))
    query = select(Chunk, Article.title).join(Article, same)
    query = query.where(Chunk.tenant == tenant, Chunk.id > last)
    return query.order_by(col(Chunk.id)).limit(PASSAGES_AT_ONCE)


def _ids(titled: Titled) -> list[str]:
    return vector_ids(titled[0].id, titled[0].text)


async def _restore(database: Database, writing: Writing, lost: Sequence[Titled]) -> None:
    if not lost:
        return
    tokens = await asyncio.to_thread(writing.write, lost)
    async with database.transaction() as session:
        await hold_name(session, "articles", writing.tenant)
        await _put_tokens(session, tokens)


async def _put_tokens(session: AsyncSession, tokens: dict[str, ChunkTokens]) -> None:
    """Replace those of passages that still exist."""
    rows = await session.exec(select(Chunk.id).where(col(Chunk.id).in_(tokens)))
    for one in rows.all():
        await session.merge(tokens[one])

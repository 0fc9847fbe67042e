"""Articles into the base, the first of two steps: they are stored, and not found yet.

Processes that hold no encoder do this; ingest.py makes findable what is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete as delete_rows
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge import chunking, fulltext
from memory.knowledge.article_draft import DESK, ArticleDraft
from memory.knowledge.orders import orders_in
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables.base import now
from memory.tables.knowledge import Article, Chunk

ARTICLES_A_COMMIT = 100
"""Articles stored while nobody else can write."""
IDS_AT_ONCE = 1_000
"""Ids named in one statement: databases bound them."""
Item = TypeVar("Item")


@dataclass(frozen=True)
class Staged:
    """What `stage` found."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    held: tuple[str, ...] = ()
    """Ids of those that wait for a person, since sentences in them read as orders to the agent."""


async def stage(
    database: Database, tenant: str, drafts: Iterable[ArticleDraft], *, prune: bool = False
) -> Staged:
    """Store articles; with `prune` those that are not among the drafts are removed.

    What people wrote at the desk stands in no file, and is never pruned. A few articles are stored
    in one commit, so that others write in between; whoever died on the way repeats it, which
    changes nothing that is stored. Raises `StorageUnavailable`.
    """
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for some in _batches(drafts):
        async with database.transaction() as session:
            await hold_name(session, "articles", tenant)
            stored = await _stored(session, tenant, [one.doc_id for one in some])
            counts.update(put(session, tenant, one, stored.get(one.doc_id)) for one in some)
        seen |= {one.doc_id for one in some}
    removed = await _prune(database, tenant, seen) if prune else 0
    async with database.reading() as session:
        query = select(Article.doc_id).where(Article.tenant == tenant, col(Article.held))
        held = sorted(seen.intersection((await session.exec(query)).all()))
    return Staged(**counts, removed=removed, held=tuple(held))


async def _stored(session: AsyncSession, tenant: str, doc_ids: list[str]) -> dict[str, Article]:
    query = select(Article).where(Article.tenant == tenant, col(Article.doc_id).in_(doc_ids))
    return {row.doc_id: row for row in await session.exec(query)}


async def _prune(database: Database, tenant: str, seen: set[str]) -> int:
    """Remove the articles of files that are not among those seen; how many."""
    async with database.reading() as session:
        of_files = ~col(Article.source).startswith(DESK, autoescape=True)
        query = select(Article.doc_id).where(Article.tenant == tenant, of_files)
        gone = sorted(set((await session.exec(query)).all()) - seen)
    return await remove(database, tenant, gone)


async def remove(database: Database, tenant: str, doc_ids: Sequence[str]) -> int:
    """Let nobody find these articles any more; how many there were. Indexing clears their vectors."""
    removed = 0
    for some in _batches(doc_ids):
        async with database.transaction() as session:
            await hold_name(session, "articles", tenant)
            for doc_id, row in (await _stored(session, tenant, some)).items():
                await forget(session, await chunks_of(session, tenant, doc_id))
                await session.delete(row)
                removed += 1
    return removed


def put(session: AsyncSession, tenant: str, draft: ArticleDraft, row: Article | None) -> str:
    """Store a draft as a new row or into its own: added, changed or unchanged."""
    digest = chunking.content_hash(draft.title, draft.text)
    found = row or Article(
        tenant=tenant, doc_id=draft.doc_id, title="", text="", content_hash="", source=""
    )
    changed = found.content_hash != digest
    found.title, found.text, found.content_hash = draft.title, draft.text, digest
    found.url, found.source = draft.url, draft.source
    changed = changed or found.visibility != draft.visibility
    found.visibility = draft.visibility
    found.orders = orders_in(f"{draft.title}\n{draft.text}")
    found.held = bool(found.orders) and found.cleared_hash != digest
    if changed:
        found.updated_at = now()
    session.add(found)
    return "added" if row is None else "changed" if changed else "unchanged"


async def chunks_of(session: AsyncSession, tenant: str, doc_id: str | None) -> list[Chunk]:
    """The passages of an article, or of all of them."""
    query = select(Chunk).where(Chunk.tenant == tenant)
    if doc_id is not None:
        query = query.where(Chunk.doc_id == doc_id)
    return list(await session.exec(query))


async def forget(session: AsyncSession, old: Sequence[Chunk]) -> None:
    """Remove passages with their full text."""
    await fulltext.remove(session, [chunk.id for chunk in old])
    for chunk in old:
        session.expunge(chunk)  # the rows are replaced in bulk, perhaps by others of the same ids
    for some in _batches([chunk.id for chunk in old], IDS_AT_ONCE):
        await session.exec(delete_rows(Chunk).where(col(Chunk.id).in_(some)))


def _batches(items: Iterable[Item], size: int = ARTICLES_A_COMMIT) -> Iterator[list[Item]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some

"""Articles into the base, the first of two steps: they are stored, and not found yet.

Processes that hold no encoder do this; ingest.py makes findable what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete as delete_rows
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge import chunking, fulltext
from memory.knowledge.draft import DESK, ArticleDraft
from memory.knowledge.orders import orders_in
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables.base import now
from memory.tables.knowledge import Article, Chunk

IDS_AT_ONCE = 1_000
"""Ids named in one statement: databases bound them."""


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

    What people wrote at the desk stands in no file, and is never pruned. Repeating it changes nothing. Raises `StorageUnavailable`.
    """
    read = list(drafts)  # files are read before the write lock is taken, not under it
    seen = {draft.doc_id for draft in read}
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    async with database.transaction() as session:
        await hold_name(session, "articles", tenant)
        rows = await session.exec(select(Article).where(Article.tenant == tenant))
        stored = {row.doc_id: row for row in rows}
        for draft in read:
            counts[put(session, tenant, draft, stored.get(draft.doc_id))] += 1
        files = {doc_id for doc_id, row in stored.items() if not row.source.startswith(DESK)}
        gone = [doc_id for doc_id in stored if doc_id in files - seen] if prune else []
        for doc_id in gone:
            await forget(session, await chunks_of(session, tenant, doc_id))
            await session.delete(stored[doc_id])
        await session.flush()
        rows = await session.exec(
            select(Article).where(Article.tenant == tenant, col(Article.held))
        )
        held = sorted(row.doc_id for row in rows if row.doc_id in seen)
    return Staged(**counts, removed=len(gone), held=tuple(held))


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


async def chunks_of(session: AsyncSession, tenant: str, doc_id: str | None = None) -> list[Chunk]:
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
    for some in _batches([chunk.id for chunk in old]):
        await session.exec(delete_rows(Chunk).where(col(Chunk.id).in_(some)))


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))

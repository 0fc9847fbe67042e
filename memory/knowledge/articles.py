"""Lists a tenant's articles with what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.storage.engines import changed
from memory.tables import Article, Correction, CorrectionKind, Memory

MAX_MEMORIES = 20_000
"""Settled answers whose citations are counted, the newest."""


class NoSuchArticle(MemoryFault):
    """No such article in this tenant."""


class ArticleChanged(MemoryFault):
    """The article is another one than the caller has read."""


@dataclass(frozen=True)
class Listed:
    """A page of articles and how many there are in all."""

    articles: list[Article]
    total: int


async def listed(
    session: AsyncSession, tenant: str, *, words: str | None, limit: int, offset: int
) -> Listed:
    """By title; `words` must stand in the title or the id."""
    wanted: list[Any] = [Article.tenant == tenant]
    if words:
        wanted.append(
            or_(
                col(Article.title).icontains(words, autoescape=True),
                col(Article.doc_id).icontains(words, autoescape=True),
            )
        )
    total = (await session.exec(select(func.count()).select_from(Article).where(*wanted))).one()
    query = select(Article).where(*wanted).order_by(col(Article.title), col(Article.doc_id))
    found = await session.exec(query.limit(limit).offset(offset))
    return Listed(list(found.all()), total)


async def get(session: AsyncSession, tenant: str, doc_id: str) -> Article:
    """One article. Raises `NoSuchArticle`."""
    query = select(Article).where(Article.tenant == tenant, Article.doc_id == doc_id)
    article = (await session.exec(query)).first()
    if article is None:
        raise NoSuchArticle(f"there is no article {doc_id!r}")
    return article


async def clear(
    session: AsyncSession, tenant: str, doc_id: str, *, by: str, version: str | None
) -> Article:
    """Let the agent answer from an article whose sentences read as orders, in this version.

    Without a version in the one that is stored. Raises `NoSuchArticle`, `ArticleChanged`.
    """
    article = await get(session, tenant, doc_id)
    if version is None:
        version = article.content_hash
    same = (col(Article.id) == article.id, col(Article.content_hash) == version)
    values = {"held": False, "cleared_hash": version, "cleared_by": by}
    if not await changed(session, Article, *same, **values):
        raise ArticleChanged(f"the article {doc_id!r} has changed since you read it: read it again")
    return article


async def titles(session: AsyncSession, tenant: str, doc_ids: Sequence[str]) -> dict[str, str]:
    """Titles of those that exist."""
    query = select(Article.doc_id, Article.title).where(
        Article.tenant == tenant, col(Article.doc_id).in_(doc_ids)
    )
    return dict((await session.exec(query)).all())


async def citations(session: AsyncSession, tenant: str) -> Counter[str]:
    """How many settled answers stand on each article."""
    query = (
        select(Memory.sources)
        .where(Memory.tenant == tenant, Memory.sources != "")
        .order_by(col(Memory.created_at).desc())
        .limit(MAX_MEMORIES)
    )
    counted: Counter[str] = Counter()
    for sources in await session.exec(query):
        counted.update(set(sources.split(",")))
    return counted


async def marked_wrong(session: AsyncSession, tenant: str) -> set[tuple[str, str | None]]:
    """(doc_id, content_hash) of articles that people marked and nobody took back."""
    query = select(Correction.article, Correction.content_hash).where(
        Correction.tenant == tenant,
        Correction.kind == CorrectionKind.ARTICLE_WRONG,
        col(Correction.undone_at).is_(None),
    )
    return {(doc, digest) for doc, digest in (await session.exec(query)).all() if doc}

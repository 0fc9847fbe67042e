"""A tenant's calibrations: stored once each, newest first. Repositories never commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.journal.codes import Reason
from memory.storage.engines import insert
from memory.tables import Article, Calibration, Handoff, Visibility, now

SHOWN = 50
"""Newest calibrations of a tenant that are looked at."""
DECISIONS_KEPT = timedelta(days=180)
"""Older decisions say little of the articles as they are."""


async def add(session: AsyncSession, row: Calibration) -> bool:
    """Store a calibration; False if the very same one is there already."""
    statement = insert(session, Calibration).values(row.model_dump()).on_conflict_do_nothing()
    stored = await session.execute(statement.returning(col(Calibration.id)))
    return stored.first() is not None


async def listed(session: AsyncSession, tenant: str) -> list[Calibration]:
    """Newest first, `SHOWN` at most."""
    rows = await session.exec(
        select(Calibration)
        .where(Calibration.tenant == tenant)
        .order_by(col(Calibration.calibrated_at).desc(), col(Calibration.created_at).desc())
        .limit(SHOWN)
    )
    return list(rows)


async def decided(session: AsyncSession, tenant: str) -> list[Handoff]:
    """Handoffs of late, oldest first, that came of low confidence and that a person decided."""
    rows = await session.exec(
        select(Handoff)
        .where(Handoff.tenant == tenant, Handoff.reason == Reason.LOW_CONFIDENCE.value)
        .where(col(Handoff.decided_at) >= now() - DECISIONS_KEPT)
        .order_by(col(Handoff.decided_at))
    )
    return list(rows)


def calibration_id(tenant: str, *content: object) -> str:
    """32 hex digits that follow from tenant and content."""
    return hashlib.sha256(repr((tenant, *content)).encode()).hexdigest()[:32]


def articles_digest(articles: Iterable[tuple[str, str]]) -> str:
    """16 hex digits of the articles, given as (doc_id, content hash) in any order."""
    whole = "\n".join(f"{doc_id}\0{digest}" for doc_id, digest in sorted(articles))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


async def base_digest(session: AsyncSession, tenant: str) -> str:
    """`articles_digest` of the articles that a tenant's agent may answer from, as they are now."""
    rows = await session.exec(
        select(Article.doc_id, Article.content_hash).where(
            Article.tenant == tenant, Article.visibility == Visibility.PUBLIC
        )
    )
    return articles_digest(rows.all())

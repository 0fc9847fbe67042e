"""The words of asks, by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs.model import Story
from memory.tables import Correction, CorrectionKind, Handoff

AskId = tuple[str, str]
"""Ticket and ask; the ask is empty for a person's word that an article is missing."""
IDS_AT_ONCE = 500


async def texts(session: AsyncSession, tenant: str, asks: Sequence[AskId]) -> dict[AskId, str]:
    """What was asked; an ask is left out where its words have been erased since."""
    tickets = sorted({ticket for ticket, _ in asks})
    known: dict[AskId, str] = {}
    for start in range(0, len(tickets), IDS_AT_ONCE):
        some = tickets[start : start + IDS_AT_ONCE]
        known |= await _named(session, tenant, some) | await _told(session, tenant, some)
    return {one: known[one] for one in asks if one in known}


async def _told(session: AsyncSession, tenant: str, tickets: Sequence[str]) -> dict[AskId, str]:
    """Of the stories, the newest last."""
    query = (
        select(Handoff.ticket_id, Handoff.story)
        .where(Handoff.tenant == tenant, col(Handoff.ticket_id).in_(tickets))
        .order_by(col(Handoff.created_at))
    )
    return {
        (ticket, ask.id): ask.text
        for ticket, story in (await session.exec(query)).all()
        for ask in Story.model_validate(story).asks
    }


async def _named(session: AsyncSession, tenant: str, tickets: Sequence[str]) -> dict[AskId, str]:
    """Of the corrections that miss an article, the newest last."""
    query = (
        select(Correction.ticket_id, Correction.question)
        .where(
            Correction.tenant == tenant,
            col(Correction.ticket_id).in_(tickets),
            Correction.kind == CorrectionKind.ARTICLE_MISSING,
        )
        .order_by(col(Correction.created_at))
    )
    return {(ticket, ""): question for ticket, question in (await session.exec(query)).all()}

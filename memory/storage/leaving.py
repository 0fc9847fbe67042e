"""Tickets that are about to be erased: nothing more is put onto them, since nobody would answer it."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.tables import Erasure, ErasureStatus


async def leaving(session: AsyncSession, tenant: str) -> frozenset[str]:
    """Ids of the tenant's tickets whose customer's erasure was asked for and is not done yet."""
    query = select(Erasure.tickets).where(
        Erasure.tenant == tenant, Erasure.status == ErasureStatus.WANTED
    )
    return frozenset(one for tickets in await session.exec(query) for one in tickets)

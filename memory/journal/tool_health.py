"""What workers see of their tools: each writes its own rows, readers see the living ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.engines import hold_name
from memory.tables import ToolHealth, now

EXPIRES = timedelta(seconds=60)
"""Rows that were not written anew for so long are a dead worker's."""
MOST_ROWS = 1_000
"""Of one worker."""


async def replace(session: AsyncSession, worker: str, rows: Sequence[ToolHealth]) -> None:
    """Put a worker's rows in the place of its old ones, and sweep those of dead workers away.

    Rows of other workers among them are refused with `ValueError`. Never commits.
    """
    if any(row.worker != worker for row in rows):
        raise ValueError(f"{worker} writes rows of its own only")
    await hold_name(session, "tool health")  # they sweep the same rows of the dead
    old = (col(ToolHealth.worker) == worker) | (col(ToolHealth.updated_at) < now() - EXPIRES)
    await session.exec(delete(ToolHealth).where(old))
    session.add_all(rows[:MOST_ROWS])
    await session.flush()


async def forget(session: AsyncSession, worker: str) -> None:
    """A worker ends and takes its rows along. Never commits."""
    await session.exec(delete(ToolHealth).where(col(ToolHealth.worker) == worker))


async def of_tenant(session: AsyncSession, tenant: str) -> list[ToolHealth]:
    """The living workers' rows of a tenant's tools, by tool and worker."""
    fresh = col(ToolHealth.updated_at) >= now() - EXPIRES
    query = select(ToolHealth).where(ToolHealth.tenant == tenant, fresh)
    ordered = query.order_by(col(ToolHealth.tool), col(ToolHealth.worker))
    return list((await session.exec(ordered)).all())

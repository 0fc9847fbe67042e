"""Figures of the ledger as it stands: queues, overdue handoffs, budgets, breakers.

Each is one grouped query over living rows, however many tickets have been settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.budgets.amounts import RESOURCES
from memory.budgets.ledger import day_account
from memory.journal.tool_health import EXPIRES
from memory.tables import (
    BudgetAccount,
    Handoff,
    HandoffStatus,
    JournalRow,
    Ticket,
    TicketStatus,
    ToolHealth,
    now,
)

LIVING = (TicketStatus.QUEUED, TicketStatus.RUNNING, TicketStatus.WAITING)
MOST_GROUPS = 5_000
"""Rows of one figure that are read."""
SETTLING_SECONDS = 2.0
"""A row may become visible after one with a higher id; after so long all are there."""


@dataclass(frozen=True)
class Standing:
    """Tickets of one tenant in one status."""

    tenant: str
    status: str
    tickets: int
    oldest_seconds: float


@dataclass(frozen=True)
class Spent:
    """Of one tenant's budget of today."""

    tenant: str
    resource: str
    amount: int
    """Spent and held."""


@dataclass(frozen=True)
class BreakerCount:
    """Living workers whose breaker for a tool is in a state."""

    tenant: str
    tool: str
    state: str
    workers: int


async def standing(session: AsyncSession) -> list[Standing]:
    """Every tenant's tickets that are not settled, by status."""
    found = await session.exec(
        select(Ticket.tenant, Ticket.status, func.count(), func.min(Ticket.updated_at))
        .where(col(Ticket.status).in_(LIVING))
        .group_by(col(Ticket.tenant), col(Ticket.status))
        .limit(MOST_GROUPS)
    )
    moment = now()
    return [
        Standing(tenant, status, number, max(0.0, (moment - oldest).total_seconds()))
        for tenant, status, number, oldest in found.all()
    ]


async def overdue(session: AsyncSession) -> dict[str, int]:
    """Handoffs by tenant that nobody has answered in time."""
    waiting = (HandoffStatus.OPEN, HandoffStatus.CLAIMED)
    found = await session.exec(
        select(Handoff.tenant, func.count())
        .where(col(Handoff.status).in_(waiting), col(Handoff.due_at) < now())
        .group_by(col(Handoff.tenant))
        .limit(MOST_GROUPS)
    )
    return dict(found.all())


async def spent_today(session: AsyncSession, tenants: Sequence[str]) -> list[Spent]:
    """What the day's accounts of these tenants have spent and hold, by resource."""
    keys = {day_account(tenant, now()): tenant for tenant in tenants[:MOST_GROUPS]}
    found = await session.exec(
        select(BudgetAccount).where(col(BudgetAccount.key).in_(keys)).limit(MOST_GROUPS)
    )
    return [
        Spent(
            keys[account.key],
            resource,
            getattr(account, f"{resource}_spent") + getattr(account, f"{resource}_held"),
        )
        for account in found.all()
        for resource in RESOURCES
    ]


async def breakers(session: AsyncSession) -> list[BreakerCount]:
    """Breakers by state, as the living workers see them."""
    found = await session.exec(
        select(ToolHealth.tenant, ToolHealth.tool, ToolHealth.breaker, func.count())
        .where(col(ToolHealth.updated_at) >= now() - EXPIRES)
        .group_by(col(ToolHealth.tenant), col(ToolHealth.tool), col(ToolHealth.breaker))
        .limit(MOST_GROUPS)
    )
    return [BreakerCount(*row) for row in found.all()]


COLUMNS = (
    JournalRow.id,
    JournalRow.tenant,
    JournalRow.kind,
    JournalRow.name,
    JournalRow.cause,
    JournalRow.outcome,
    JournalRow.duration_ms,
    JournalRow.tokens_in,
    JournalRow.tokens_out,
    JournalRow.cost_micros,
    JournalRow.error,
    JournalRow.numbers,
)


async def journal_after(
    session: AsyncSession, last_id: int, before: datetime, limit: int
) -> list[tuple[Any, ...]]:
    """The next rows as plain tuples (see `COLUMNS`), up to the first one younger than `before`."""
    query: Any = select(*COLUMNS, JournalRow.at).where(col(JournalRow.id) > last_id)  # type: ignore[call-overload]
    rows = (await session.exec(query.order_by(col(JournalRow.id)).limit(limit))).all()
    settled = []
    for row in rows:
        if row[-1] >= before:
            break
        settled.append(tuple(row[:-1]))
    return settled

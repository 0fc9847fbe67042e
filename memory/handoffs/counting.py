"""How many handoffs wait, by what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy
from sqlalchemy import func, literal_column
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs.changing import UNDECIDED, lapsed
from memory.handoffs.listing import overdue
from memory.tables import Handoff, HandoffStatus, Message, now


@dataclass(frozen=True)
class Counts:
    """How many handoffs wait, by what."""

    status: Mapping[str, int] = field(default_factory=dict)
    team: Mapping[str, int] = field(default_factory=dict)
    priority: Mapping[int, int] = field(default_factory=dict)
    intent: Mapping[str, int] = field(default_factory=dict)
    reason: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    mine: int = 0
    unassigned: int = 0
    unread: int = 0


async def counts(session: AsyncSession, tenant: str, who: str) -> Counts:
    """How many wait, by what. Those that are decided or closed are in `status` only."""
    moment, own = now(), col(Handoff.tenant) == tenant
    waits = (own, col(Handoff.status).in_(UNDECIDED))
    found = _Tally()
    parts: tuple[Any, ...] = (
        *(Handoff.status, Handoff.team, Handoff.priority, Handoff.intent, Handoff.reason),
        *(lapsed(moment), overdue(moment), col(Handoff.claimed_by) == who),
    )
    columns: list[Any] = [literal_column(str(n)) for n in range(1, len(parts) + 1)]
    grouped = sqlalchemy.select(*parts, func.count()).where(*waits).group_by(*columns)
    connection = await session.connection()
    for row in await connection.execute(grouped):
        found.add(*row)
    ended = select(Handoff.status, func.count()).where(own, col(Handoff.status).not_in(UNDECIDED))
    for status, number in (await session.exec(ended.group_by(col(Handoff.status)))).all():
        found.status[status] += int(number)
    return found.counts(await _number(session, *waits, _has_unread()))


_BY = ("team", "priority", "intent", "reason")


@dataclass
class _Tally:
    """Adds up groups of alike handoffs."""

    status: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    some: Counter[str] = field(default_factory=Counter)

    def add(self, *row: Any) -> None:
        """One group: status, team, priority, intent, reason, lapsed, late, mine, how many."""
        status, *by, run_out, late, mine, number = row
        free = bool(run_out) or status == HandoffStatus.OPEN
        self.status[str(HandoffStatus.OPEN) if free else status] += number
        for name, value in zip(_BY, by, strict=True):
            if value is not None:
                self.by[name][value] += number
        self.some["overdue"] += number * bool(late)
        self.some["unassigned"] += number * free
        self.some["mine"] += number * (bool(mine) and not free)

    def counts(self, unread: int) -> Counts:
        """The sums."""
        return Counts(
            status=dict(self.status),
            team=dict(self.by["team"]),
            priority=dict(self.by["priority"]),
            intent=dict(self.by["intent"]),
            reason=dict(self.by["reason"]),
            overdue=self.some["overdue"],
            mine=self.some["mine"],
            unassigned=self.some["unassigned"],
            unread=unread,
        )


def _has_unread() -> ColumnElement[bool]:
    found: ColumnElement[bool] = (
        select(Message.id)
        .where(
            col(Message.ticket_id) == Handoff.ticket_id,
            Message.role == "customer",
            col(Message.seq) > col(Handoff.seen_seq),
        )
        .exists()
    )
    return found


async def _number(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    found = await session.exec(select(func.count()).select_from(Handoff).where(*conditions))
    return int(found.one())

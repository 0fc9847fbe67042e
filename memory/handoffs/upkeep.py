"""What time does to handoffs: leases end, sleepers wake, targets pass."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from memory.handoffs import log as handoff_log
from memory.handoffs.changing import UNDECIDED, Doing, change, get, held, lapsed, undecided
from memory.handoffs.listing import overdue
from memory.journal.codes import Act
from memory.tables import Handoff, HandoffStatus, now

Conditions = Sequence[ColumnElement[bool]]
Moment = datetime | BindParameter[datetime]
MOMENT: BindParameter[datetime] = bindparam("moment")
STATEMENTS_KEPT = 8
"""One for each set of tenants that a worker serves: it changes when desks are loaded anew."""


async def run_out(session: AsyncSession, limit: int) -> Sequence[Handoff]:
    """Claims whose lease has ended, of all tenants."""
    return await _some(session, _run_out(now()), limit)


async def to_wake(session: AsyncSession, limit: int) -> Sequence[Handoff]:
    """What was put aside, or waits for the customer, beyond its moment."""
    return await _some(session, _to_wake(now()), limit)


async def without_target(
    session: AsyncSession, limit: int, tenants: Collection[str]
) -> Sequence[Handoff]:
    """What nobody of these tenants has answered and has no moment by which somebody should.

    Only theirs, since without a desk no target is worked out: the others' would never leave the
    first rows, and those behind them never come to their turn.
    """
    return await _some(session, _without_target(tenants), limit)


async def late(session: AsyncSession, limit: int) -> Sequence[Handoff]:
    """What has passed a target and was not escalated for it."""
    return await _some(session, _late(now()), limit)


async def anything(session: AsyncSession, tenants: Collection[str]) -> bool:
    """Whether one of the four would find something: one statement, for all that is asked in vain."""
    asked = _anything(frozenset(tenants))
    return bool((await session.exec(asked, params={MOMENT.key: now()})).one())


@lru_cache(maxsize=STATEMENTS_KEPT)
def _anything(tenants: frozenset[str]) -> SelectOfScalar[bool]:
    """Made once: to put it together takes five times what asking it does."""
    every = (_run_out(MOMENT), _to_wake(MOMENT), _without_target(tenants), _late(MOMENT))
    return select(or_(*(exists().where(*conditions) for conditions in every)))


def _run_out(moment: Moment) -> Conditions:
    return [lapsed(moment)]


def _to_wake(moment: Moment) -> Conditions:
    listens = col(Handoff.status).in_(handoff_log.LISTENING)
    return [listens, col(Handoff.snoozed_until) < moment]


def _without_target(tenants: Collection[str]) -> Conditions:
    waits = (HandoffStatus.OPEN, HandoffStatus.CLAIMED, HandoffStatus.SNOOZED)
    missing = or_(
        and_(col(Handoff.due_at).is_(None), col(Handoff.responded_at).is_(None)),
        col(Handoff.resolve_by).is_(None),
    )
    theirs = col(Handoff.tenant).in_(tenants)
    return [col(Handoff.status).in_(waits), missing, theirs]


def _late(moment: Moment) -> Conditions:
    return [overdue(moment), col(Handoff.escalated_at).is_(None)]


async def _some(session: AsyncSession, conditions: Conditions, limit: int) -> list[Handoff]:
    query = select(Handoff).where(*conditions).order_by(col(Handoff.id)).limit(limit)
    return list(await session.exec(query))


async def set_targets(
    session: AsyncSession, handoff: Handoff, due_at: datetime, resolve_by: datetime
) -> None:
    """Give a handoff the targets it lacks. No version: nothing to decide on has changed."""
    found = await held(session, handoff.id)
    if found is None or found.status not in UNDECIDED:
        return
    if found.due_at is None and found.responded_at is None:
        found.due_at = due_at
    found.resolve_by = found.resolve_by or resolve_by
    session.add(found)
    await session.flush()


async def escalate(session: AsyncSession, handoff: Handoff, *, lead: str | None) -> Handoff:
    """Raise the priority of what nobody answered in time, and tell the team's lead; once.

    Raises a fault of `change` where somebody acted meanwhile.
    """
    moment = now()
    found = await get(session, handoff.tenant, handoff.id)
    return await change(
        session,
        found,
        [undecided(), overdue(moment), col(Handoff.escalated_at).is_(None)],
        {
            "priority": max(0, found.priority - 1),
            "escalated_at": moment,
            "escalated_to": lead,
        },
        Doing(
            handoff_log.CLOCK,
            Act.ESCALATED,
            moment,
            details={"lead": lead, "responded": found.responded_at is not None},
        ),
    )

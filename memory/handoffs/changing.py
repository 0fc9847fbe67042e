"""One conditional UPDATE: how every change of a handoff is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, and_, or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.handoffs import log as handoff_log
from memory.handoffs.faults import (
    AlreadyDecided,
    ClaimedByOther,
    HandoffUnknown,
    NotYetOpen,
    Stale,
)
from memory.journal import journal
from memory.journal.codes import Act
from memory.journal.events import PersonActed
from memory.sealing.columns import placed
from memory.storage.engines import changed, current, hold_tickets, needs_locks
from memory.tables import Handoff, HandoffStatus
from memory.tickets import lifecycle

LEASE = timedelta(minutes=10)
"""How long a claim lasts unless it is renewed by claiming again."""
LONGEST_LEASE = timedelta(hours=8)
"""For which one may claim at once."""
UNDECIDED = (
    HandoffStatus.OPEN,
    HandoffStatus.CLAIMED,
    HandoffStatus.SNOOZED,
    HandoffStatus.WAITING_CUSTOMER,
)
"""Where a person may still act."""
ENDED = (HandoffStatus.DECIDED, HandoffStatus.CLOSED)
_HOLDS = {
    HandoffStatus.SNOOZED: "has put aside",
    HandoffStatus.WAITING_CUSTOMER: "has asked the customer about",
}


async def get(session: AsyncSession, tenant: str, handoff_id: str) -> Handoff:
    """The handoff. Raises `HandoffUnknown`, also where it belongs to another tenant.

    In a transaction that may write, nobody else changes it or its ticket until the commit.
    """
    handoff = await held(session, handoff_id)
    if handoff is None or handoff.tenant != tenant:
        raise HandoffUnknown(f"there is no handoff {handoff_id!r}")
    return handoff


async def held(session: AsyncSession, handoff_id: str) -> Handoff | None:
    """The handoff, with its ticket held; None if there is none."""
    if needs_locks(session):
        tickets_of = select(Handoff.ticket_id).where(Handoff.id == handoff_id)
        await hold_tickets(session, (await session.exec(tickets_of)).all())
    return await current(session, Handoff, handoff_id)


async def hold_all(session: AsyncSession, handoff_ids: Sequence[str]) -> None:
    """Hold the tickets of several handoffs that one transaction changes."""
    if needs_locks(session):
        tickets_of = select(Handoff.ticket_id).where(col(Handoff.id).in_(handoff_ids))
        await hold_tickets(session, (await session.exec(tickets_of)).all())


async def newest(session: AsyncSession, ticket_id: str, turn: int) -> Handoff | None:
    """The last handoff that was opened in a turn of a ticket, None if there is none."""
    query = select(Handoff).where(Handoff.ticket_id == ticket_id, Handoff.turn == turn)
    found = await session.exec(query.order_by(col(Handoff.created_at).desc()).limit(1))
    return found.first()


def lapsed(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """It is claimed, and its lease has ended."""
    return and_(
        col(Handoff.status) == HandoffStatus.CLAIMED, col(Handoff.lease_expires_at) < moment
    )


def free_for(who: str, moment: datetime) -> ColumnElement[bool]:
    """Nobody else has it."""
    return or_(
        col(Handoff.status) == HandoffStatus.OPEN,
        col(Handoff.claimed_by) == who,
        lapsed(moment),
    )


def undecided() -> ColumnElement[bool]:
    """A person may still act on it."""
    return col(Handoff.status).in_(UNDECIDED)


@dataclass(frozen=True)
class Doing:
    """Who does what to a handoff."""

    who: str
    what: Act
    moment: datetime
    version: int | None = None
    """What they saw of it; None where it does not matter."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What is written down besides."""


async def change(
    session: AsyncSession,
    handoff: Handoff,
    wanted: Sequence[ColumnElement[bool]],
    values: Mapping[str, Any],
    doing: Doing,
) -> Handoff:
    """Change it where it still is as wanted, and write down who did what.

    Raises what says why not: `AlreadyDecided`, `NotYetOpen`, `Stale`, `ClaimedByOther`.
    """
    ticket = await lifecycle.hold(session, handoff.ticket_id)
    conditions = [col(Handoff.id) == handoff.id, *wanted]
    if doing.version is not None:
        conditions.append(col(Handoff.version) == doing.version)
    own = placed(Handoff, values, tenant=handoff.tenant, id=handoff.id)
    raised = col(Handoff.version) + 1
    if not await changed(
        session, Handoff, *conditions, version=raised, updated_at=doing.moment, **own
    ):
        await session.refresh(handoff)
        raise refusal(handoff, doing.version)
    await handoff_log.record(session, handoff, doing.who, doing.what, **doing.details)
    acted = PersonActed(act=doing.what, outcome=HandoffStatus(handoff.status))
    await journal.append(session, ticket, acted)
    return handoff


def refusal(handoff: Handoff, version: int | None) -> MemoryFault:
    """Why a change that found no row was not made."""
    if handoff.status in ENDED:
        return AlreadyDecided(handoff.decided_by, handoff.decided_at)
    if handoff.status == HandoffStatus.OPENING:
        return NotYetOpen("the agent is still writing this handoff: try again in a moment")
    if version is not None and handoff.version != version:
        return Stale(f"it changed since version {version}: it is at {handoff.version} now")
    how = _HOLDS.get(HandoffStatus(handoff.status), "has claimed")
    return ClaimedByOther(
        handoff.claimed_by, handoff.lease_expires_at or handoff.snoozed_until, how
    )

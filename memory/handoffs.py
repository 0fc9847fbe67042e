"""Handoffs: opened by the graph, claimed under a lease, decided once.

Each change is one conditional UPDATE, so that of any number of people who act at once one wins
and the others learn who did. Functions take the caller's session and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, or_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import journal, tickets
from memory.database import MemoryFault
from memory.queue import Queue
from memory.tables import DecisionKind, Handoff, HandoffStatus, Ticket, TicketStatus, now

LEASE = timedelta(minutes=10)
"""How long a claim lasts unless it is renewed by claiming again."""


class HandoffUnknown(MemoryFault):
    """No such handoff in this tenant."""


class NotYetOpen(MemoryFault):
    """The run that opens it has not come to rest; try again in a moment."""


class AlreadyDecided(MemoryFault):
    """Somebody decided before."""

    def __init__(self, by: str | None, at: datetime | None) -> None:
        when = "" if at is None else f" at {at.isoformat(timespec='seconds')}"
        super().__init__(f"{by or 'somebody'} decided this handoff{when}")
        self.by = by
        self.at = at


class ClaimedByOther(MemoryFault):
    """Somebody else holds the lease."""

    def __init__(self, by: str | None, until: datetime | None) -> None:
        when = "" if until is None else f" until {until.isoformat(timespec='seconds')}"
        super().__init__(f"{by or 'somebody'} has claimed this handoff{when}")
        self.by = by
        self.until = until


class Stale(MemoryFault):
    """The handoff changed since the version the caller saw."""


class NothingSuggested(MemoryFault):
    """There is no suggested reply or no such action to approve."""


class ReturnsExhausted(MemoryFault):
    """It was given back to the agent as often as the limits allow."""


@dataclass(frozen=True)
class Decision:
    """What a person decided."""

    kind: DecisionKind
    text: str = ""
    """The reply, for kind `reply`."""
    guidance: str = ""
    """What the agent should mind, for kind `return`."""
    actions: tuple[str, ...] = ()
    """Fingerprints of the proposed actions the person approves."""


async def open_once(session: AsyncSession, handoff: Handoff) -> Handoff:
    """Store the handoff, or give back the one that its id already names."""
    known = await session.get(Handoff, handoff.id)
    if known is not None:
        return known
    session.add(handoff)
    await session.flush()
    return handoff


async def newest(session: AsyncSession, ticket_id: str, turn: int) -> Handoff | None:
    """The last handoff that was opened in a turn of a ticket, None where there is none."""
    query = select(Handoff).where(Handoff.ticket_id == ticket_id, Handoff.turn == turn)
    found = await session.exec(query.order_by(col(Handoff.created_at).desc()).limit(1))
    return found.first()


async def get(session: AsyncSession, tenant: str, handoff_id: str) -> Handoff:
    """The handoff. Raises `HandoffUnknown`, also where it belongs to another tenant."""
    handoff = await session.get(Handoff, handoff_id)
    if handoff is None or handoff.tenant != tenant:
        msg = f"there is no handoff {handoff_id!r}"
        raise HandoffUnknown(msg)
    return handoff


async def listed(
    session: AsyncSession,
    tenant: str,
    *,
    statuses: Sequence[str] = (HandoffStatus.OPEN, HandoffStatus.CLAIMED),
    reason: str | None = None,
    ticket_id: str | None = None,
    claimed_by: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Handoff]:
    """Most urgent first, then the one that is due first, then the oldest.

    A claim whose lease ran out counts as open.
    """
    moment = now()
    query = select(Handoff).where(
        Handoff.tenant == tenant, or_(*(_stands(status, moment) for status in statuses))
    )
    if reason is not None:
        query = query.where(Handoff.reason == reason)
    if ticket_id is not None:
        query = query.where(Handoff.ticket_id == ticket_id)
    if claimed_by is not None:
        query = query.where(Handoff.claimed_by == claimed_by)
    order = (col(Handoff.priority), col(Handoff.due_at), col(Handoff.created_at), col(Handoff.id))
    found = await session.exec(query.order_by(*order).limit(limit).offset(offset))
    return list(found.all())


def _stands(status: str, moment: datetime) -> ColumnElement[bool]:
    lapsed = and_(
        col(Handoff.status) == HandoffStatus.CLAIMED, col(Handoff.lease_expires_at) < moment
    )
    if status == HandoffStatus.OPEN:
        return or_(col(Handoff.status) == HandoffStatus.OPEN, lapsed)
    if status == HandoffStatus.CLAIMED:
        return and_(
            col(Handoff.status) == HandoffStatus.CLAIMED,
            col(Handoff.lease_expires_at) >= moment,
        )
    return col(Handoff.status) == status


async def claim(
    session: AsyncSession, tenant: str, handoff_id: str, who: str, lease: timedelta = LEASE
) -> Handoff:
    """Take it, or renew one's own lease. Raises `ClaimedByOther`, `AlreadyDecided`."""
    moment = now()
    free = or_(
        col(Handoff.status) == HandoffStatus.OPEN,
        col(Handoff.claimed_by) == who,
        col(Handoff.lease_expires_at) < moment,
    )
    return await _change(
        session,
        await get(session, tenant, handoff_id),
        (free, col(Handoff.status).in_((HandoffStatus.OPEN, HandoffStatus.CLAIMED))),
        {
            "status": HandoffStatus.CLAIMED,
            "claimed_by": who,
            "lease_expires_at": moment + lease,
        },
    )


async def release(session: AsyncSession, tenant: str, handoff_id: str, who: str) -> Handoff:
    """Give one's own claim up; releasing what is open already changes nothing."""
    handoff = await get(session, tenant, handoff_id)
    if handoff.status == HandoffStatus.OPEN:
        return handoff
    return await _change(
        session,
        handoff,
        (col(Handoff.status) == HandoffStatus.CLAIMED, col(Handoff.claimed_by) == who),
        {"status": HandoffStatus.OPEN, "claimed_by": None, "lease_expires_at": None},
    )


async def decide(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    handoff_id: str,
    who: str,
    decision: Decision,
    version: int | None = None,
    returns_allowed: int = 2,
) -> Handoff:
    """Store the decision and enqueue the run that carries it out: the first decision wins.

    Raises `AlreadyDecided`, `ClaimedByOther`, `NotYetOpen`, `Stale`, `NothingSuggested`,
    `ReturnsExhausted`.
    """
    handoff = await get(session, tenant, handoff_id)
    if handoff.status != HandoffStatus.DECIDED:
        _check(handoff, decision, returns_allowed)
    moment = now()
    free = or_(
        col(Handoff.status) == HandoffStatus.OPEN,
        col(Handoff.claimed_by) == who,
        col(Handoff.lease_expires_at) < moment,
    )
    wanted = [free, col(Handoff.status).in_((HandoffStatus.OPEN, HandoffStatus.CLAIMED))]
    if version is not None:
        wanted.append(col(Handoff.version) == version)
    changes = {
        "status": HandoffStatus.DECIDED,
        "decision": asdict(decision),
        "decided_by": who,
        "decided_at": moment,
        "lease_expires_at": None,
    }
    decided = await _change(session, handoff, wanted, changes, version)
    await _carry_out(session, queue, decided, all_seen=version is not None)
    return decided


async def _carry_out(
    session: AsyncSession, queue: Queue, handoff: Handoff, *, all_seen: bool
) -> None:
    ticket = await tickets.get(session, handoff.tenant, handoff.ticket_id)
    kind = (handoff.decision or {}).get("kind", "")
    if kind != DecisionKind.RETURN:
        # A stated version covers every message, since each one changes it; without one, only
        # what was there when the handoff was written is answered, and the rest gets a turn.
        told = await tickets.messages(session, ticket.id)
        seen = [one.seq for one in told if all_seen or one.created_at <= handoff.created_at]
        ticket.handled = max([ticket.handled, *seen])
    ticket.redrives = 0  # carrying the decision out has its own chances
    await journal.append(session, ticket, journal.Entry("decision", "person", str(kind), "decided"))
    await tickets.enqueue_run(session, queue, ticket)


async def arrived(
    session: AsyncSession, ticket: Ticket, handoff_id: str, interrupt_id: str
) -> None:
    """The run has come to rest at its interrupt: from now on a person may decide."""
    await session.exec(
        update(Handoff)
        .where(col(Handoff.id) == handoff_id, col(Handoff.status) == HandoffStatus.OPENING)
        .values(status=HandoffStatus.OPEN, interrupt_id=interrupt_id)
    )
    ticket.status = TicketStatus.WAITING
    ticket.interrupt_id = interrupt_id


def _check(handoff: Handoff, decision: Decision, returns_allowed: int) -> None:
    story = handoff.story
    if decision.kind == DecisionKind.APPROVE and not story.get("suggestion"):
        msg = "no reply was suggested: send your own with kind 'reply'"
        raise NothingSuggested(msg)
    proposed = {action["fingerprint"] for action in story.get("actions", [])}
    if unknown := set(decision.actions) - proposed:
        msg = f"these actions were not proposed, or with other arguments: {sorted(unknown)}"
        raise NothingSuggested(msg)
    allowed = story.get("returns_allowed", returns_allowed)
    if decision.kind == DecisionKind.RETURN and story.get("returns", 0) >= allowed:
        msg = f"the agent had it back {allowed} times already: answer or close it yourself"
        raise ReturnsExhausted(msg)


async def _change(
    session: AsyncSession,
    handoff: Handoff,
    wanted: Sequence[ColumnElement[bool]],
    changes: dict[str, Any],
    version: int | None = None,
) -> Handoff:
    done: CursorResult[Any] = await session.exec(
        update(Handoff)
        .where(col(Handoff.id) == handoff.id, *wanted)
        .values(version=Handoff.version + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(handoff)
    if done.rowcount == 0:
        raise _refusal(handoff, version)
    return handoff


def _refusal(handoff: Handoff, version: int | None) -> MemoryFault:
    if handoff.status == HandoffStatus.DECIDED:
        return AlreadyDecided(handoff.decided_by, handoff.decided_at)
    if handoff.status == HandoffStatus.OPENING:
        return NotYetOpen("the agent is still writing this handoff: try again in a moment")
    if version is not None and handoff.version != version:
        return Stale(f"it changed since version {version}: it is at {handoff.version} now")
    return ClaimedByOther(handoff.claimed_by, handoff.lease_expires_at)

"""Who did what to a handoff: the audit list, which consoles also follow live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.engines import changed, hold_name
from memory.tables import Handoff, HandoffEvent, HandoffStatus, now
from memory.tickets.intake import AddedMessage

AGENT, CUSTOMER, CLOCK = "agent", "customer", "clock"
"""Who acts where no person does."""
NOBODY = frozenset({AGENT, CUSTOMER, CLOCK})
"""Names that no account and no key may have: what stands under them was no person's act."""
BACK_FOR = timedelta(hours=1)
"""How long a handoff that came back is kept for the person it came back to."""
KEPT_FOR = timedelta(days=180)
"""Events older than this are forgotten once their handoff is closed."""
MOST_READ = 500
"""Events read at once."""
LISTENING = (HandoffStatus.SNOOZED, HandoffStatus.WAITING_CUSTOMER)
"""Where a handoff stands that the customer's next message brings back."""


async def record(
    session: AsyncSession, handoff: Handoff, who: str, what: str, **details: Any
) -> None:
    """Write down what happened to the handoff, as it stands now. `details` hold no customer text.

    Whoever follows the tenant's stream asks for what came after a number, so the numbers of a
    tenant must become visible in their order: one transaction at a time gives them out.
    """
    await hold_name(session, "handoff events", handoff.tenant)
    session.add(
        HandoffEvent(
            tenant=handoff.tenant,
            handoff_id=handoff.id,
            ticket_id=handoff.ticket_id,
            who=who,
            what=what,
            status=handoff.status,
            version=handoff.version,
            details=details,
        )
    )
    await session.flush()


async def customer_wrote(session: AsyncSession, added: AddedMessage) -> None:
    """Tell whoever has the ticket of a message that was just stored; the agent's turns need none.

    What was put aside or waited for just this comes back to whoever has it. The version grows,
    so that whoever decides by the version they saw learns of the message.
    """
    if added.started or added.repeated:
        return
    query = select(Handoff).where(
        Handoff.ticket_id == added.message.ticket_id,
        col(Handoff.status).not_in((HandoffStatus.DECIDED, HandoffStatus.CLOSED)),
    )
    for handoff in (await session.exec(query)).all():
        await _answered(session, handoff)


async def _answered(session: AsyncSession, handoff: Handoff) -> None:
    moment = now()
    changes: dict[str, Any] = {"version": handoff.version + 1, "updated_at": moment}
    back = handoff.status in LISTENING
    if back:
        changes |= returned(handoff, moment)
    as_it_was = (col(Handoff.id) == handoff.id, col(Handoff.version) == handoff.version)
    # Storing the message holds the ticket, and with it its handoffs.
    assert await changed(session, Handoff, *as_it_was, **changes)
    await record(session, handoff, CUSTOMER, "answered" if back else "wrote")


def returned(handoff: Handoff, moment: datetime) -> dict[str, Any]:
    """What changes when a handoff comes back to whoever put it aside or asked."""
    changes: dict[str, Any] = {
        "status": HandoffStatus.OPEN if handoff.claimed_by is None else HandoffStatus.CLAIMED,
        "lease_expires_at": None if handoff.claimed_by is None else moment + BACK_FOR,
        "snoozed_until": None,
        "asked_at": None,
    }
    if handoff.asked_at is not None:
        # While the customer is asked, no target runs; the next answer has one of its own.
        changes |= {"responded_at": None, "due_at": None}
        if handoff.resolve_by is not None:
            changes["resolve_by"] = handoff.resolve_by + (moment - handoff.asked_at)
    return changes


async def of_handoff(session: AsyncSession, handoff_id: str) -> list[HandoffEvent]:
    """What happened to one handoff, oldest first."""
    query = select(HandoffEvent).where(HandoffEvent.handoff_id == handoff_id)
    return list(await session.exec(query.order_by(col(HandoffEvent.id)).limit(MOST_READ)))


async def since(
    session: AsyncSession, tenant: str, after: int, limit: int = MOST_READ
) -> Sequence[HandoffEvent]:
    """What happened in a tenant's queue after the event numbered `after`."""
    query = select(HandoffEvent).where(HandoffEvent.tenant == tenant, col(HandoffEvent.id) > after)
    return list(await session.exec(query.order_by(col(HandoffEvent.id)).limit(limit)))


async def last(session: AsyncSession, tenant: str) -> int:
    """Number of the tenant's newest event, 0 if there is none."""
    found = await session.exec(
        select(func.max(HandoffEvent.id)).where(HandoffEvent.tenant == tenant)
    )
    return found.one() or 0


async def old(session: AsyncSession, limit: int) -> list[int]:
    """Numbers of the first events of handoffs that were closed long ago.

    It scans, so read it apart from the transaction that forgets them.
    """
    query = (
        select(HandoffEvent.id)
        .join(Handoff, col(Handoff.id) == HandoffEvent.handoff_id)
        .where(col(Handoff.closed_at) < now() - KEPT_FOR)
        .order_by(col(HandoffEvent.id))
    )
    return [one for one in (await session.exec(query.limit(limit))).all() if one is not None]


async def forget(session: AsyncSession, events: Sequence[int]) -> None:
    """Remove the events of these numbers; those that are gone already do not matter."""
    await session.exec(delete(HandoffEvent).where(col(HandoffEvent.id).in_(events)))

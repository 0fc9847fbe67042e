"""A handoff comes into the world once, and becomes visible when its run has come to rest."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import fulltext
from memory.handoffs import log as handoff_log
from memory.storage.customer_digest import customer_digest
from memory.storage.engines import changed
from memory.tables import Handoff, HandoffStatus, Message, Ticket, now


async def open_once(session: AsyncSession, handoff: Handoff) -> Handoff:
    """Store the handoff, or give back the one that its id already names."""
    known = await session.get(Handoff, handoff.id)
    if known is not None:
        return known
    ticket = await session.get_one(Ticket, handoff.ticket_id)
    if ticket.customer_email:
        handoff.customer = customer_digest(session, ticket.tenant, ticket.customer_email)
    handoff.seen_seq = await _seen_before(session, handoff)
    session.add(handoff)
    await session.flush()
    await fulltext.add_of(session, handoff, ticket)
    if handoff.status != HandoffStatus.OPENING:
        await handoff_log.record(session, handoff, handoff_log.AGENT, "opened")
    return handoff


async def _seen_before(session: AsyncSession, handoff: Handoff) -> int:
    # What the turns before brought was dealt with.
    found = await session.exec(
        select(func.max(Message.seq)).where(
            Message.ticket_id == handoff.ticket_id, col(Message.turn) < handoff.turn
        )
    )
    return found.one() or 0


async def arrived(
    session: AsyncSession, ticket_id: str, handoff_id: str, interrupt_id: str
) -> None:
    """The run has come to rest at its interrupt: from now on a person may decide."""
    handoff = await session.get_one(Handoff, handoff_id)
    if handoff.status == HandoffStatus.OPENING:
        handoff.status, handoff.interrupt_id = HandoffStatus.OPEN, interrupt_id
        handoff.updated_at = now()
        session.add(handoff)
        await session.flush()
        await handoff_log.record(session, handoff, handoff_log.AGENT, "opened")
    await finished(session, ticket_id)


async def finished(session: AsyncSession, ticket_id: str) -> None:
    """What was decided on this ticket has been carried out: those handoffs are done."""
    moment = now()
    query = select(Handoff).where(
        Handoff.ticket_id == ticket_id, Handoff.status == HandoffStatus.DECIDED
    )
    for handoff in (await session.exec(query)).all():
        await changed(
            session,
            Handoff,
            col(Handoff.id) == handoff.id,
            status=HandoffStatus.CLOSED,
            closed_at=moment,
            updated_at=moment,
            version=col(Handoff.version) + 1,
        )
        await handoff_log.record(session, handoff, handoff_log.AGENT, "closed")

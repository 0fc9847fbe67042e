"""Turns that ended without a word: the customer thanked, or a program wrote. Functions never commit."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.channels.outgoing import STEP
from memory.tables import ChannelMessage, ChannelOutgoing, Outcome, Ticket, TicketStatus

SILENT = (Outcome.CONFIRMED.value, Outcome.NOTHING_ASKED.value)
MOST_LOOKED_AT = 200
"""Messages of a channel, the newest: what came before them was looked at in time."""


async def unsettled(session: AsyncSession, tenant: str, channel: str) -> list[Ticket]:
    """Tickets that ended so and whose conversation nobody has brought in step since."""
    newest = (
        select(ChannelMessage.ticket_id)
        .where(ChannelMessage.tenant == tenant, ChannelMessage.channel == channel)
        .order_by(col(ChannelMessage.id).desc())
        .limit(MOST_LOOKED_AT)
    )
    step = select(ChannelOutgoing.id).where(
        ChannelOutgoing.ticket_id == Ticket.id,
        ChannelOutgoing.turn == Ticket.turn,
        ChannelOutgoing.kind == STEP,
    )
    query = select(Ticket).where(
        col(Ticket.id).in_(newest),
        Ticket.tenant == tenant,
        Ticket.status == TicketStatus.SETTLED,
        col(Ticket.outcome).in_(SILENT),
        ~step.exists(),
    )
    return list(await session.exec(query))

"""How the channels of a tenant stand: what came, what left, what waits, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.channels import states
from memory.channels.outgoing import BESIDE, DRAFTS, OPEN, of_ticket
from memory.storage.database_clock import present_in
from memory.storage.units_session import within
from memory.tables import (
    Arrival,
    ChannelMessage,
    ChannelOutgoing,
    ChannelState,
    OutgoingStatus,
    Ticket,
)

FROM_OTHERS = (Arrival.TICKET, Arrival.MESSAGE, Arrival.PERSON)


@dataclass(frozen=True)
class Standing:
    """One channel."""

    last_in: datetime | None
    last_out: datetime | None
    waiting: int
    troubles: Sequence[ChannelState]
    """Parts that do not work."""
    silent_for: timedelta | None
    """Since a process last showed that it runs it; None where none ever did."""
    paused: ChannelState | None
    newest: str | None
    """The ticket that was begun last by it."""


async def standing(session: AsyncSession, tenant: str, channel: str) -> Standing:
    """Look at one channel."""
    came = select(func.max(ChannelMessage.created_at)).where(
        ChannelMessage.tenant == tenant,
        ChannelMessage.channel == channel,
        col(ChannelMessage.became).in_(FROM_OTHERS),
    )
    mine = (ChannelOutgoing.tenant == tenant, ChannelOutgoing.channel == channel)
    left = select(func.max(ChannelOutgoing.settled_at)).where(
        *mine, ChannelOutgoing.status == OutgoingStatus.SENT
    )
    waits = select(func.count()).where(*mine, col(ChannelOutgoing.status).in_(OPEN))
    of_channel = select(ChannelState).where(
        ChannelState.tenant == tenant, ChannelState.channel == channel
    )
    rows = list(await session.exec(of_channel))
    seen = max((row.seen_at for row in rows if not row.cursor), default=None)
    begun = (
        select(Ticket.id)
        .where(Ticket.tenant == tenant, Ticket.channel == channel)
        .order_by(col(Ticket.created_at).desc())
        .limit(1)
    )
    return Standing(
        last_in=(await session.exec(came)).one(),
        last_out=(await session.exec(left)).one(),
        waiting=(await session.exec(waits)).one(),
        troubles=[row for row in rows if row.trouble is not None],
        silent_for=None if seen is None else await within(session, present_in) - seen,
        paused=next((row for row in rows if row.part == states.PAUSED and row.cursor), None),
        newest=(await session.exec(begun)).first(),
    )


async def of_messages(session: AsyncSession, ticket_id: str) -> dict[tuple[int, str, str], str]:
    """How far each message to a ticket's customer has come, by its turn, kind and text."""
    rows = await of_ticket(session, ticket_id)
    return {(one.turn, one.kind, str(one.body.get("text", ""))): one.status for one in rows}


async def of_turns(session: AsyncSession, tickets: Sequence[str]) -> dict[str, dict[int, str]]:
    """How far the last answer of each turn of these tickets has come, where it leaves by a channel."""
    query = select(ChannelOutgoing.ticket_id, ChannelOutgoing.turn, ChannelOutgoing.status).where(
        col(ChannelOutgoing.ticket_id).in_(tickets), col(ChannelOutgoing.kind).in_(DRAFTS)
    )
    found: dict[str, dict[int, str]] = {}
    for ticket_id, turn, status in await session.exec(query.order_by(col(ChannelOutgoing.id))):
        found.setdefault(ticket_id, {})[turn] = status
    return found


def unsent(turns: Mapping[int, str]) -> set[int]:
    """Turns whose last answer has not reached the customer, or not yet."""
    return {turn for turn, status in turns.items() if status != OutgoingStatus.SENT}


async def newest_sent(session: AsyncSession, ticket_id: str) -> ChannelOutgoing | None:
    """What left last for the ticket's customer."""
    query = select(ChannelOutgoing).where(
        ChannelOutgoing.ticket_id == ticket_id,
        ChannelOutgoing.status == OutgoingStatus.SENT,
        col(ChannelOutgoing.kind).not_in(BESIDE),
    )
    return (await session.exec(query.order_by(col(ChannelOutgoing.id).desc()).limit(1))).first()

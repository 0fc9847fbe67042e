"""Drafts of the agent in a helpdesk: each answers what was said so far, and nothing that came later.

The agent's words to the customer leave only while they are an answer to the newest message. What a
person sends from here leaves whatever was said meanwhile. Functions never commit.
"""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.channels.outgoing import DRAFTS, Wanted, take_back, want, want_step
from memory.tables import (
    ChannelMessage,
    ChannelOutgoing,
    DecisionKind,
    Handoff,
    Message,
    OutgoingStatus,
    Ticket,
)

SEPARATOR = "/"
MOST_LOOKED_AT = 200
"""Of a ticket's messages, the newest."""
_SENDS = (DecisionKind.APPROVE, DecisionKind.REPLY)


def foreign_id(ref: str, entry: str) -> str:
    """What a message of a helpdesk is known by: its conversation and its own number."""
    return f"{ref}{SEPARATOR}{entry}"


async def want_in_helpdesk(session: AsyncSession, tenant: str, identity: str, one: Wanted) -> None:
    """Store a message to be sent, and the step after it.

    Where the customer wrote on before the agent was done, it is stored as withdrawn: the turn that
    begins next answers everything.
    """
    ticket = await session.get_one(Ticket, one.ticket_id, with_for_update=True)
    draft = one.kind in DRAFTS and not await _by_person(session, ticket.id, one.turn)
    after = await _answered(session, ticket) if draft else ""
    fresh = await want(session, tenant, identity, replace(one, body={**one.body, "after": after}))
    if not fresh or one.kind not in DRAFTS:
        return
    if draft and await _wrote_on(session, ticket):
        await withdraw_drafts(session, ticket.id)
        return
    await want_step(session, tenant, one.key, ticket.id, one.turn)


async def withdraw_drafts(session: AsyncSession, ticket_id: str) -> None:
    """The customer wrote on: what the agent wanted and has not begun does not leave."""
    query = select(ChannelOutgoing).where(
        ChannelOutgoing.ticket_id == ticket_id,
        ChannelOutgoing.status == OutgoingStatus.WANTED,
        col(ChannelOutgoing.kind).in_(DRAFTS),
    )
    ids = [one.id for one in await session.exec(query) if one.body.get("after")]
    await take_back(session, col(ChannelOutgoing.id).in_(ids))


async def is_dropped(session: AsyncSession, ticket_id: str, turn: int) -> bool:
    """Whether the last answer of a turn did not leave, since somebody else had written."""
    query = (
        select(ChannelOutgoing.status)
        .where(
            ChannelOutgoing.ticket_id == ticket_id,
            ChannelOutgoing.turn == turn,
            col(ChannelOutgoing.kind).in_(DRAFTS),
        )
        .order_by(col(ChannelOutgoing.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).first() == OutgoingStatus.WITHDRAWN


async def _answered(session: AsyncSession, ticket: Ticket) -> str:
    """The newest message of the other side that the ticket's turn has read."""
    query = (
        select(ChannelMessage.foreign_id)
        .where(
            ChannelMessage.ticket_id == ticket.id,
            col(ChannelMessage.seq) <= ticket.handled,
        )
        .order_by(col(ChannelMessage.id).desc())
        .limit(MOST_LOOKED_AT)
    )
    ends = [one.rpartition(SEPARATOR)[2] for one in await session.exec(query)]
    return str(max((int(one) for one in ends if one.isdecimal()), default=0))


async def _wrote_on(session: AsyncSession, ticket: Ticket) -> bool:
    query = select(func.count()).where(
        Message.ticket_id == ticket.id,
        Message.role == "customer",
        Message.seq > ticket.handled,
    )
    return (await session.exec(query)).one() > 0


async def _by_person(session: AsyncSession, ticket_id: str, turn: int) -> bool:
    """Whether what leaves now is a person's: they have the ticket, or decided to send it."""
    query = (
        select(Handoff)
        .where(Handoff.ticket_id == ticket_id, Handoff.turn == turn)
        .order_by(col(Handoff.created_at).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    if found is None:
        return False
    return found.decision is None or found.decision.get("kind") in _SENDS

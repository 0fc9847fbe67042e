"""Messages of the other side, each taken in once, and the ticket that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import addresses
from memory.storage.customer_digest import compared, compared_as
from memory.storage.engines import hold_name, insert
from memory.storage.leaving import leaving
from memory.tables import (
    Arrival,
    ChannelMessage,
    ChannelOutgoing,
    ChannelThread,
    Ticket,
    now,
)

MOST_REFS = 50
"""References of one message that are looked up, the newest first."""
MOST_NOTE_CHARS = 2_000
MOST_OF_SENDERS = 1_000
"""Messages of some senders that are looked at, the newest."""


@dataclass(frozen=True)
class Arrived:
    """One message of the other side, before anything was done with it."""

    tenant: str
    channel: str
    foreign_id: str
    """The same each time the same message comes."""
    ref: str = ""
    """By what later messages refer to it; the id itself where nothing is said."""
    sender: str | None = None
    """As `memory.addresses.canonical` has it."""
    digest: str = ""
    """Of what it says."""


@dataclass(frozen=True)
class Lately:
    """What one sender has sent of late, the message at hand included."""

    count: int
    same: int
    """Messages that say what the one at hand says."""


async def note(session: AsyncSession, one: Arrived) -> ChannelMessage | None:
    """The row of a new message; None where it came before.

    Of two processes that bring the same one at once the second waits here for the first.
    """
    values = {
        "tenant": one.tenant,
        "channel": one.channel,
        "foreign_id": one.foreign_id,
        "ref": one.ref or one.foreign_id,
        "sender": None if one.sender is None else compared(session, one.tenant, one.sender),
        "digest": one.digest,
        "became": Arrival.IGNORED.value,
        "note": "",
        "created_at": now(),
    }
    statement = insert(session, ChannelMessage).values(values).on_conflict_do_nothing()
    stored = (await session.execute(statement.returning(ChannelMessage))).scalar_one_or_none()
    row: ChannelMessage | None = stored
    return row


async def known(session: AsyncSession, one: Arrived) -> ChannelMessage | None:
    """What became of the message where it came before."""
    query = select(ChannelMessage).where(
        ChannelMessage.tenant == one.tenant,
        ChannelMessage.channel == one.channel,
        ChannelMessage.foreign_id == one.foreign_id,
    )
    return (await session.exec(query)).first()


async def known_ids(
    session: AsyncSession, tenant: str, channel: str, ids: Sequence[str]
) -> set[str]:
    """Those of the other side's ids that came before."""
    query = select(ChannelMessage.foreign_id).where(
        ChannelMessage.tenant == tenant,
        ChannelMessage.channel == channel,
        col(ChannelMessage.foreign_id).in_(list(ids)),
    )
    return set(await session.exec(query))


async def of_senders(
    session: AsyncSession, tenant: str, channel: str, senders: Sequence[str]
) -> set[str]:
    """The other side's ids of what these addresses sent lately, in whichever conversation."""
    known = [one for each in senders for one in compared_as(session, tenant, each)]
    query = (
        select(ChannelMessage.foreign_id)
        .where(
            ChannelMessage.tenant == tenant,
            ChannelMessage.channel == channel,
            col(ChannelMessage.sender).in_(known),
        )
        .order_by(col(ChannelMessage.id).desc())
        .limit(MOST_OF_SENDERS)
    )
    return set(await session.exec(query))


async def settle(
    session: AsyncSession,
    row: ChannelMessage,
    became: Arrival,
    *,
    ticket_id: str | None = None,
    seq: int | None = None,
    note: str = "",
) -> None:
    """Write down what became of a message."""
    row.became, row.ticket_id, row.seq = became, ticket_id, seq
    row.note = note[:MOST_NOTE_CHARS]
    session.add(row)
    await session.flush()


async def ticket_of(
    session: AsyncSession, tenant: str, channel: str, refs: Sequence[str]
) -> str | None:
    """The ticket that the first known one of `refs` belongs to; None where none is known.

    A reference names a conversation, a message that came, or one that left. A ticket that is about
    to be erased is not known any more: what comes on it begins anew.
    """
    wanted = list(dict.fromkeys(refs))[:MOST_REFS]
    if not wanted:
        return None
    found: list[tuple[str, str]] = []
    for table, column in (
        (ChannelThread, ChannelThread.ref),
        (ChannelMessage, ChannelMessage.ref),
        (ChannelOutgoing, ChannelOutgoing.foreign_id),
    ):
        query = select(column, table.ticket_id).where(
            table.tenant == tenant, table.channel == channel, col(column).in_(wanted)
        )
        found += [(ref, ticket) for ref, ticket in await session.exec(query) if ticket]
    if not found:
        return None
    gone = await leaving(session, tenant)  # what comes on one of them shares its references
    known = {ref: ticket for ref, ticket in found if ticket not in gone}
    return next((known[ref] for ref in wanted if ref in known), None)


async def tagged(session: AsyncSession, tenant: str, channel: str, ticket_id: str) -> str | None:
    """The ticket that an own tag names; None where this tenant has none of this channel (any more)."""
    query = select(Ticket.id).where(
        Ticket.id == ticket_id, Ticket.tenant == tenant, Ticket.channel == channel
    )
    found = (await session.exec(query)).first()
    return None if found is None or found in await leaving(session, tenant) else found


async def of_sender(
    session: AsyncSession, ticket: Ticket, address: str | None
) -> tuple[str | None, str | None]:
    """(the sender's own ticket of the thread that `ticket` is in, what a new one stands `beside`).

    One of them is None. Nobody else finds out the same for this thread until the commit.
    """
    if addresses.same(ticket.customer_email, address):
        return ticket.id, None
    first = ticket.beside or ticket.id
    await hold_name(session, "thread", ticket.tenant, first)
    if address is None:
        return None, first
    query = (
        select(Ticket.id)
        .where(
            Ticket.tenant == ticket.tenant,
            Ticket.channel == ticket.channel,
            col(Ticket.customer_address).in_(compared_as(session, ticket.tenant, address)),
            or_(col(Ticket.id) == first, col(Ticket.beside) == first),
        )
        .order_by(col(Ticket.id))
    )
    gone = await leaving(session, ticket.tenant)
    own = next((one for one in await session.exec(query) if one not in gone), None)
    return own, first if own is None else None


async def begin_thread(
    session: AsyncSession,
    ticket: Ticket,
    ref: str,
    place: dict[str, Any] | None,
) -> None:
    """The conversation of a new ticket, and where its answers go.

    One that is about to be erased leaves its place in it.
    """
    gone = await leaving(session, ticket.tenant)
    taken = select(ChannelThread).where(
        ChannelThread.tenant == ticket.tenant,
        ChannelThread.channel == ticket.channel,
        ChannelThread.ref == ref,
        col(ChannelThread.ticket_id).in_(gone),
    )
    for former in await session.exec(taken) if gone else ():
        former.ref = former.ticket_id
        session.add(former)
        await session.flush()
    session.add(
        ChannelThread(
            ticket_id=ticket.id,
            tenant=ticket.tenant,
            channel=ticket.channel,
            ref=ref,
            place=place or {},
        )
    )
    await session.flush()


async def move_thread(session: AsyncSession, ticket_id: str, place: dict[str, Any]) -> None:
    """What the next answer needs to get there, after another message came."""
    row = await session.get(ChannelThread, ticket_id, with_for_update=True)
    if row is not None:
        row.place = {**row.place, **place}
        session.add(row)
        await session.flush()


async def since(session: AsyncSession, row: ChannelMessage, moment: datetime) -> Lately:
    """What the sender of `row` has sent since then: it breaks a loop."""
    query = select(ChannelMessage.digest, func.count()).where(
        ChannelMessage.tenant == row.tenant,
        ChannelMessage.channel == row.channel,
        ChannelMessage.sender == row.sender,
        ChannelMessage.created_at > moment,
    )
    found = dict((await session.exec(query.group_by(col(ChannelMessage.digest)))).all())
    return Lately(sum(found.values()), found.get(row.digest, 0))


@dataclass(frozen=True)
class ThreadView:
    """The conversation of one ticket on the other side, for people."""

    channel: str
    ref: str
    place: dict[str, Any] = field(default_factory=dict)


async def place_of(session: AsyncSession, tenant: str, channel: str, ref: str) -> dict[str, Any]:
    """What is written down about a conversation; empty where none of ours is there."""
    query = select(ChannelThread).where(
        ChannelThread.tenant == tenant, ChannelThread.channel == channel, ChannelThread.ref == ref
    )
    found = (await session.exec(query)).first()
    return {} if found is None else dict(found.place)


async def thread_of(session: AsyncSession, ticket_id: str) -> ThreadView | None:
    """Where the ticket's conversation goes on; None where it came by no channel."""
    row = await session.get(ChannelThread, ticket_id)
    return None if row is None else ThreadView(row.channel, row.ref, row.place)

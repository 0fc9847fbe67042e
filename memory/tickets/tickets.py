"""Tickets and their messages, as they are read. Functions take the caller's session and never commit."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.storage.columns import moment_of
from memory.storage.engines import current, hold_tickets
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Message, Ticket, TicketStatus, now

MOST_OF_THREAD = 20
"""Tickets of others in one mail thread that are shown: the oldest."""
LOAD = "SELECT count(*), min(updated_at) FROM tickets WHERE tenant = ? AND status IN (?, ?)"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_CHANCE_BITS = 80


class TicketUnknown(MemoryFault):
    """No such ticket in this tenant."""


@dataclass(frozen=True)
class Load:
    """How much of a tenant waits for a worker."""

    depth: int
    """Tickets queued or running."""
    oldest_seconds: float
    """Age of the oldest of them that no worker has taken up."""


def new_id(prefix: str) -> str:
    """A sortable, unguessable id: 10 characters of time, 16 of chance."""
    number = int(time.time() * 1000) << _CHANCE_BITS | secrets.randbits(_CHANCE_BITS)
    digits = [_CROCKFORD[number >> place & 31] for place in range(125, -1, -5)]
    return f"{prefix}_{''.join(digits)}"


async def get(session: AsyncSession, tenant: str | None, ticket_id: str) -> Ticket:
    """The ticket. Raises `TicketUnknown`, also where it belongs to another tenant.

    In a transaction that may write, nobody else changes it until the commit.
    """
    await hold_tickets(session, [ticket_id])
    ticket = await current(session, Ticket, ticket_id)
    if ticket is None or tenant not in {None, ticket.tenant}:
        raise TicketUnknown(f"there is no ticket {ticket_id!r}")
    return ticket


async def listed(
    session: AsyncSession,
    tenant: str,
    *,
    status: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Ticket]:
    """The newest tickets first; `before` is the id of the last one of the page before."""
    return await newest(session, wanted(tenant, status, before), limit)


def wanted(tenant: str, status: str | None, before: str | None) -> list[ColumnElement[bool]]:
    """What the tickets of a list have in common."""
    conditions: list[ColumnElement[bool]] = [col(Ticket.tenant) == tenant]
    if status is not None:
        conditions.append(col(Ticket.status) == status)
    if before is not None:
        conditions.append(col(Ticket.id) < before)
    return conditions


async def newest(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], limit: int
) -> list[Ticket]:
    """The newest tickets of those that meet the conditions."""
    query = select(Ticket).where(*conditions).order_by(col(Ticket.id).desc()).limit(limit)
    return list(await session.exec(query))


async def messages(session: AsyncSession, ticket_id: str) -> list[Message]:
    """The conversation in order."""
    found = await session.exec(
        select(Message).where(Message.ticket_id == ticket_id).order_by(col(Message.seq))
    )
    return list(found.all())


async def of_thread(session: AsyncSession, ticket: Ticket) -> list[Ticket]:
    """What other addresses wrote in the ticket's thread, with its first ticket; oldest first."""
    first = ticket.beside or ticket.id
    query = select(Ticket).where(
        Ticket.tenant == ticket.tenant,
        Ticket.id != ticket.id,
        or_(col(Ticket.id) == first, col(Ticket.beside) == first),
    )
    return list(await session.exec(query.order_by(col(Ticket.id)).limit(MOST_OF_THREAD)))


async def of_customer(
    session: AsyncSession, ticket: Ticket, *, before: str | None, limit: int
) -> list[Ticket]:
    """The tickets of whoever has this one's address, the newest first; this one alone without one.

    The address is what the tickets name, whether or not anybody vouched for it.
    """
    query = select(Ticket).where(Ticket.tenant == ticket.tenant)
    if ticket.customer_address:
        query = query.where(Ticket.customer_address == ticket.customer_address)
    else:
        query = query.where(Ticket.id == ticket.id)
    if before is not None:
        query = query.where(col(Ticket.id) < before)
    found = await session.exec(query.order_by(col(Ticket.id).desc()).limit(limit))
    return list(found.all())


async def conversations(session: AsyncSession, ids: Sequence[str]) -> dict[str, list[Message]]:
    """Several conversations, each in order."""
    found: dict[str, list[Message]] = {one: [] for one in ids}
    query = select(Message).where(col(Message.ticket_id).in_(ids)).order_by(col(Message.seq))
    for message in await session.exec(query):
        found[message.ticket_id].append(message)
    return found


async def load(session: AsyncSession, tenant: str) -> Load:
    """Depth and age of the tenant's queue, for back-pressure."""
    return await within(session, lambda do: load_in(do, tenant))


def load_in(do: Statements, tenant: str) -> Load:
    """The same in plain SQL."""
    busy = (TicketStatus.QUEUED.value, TicketStatus.RUNNING.value)
    ((depth, oldest),) = do.rows(LOAD, (tenant, *busy))
    since = moment_of(oldest)
    age = 0.0 if since is None else (now() - since).total_seconds()
    return Load(depth, max(0.0, age))

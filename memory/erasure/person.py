"""Who a person is to an erasure: a keyed digest of the address, and the tickets it leads to.

The address itself is written down nowhere: a restored backup is searched by the digest again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.addresses import canonical
from memory.storage.customer_digest import compared_as, customer_digest
from memory.tables import Handoff, Memory, Ticket

SCANNED_AT_ONCE = 1_000
"""Addresses of a tenant that are read and compared at once."""


def person_digest(key: bytes, tenant: str, address: str) -> str:
    """One person of one tenant, in hexadecimal; nobody without the key can tell who it is."""
    words = "\n".join(("erasure", tenant, canonical(address)))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


async def tickets_named(session: AsyncSession, tenant: str, address: str) -> list[str]:
    """Ids of the tickets that the address leads to, also where only digests do: a row went before."""
    stands, known = compared_as(session, tenant, address), customer_digest(session, tenant, address)
    own = select(Ticket.id).where(Ticket.tenant == tenant, col(Ticket.customer_address).in_(stands))
    found = set(await session.exec(own))
    for table in (Handoff, Memory):
        query = select(table.ticket_id).where(table.tenant == tenant, table.customer == known)
        found.update(await session.exec(query))
    return sorted(found)


async def customer_of(session: AsyncSession, tenant: str, tickets: Sequence[str]) -> str | None:
    """The digest of one of these tickets' sender, for what an older version asked without it."""
    query = select(Ticket.customer_email).where(col(Ticket.id).in_(tickets[:1]))
    address = (await session.exec(query)).first()
    return customer_digest(session, tenant, address) if address else None


async def tickets_of(
    session: AsyncSession, key: bytes, tenant: str, person: str, *, until: datetime | None = None
) -> list[str]:
    """Ids of the tenant's tickets whose sender is this person, oldest first.

    `until`: of those that came after it none; what came in then is not what was to be erased.
    """
    found: list[str] = []
    async for ticket_id, address in _senders(session, tenant, until):
        if hmac.compare_digest(person_digest(key, tenant, address), person):
            found.append(ticket_id)
    return found


async def _senders(
    session: AsyncSession, tenant: str, until: datetime | None
) -> AsyncIterator[tuple[str, str]]:
    last = ""
    before = [] if until is None else [col(Ticket.created_at) <= until]
    while True:
        query = (
            select(Ticket.id, Ticket.customer_email)
            .where(
                Ticket.tenant == tenant,
                col(Ticket.customer_email).is_not(None),
                col(Ticket.id) > last,
                *before,
            )
            .order_by(col(Ticket.id))
            .limit(SCANNED_AT_ONCE)
        )
        rows = (await session.exec(query)).all()
        for ticket_id, address in rows:
            yield ticket_id, address or ""
        if len(rows) < SCANNED_AT_ONCE:
            return
        last = rows[-1][0]
        await asyncio.sleep(0)

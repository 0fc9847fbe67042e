"""Erasures as rows: asked for, found again, counted, done. Functions never commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.erasure.person import person_digest, tickets_named
from memory.faults import MemoryFault
from memory.storage.customer_digest import customer_digest
from memory.storage.engines import hold_name
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import Erasure, ErasureStatus
from memory.tickets.tickets import new_id

RESTORED = "restore"
"""Who asked, where a backup was brought back."""
MOST_PENDING = 100
"""Erasures that one round looks at."""
PENDING = "SELECT id FROM erasures WHERE status = ? ORDER BY requested_at LIMIT ?"


class ErasureUnknown(MemoryFault):
    """No such erasure in this tenant."""


async def ask(session: AsyncSession, key: bytes, *, tenant: str, address: str, by: str) -> Erasure:
    """Have a person erased; the one that is under way where somebody asked before.

    What goes is what came in until now. A ticket that the person sends afterwards is answered.
    """
    person = person_digest(key, tenant, address)
    await hold_name(session, "erasure", tenant, person)
    waiting = select(Erasure).where(
        Erasure.tenant == tenant,
        Erasure.person == person,
        Erasure.status == ErasureStatus.WANTED,
    )
    named = await tickets_named(session, tenant, address)
    known = (await session.exec(waiting)).first()
    if known is not None and (await held(session, known.id)).status == ErasureStatus.WANTED:
        found(known, named)  # what came since somebody asked before goes as well
        session.add(known)
        await session.flush()
        return known
    made = Erasure(
        id=new_id("era"),
        tenant=tenant,
        person=person,
        customer=customer_digest(session, tenant, address),
        tickets=named,
        requested_by=by,
    )
    session.add(made)
    await session.flush()
    return made


async def get(session: AsyncSession, tenant: str, erasure_id: str) -> Erasure:
    """One erasure. Raises `ErasureUnknown`, also where it belongs to another tenant."""
    found = await session.get(Erasure, erasure_id)
    if found is None or found.tenant != tenant:
        raise ErasureUnknown(f"there is no erasure {erasure_id!r}")
    return found


def pending_in(do: Statements) -> list[str]:
    """Ids of what is to be carried out, the oldest first."""
    found = do.rows(PENDING, (ErasureStatus.WANTED.value, MOST_PENDING))
    return [str(row[0]) for row in found]


async def held(session: AsyncSession, erasure_id: str) -> Erasure:
    """The row, which nobody else changes until the commit."""
    await hold_name(session, "erasure row", erasure_id)
    return await session.get_one(Erasure, erasure_id, populate_existing=True)


def found(erasure: Erasure, tickets: Iterable[str]) -> list[str]:
    """Add tickets to those that are known; all of them."""
    erasure.tickets = sorted({*erasure.tickets, *tickets})
    return erasure.tickets


def count(erasure: Erasure, counts: Mapping[str, int]) -> None:
    """Add to what was removed."""
    erasure.counts = {
        name: erasure.counts.get(name, 0) + counts.get(name, 0)
        for name in sorted({*erasure.counts, *counts})
    }


async def restored(session: AsyncSession, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Want again what the list says and this ledger has not ended; the ids of what is wanted."""
    for one in entries:
        if await session.get(Erasure, one["erasure"]) is None:
            session.add(
                Erasure(
                    id=one["erasure"],
                    tenant=one["tenant"],
                    person=one["person"],
                    customer=one.get("customer"),
                    tickets=list(one["tickets"]),
                    requested_by=RESTORED,
                    requested_at=datetime.fromisoformat(one["requested_at"]),
                )
            )
    await session.flush()
    return await within(session, pending_in)

"""All that the ledger holds of one person, as data: what an erasure would remove."""

from __future__ import annotations

import base64
from typing import Any

from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.erasure import elsewhere
from memory.erasure.person import person_digest, tickets_named, tickets_of
from memory.erasure.rows import BY_TICKET, name_of
from memory.files import contents
from memory.storage.customer_digest import compared_as
from memory.tables import (
    Correction,
    IdentityChallenge,
    StoredFile,
    Ticket,
)

FORMAT = "deskhand-customer/1"
MOST_FILE_BYTES = 50_000_000
"""Of all files whose bytes stand in one export; of further ones `content` is null."""
MOST_ELSEWHERE = 1_000
"""Messages in others' conversations in one export: the first ones."""
SECRET = {name_of(IdentityChallenge): frozenset({"nonce", "digest"})}
"""Columns from which a code that still counts could be guessed."""


async def exported(session: AsyncSession, key: bytes, tenant: str, address: str) -> dict[str, Any]:
    """{"format", "tenant", "address", "tickets": [{"ticket": {...}, "messages": [...], ...}], "elsewhere"}.

    `elsewhere` has what the person wrote in other customers' conversations, as in a helpdesk.
    Moments are ISO 8601 in UTC, the bytes of files base64. Checkpoints are left out: they hold the
    same in working order.
    """
    person = person_digest(key, tenant, address)
    found = {
        *await tickets_of(session, key, tenant, person),
        *await tickets_named(session, tenant, address),
    }
    tickets, left = [], MOST_FILE_BYTES
    for one in sorted(found):
        told = await _ticket(session, one)
        told["files"], left = await _files(session, one, left)
        tickets.append(told)
    told = {"format": FORMAT, "tenant": tenant, "address": address, "tickets": tickets}
    return {**told, "elsewhere": await _elsewhere(session, tenant, address)}


async def _elsewhere(session: AsyncSession, tenant: str, address: str) -> list[dict[str, Any]]:
    known = compared_as(session, tenant, address)
    found = await elsewhere.messages(session, tenant, known, MOST_ELSEWHERE)
    return [_plain(row) for row in found]


async def _files(
    session: AsyncSession, ticket_id: str, left: int
) -> tuple[list[dict[str, Any]], int]:
    """A ticket's files with their bytes, of which no more are read than `left`; how many are left."""
    found = []
    query = select(StoredFile).where(StoredFile.ticket_id == ticket_id).order_by(StoredFile.id)
    for file in list(await session.exec(query)):
        content = None
        if file.content_id is not None and file.size <= left:
            left -= file.size
            content = base64.b64encode(await contents.read(session, file)).decode()
        found.append({**_plain(file), "content": content})
    return found, left


async def _ticket(session: AsyncSession, ticket_id: str) -> dict[str, Any]:
    own = await session.get(Ticket, ticket_id)
    parts: dict[str, Any] = {"ticket": None if own is None else _plain(own)}
    tables: tuple[type[SQLModel], ...] = (*BY_TICKET, Correction)
    for table in tables:
        query = select(table).where(table.ticket_id == ticket_id)  # type: ignore[attr-defined]
        parts[name_of(table)] = [_plain(row) for row in await session.exec(query)]
    return parts


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=set(SECRET.get(name_of(type(row)), ())))

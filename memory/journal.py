"""The journal: append-only rows, numbered without a gap within a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.tables import JournalRow, Ticket, now

MAX_ERROR_CHARS = 500
"""An error's text is cut at this length."""
MAX_ROWS_READ = 5_000
"""Rows of one ticket that are read at most."""


@dataclass(frozen=True)
class Entry:
    """What to write down; see `JournalRow` for each field."""

    kind: str
    name: str
    cause: str
    outcome: str
    fingerprint: str | None = None
    duration_ms: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    error: str | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)


async def append(session: AsyncSession, ticket: Ticket, *entries: Entry) -> None:
    """Write rows for the ticket's present turn and epoch."""
    await append_at(
        session, ticket.id, ticket.tenant, turn=ticket.turn, epoch=ticket.epoch, entries=entries
    )


async def append_at(
    session: AsyncSession,
    ticket_id: str,
    tenant: str,
    *,
    turn: int,
    epoch: int,
    entries: Sequence[Entry],
) -> None:
    """Write rows for a stated turn and epoch, in one statement.

    The transaction holds the write lock, so a number cannot be taken twice.
    """
    found = await session.exec(
        select(func.max(JournalRow.seq)).where(JournalRow.ticket_id == ticket_id)
    )
    last = found.one() or 0
    whose = {"ticket_id": ticket_id, "tenant": tenant, "turn": turn, "epoch": epoch, "at": now()}
    rows = [
        {**whose, "seq": seq, **_values(entry)} for seq, entry in enumerate(entries, start=last + 1)
    ]
    if rows:
        await session.exec(insert(JournalRow), params=rows)


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "cause": entry.cause,
        "outcome": entry.outcome,
        "fingerprint": entry.fingerprint,
        "duration_ms": None if entry.duration_ms is None else round(entry.duration_ms, 2),
        "tokens_in": entry.tokens_in,
        "tokens_out": entry.tokens_out,
        "cost_micros": entry.cost_micros,
        "error": None if entry.error is None else entry.error[:MAX_ERROR_CHARS],
        "numbers": dict(entry.numbers),
    }


async def of_ticket(
    session: AsyncSession, ticket_id: str, *, after: int = 0, limit: int = MAX_ROWS_READ
) -> list[JournalRow]:
    """The ticket's rows in order, from the one after `after`."""
    found = await session.exec(
        select(JournalRow)
        .where(JournalRow.ticket_id == ticket_id, JournalRow.seq > after)
        .order_by(col(JournalRow.seq))
        .limit(limit)
    )
    return list(found.all())

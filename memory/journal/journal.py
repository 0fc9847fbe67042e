"""The journal: append-only rows, numbered without a gap within a ticket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import webhooks
from memory.journal import codec
from memory.journal.events import Event, TurnSettled
from memory.storage.step import Standing, recount_in, standing
from memory.storage.units import Statements, marks
from memory.storage.units_session import within
from memory.tables import JournalRow, Ticket, TicketStatus, now

MAX_ROWS_READ = 5_000
"""Rows of one ticket that are read at most."""
LENGTHS_KEPT = 64
"""Lengths of statements that are remembered; a commit rarely has more lines."""
WHERE = ("ticket_id", "tenant", "turn", "epoch", "at")
"""What a line has beside its number and its event."""


class Line(NamedTuple):
    """An event of a ticket that is about to be written down."""

    tenant: str
    event: Event
    at: Standing | None = None
    """Turn and epoch, where they are not those in which the ticket stands."""


async def append(session: AsyncSession, ticket: Ticket, *events: Event) -> None:
    """Write down what happened in the ticket's present turn and epoch."""
    await append_at(
        session, ticket.id, ticket.tenant, turn=ticket.turn, epoch=ticket.epoch, events=events
    )


async def append_at(
    session: AsyncSession,
    ticket_id: str,
    tenant: str,
    *,
    turn: int,
    epoch: int,
    events: Sequence[Event],
) -> None:
    """Write down what happened in a stated turn and epoch, in one statement.

    The ticket is held while its last number is looked up, so a number cannot be taken twice.
    Nothing is written of one that was erased meanwhile.
    """
    lines = [Line(tenant, event) for event in events]

    def told(do: Statements) -> None:
        if (stands := standing(do, ticket_id)) is not None:
            tell_in(do, ticket_id, stands._replace(turn=turn, epoch=epoch), lines)

    if events:
        await within(session, told)


def append_in(
    do: Statements,
    ticket_id: str,
    tenant: str,
    *,
    turn: int,
    epoch: int,
    events: Sequence[Event],
) -> None:
    """The same in plain SQL. The caller's unit has made the ticket, or has just moved it."""
    at = Standing(turn, epoch, counted=False)
    tell_in(do, ticket_id, at, [Line(tenant, event) for event in events])


def tell_in(do: Statements, ticket_id: str, at: Standing, lines: Sequence[Line]) -> None:
    """Lines of one ticket in one statement; `at`: where those that do not say it stand.

    Whatever changes what insight counts of a ticket has a line here, so it is counted anew.
    """
    if at.counted:
        recount_in(do, ticket_id)
    values: list[Any] = []
    told: list[tuple[int, Line, dict[str, Any]]] = []
    moment = do.moment(now())
    for number, line in enumerate(lines, start=1):
        turn, epoch, _ = line.at or at
        row = codec.values(line.event)
        values += [number, ticket_id, ticket_id, line.tenant, turn, epoch, moment]
        values += [json.dumps(row[name]) if name == "numbers" else row[name] for name in codec.ROW]
        if (kind := webhooks.type_of(row["kind"], row["name"])) is not None:
            told.append((number, line, {**row, "turn": turn, "type": kind}))
    found = do.rows(_insert(len(lines)), values)
    last = max((seq for (seq,) in found), default=0)
    for number, line, row in told:
        data = {"turn": row["turn"], "seq": last - len(lines) + number, "outcome": row["outcome"]}
        webhooks.note_in(do, line.tenant, ticket_id, row["type"], data)


@lru_cache(maxsize=LENGTHS_KEPT)
def _insert(count: int) -> str:
    """For so many lines; each counts on from the ticket's last number."""
    number = "(SELECT coalesce(max(seq), 0) + ? FROM journal WHERE ticket_id = ?)"
    line = f"({number}, {marks((*WHERE, *codec.ROW))})"
    return (
        f"INSERT INTO journal (seq, {', '.join((*WHERE, *codec.ROW))})"  # noqa: S608 - our own names
        f" VALUES {', '.join([line] * count)} RETURNING seq"
    )


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


async def outcome_of(session: AsyncSession, ticket_id: str, turn: int) -> str | None:
    """How a turn ended; None while it goes on."""
    query = (
        select(JournalRow.outcome)
        .where(
            JournalRow.ticket_id == ticket_id,
            JournalRow.turn == turn,
            JournalRow.kind == TurnSettled.kind,
            JournalRow.name == TurnSettled.name,
        )
        .order_by(col(JournalRow.seq).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


@dataclass(frozen=True)
class UsualCost:
    """What a tenant's tickets cost."""

    median_micros: int
    tickets: int
    """How many it was taken from; 0 if there are none."""


async def usual_cost(
    session: AsyncSession, tenant: str, *, besides: str, tickets: int
) -> UsualCost:
    """The median cost of the tenant's newest tickets that came to rest, without one of them."""
    rest = (TicketStatus.WAITING, TicketStatus.SETTLED)
    newest = (
        select(Ticket.id)
        .where(Ticket.tenant == tenant, col(Ticket.status).in_(rest), Ticket.id != besides)
        .order_by(col(Ticket.id).desc())
        .limit(tickets)
    )
    spent = (
        select(func.sum(JournalRow.cost_micros))
        .where(col(JournalRow.ticket_id).in_(newest), JournalRow.kind == "call")
        .group_by(col(JournalRow.ticket_id))
    )
    found = [int(one or 0) for one in (await session.exec(spent)).all()]
    return UsualCost(round(median(found)) if found else 0, len(found))


async def since(
    session: AsyncSession, moment: datetime, *, tenant: str | None = None, limit: int
) -> list[JournalRow]:
    """The newest rows since a moment, at most `limit`, in the order in which they were written."""
    query = select(JournalRow).where(col(JournalRow.id) >= await _first_since(session, moment))
    if tenant is not None:
        query = query.where(JournalRow.tenant == tenant)
    found = await session.exec(query.order_by(col(JournalRow.id).desc()).limit(limit))
    return list(reversed(found.all()))


async def ends(session: AsyncSession) -> tuple[int, int]:
    """The lowest and the highest id; zeros where the journal is empty.

    Two queries, since SQLite reads the whole table where one asks for both.
    """
    low = (await session.exec(select(func.min(JournalRow.id)))).one()
    high = (await session.exec(select(func.max(JournalRow.id)))).one()
    return int(low or 0), int(high or 0)


async def _first_since(session: AsyncSession, moment: datetime) -> int:
    """The id of the first row written at or after a moment; one beyond the last where none is.

    Ids grow with time, so that this is a search of some twenty steps without an index on time.
    """
    low, high = await ends(session)
    high += 1
    while low < high:
        middle = (low + high) // 2
        found = await session.exec(
            select(JournalRow.id, JournalRow.at)
            .where(col(JournalRow.id) >= middle)
            .order_by(col(JournalRow.id))
            .limit(1)
        )
        row = found.first()
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = int(row[0] or middle) + 1
    return low

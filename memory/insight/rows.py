"""Reads what the figures are made of: narrow rows of one tenant and one window of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.insight.lives import Happening, Life
from memory.tables import Correction, CorrectionKind, Feedback, JournalRow, Message, Outcome, Ticket

MAX_TICKETS = 50_000
"""Tickets of one window that are read; of more, the newest."""
MAX_NAMES = 100
"""Tools, models or intents of one table; of more, the dearest."""
MAX_CONFIDENCES = 20_000
"""Confidence decisions of one window that are read; of more, the newest."""

UNDELIVERED = "undelivered"
_KINDS = {
    ("run", "drive"): "begun",
    ("ticket", "settle"): "ended",
    ("wait", "person"): "person",
    ("ticket", "message"): "wrote",
    ("ticket", "undelivered"): UNDELIVERED,
}
_ANSWERS = ("reply", "clarification")
_SPENDING = "call"
"""Kind of the journal rows that carry a cost; attempts repeat their call's."""
By = Literal["name", "intent", "model"]


@dataclass(frozen=True)
class Window:
    """Tickets accepted from `since` up to, not including, `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Confidence:
    """One ask's probability against the threshold it was held to."""

    ask: str
    """Ticket, turn and ask."""
    value: float
    threshold: float


@dataclass(frozen=True)
class Spending:
    """What one name cost in the window."""

    name: str
    calls: int
    tokens: int
    cost_micros: int


async def lives(session: AsyncSession, tenant: str, window: Window) -> list[Life]:
    """Every ticket accepted in the window, newest first, up to `MAX_TICKETS`."""
    accepted = (
        select(Ticket.id, Ticket.intent, Ticket.created_at)
        .where(*_accepted(tenant, window))
        .order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())
        .limit(MAX_TICKETS)
    )
    found = list((await session.exec(accepted)).all())
    happened = await _happenings(session, tenant, window)
    responded = await _first_responses(session, tenant, window)
    said = await _feedback(session, tenant, window)
    return [
        Life(one, intent, at, happened.get(one, ()), responded.get(one), said.get(one, {}))
        for one, intent, at in found
    ]


async def wrong_turns(
    session: AsyncSession, tenant: str, window: Window
) -> frozenset[tuple[str, int]]:
    """(ticket, turn) of each answer that a person marked as wrong and did not take back."""
    query = (
        select(Correction.ticket_id, Correction.turn)
        .join(Ticket, col(Ticket.id) == col(Correction.ticket_id))
        .where(
            *_accepted(tenant, window),
            Correction.kind == CorrectionKind.ANSWER_WRONG,
            col(Correction.undone_at).is_(None),
        )
    )
    return frozenset((ticket, turn) for ticket, turn in (await session.exec(query)).all())


async def confidences(session: AsyncSession, tenant: str, window: Window) -> list[Confidence]:
    """The last confidence of each ask, in the order in which they were decided."""
    query = (
        select(JournalRow.ticket_id, JournalRow.turn, JournalRow.numbers)
        .join(Ticket, col(Ticket.id) == col(JournalRow.ticket_id))
        .where(*_accepted(tenant, window), *_named("decision", "confidence"))
        .order_by(col(JournalRow.id).desc())
        .limit(MAX_CONFIDENCES)
    )
    last: dict[str, Confidence] = {}
    for ticket, turn, numbers in (await session.exec(query)).all():
        ask = f"{ticket}:{turn}:{numbers.get('ask')}"
        if ask not in last and numbers.get("threshold") is not None:
            last[ask] = Confidence(ask, float(numbers["confidence"]), float(numbers["threshold"]))
    return list(reversed(last.values()))


async def spending(session: AsyncSession, tenant: str, window: Window, by: By) -> list[Spending]:
    """Calls, tokens and cost by tool or decision, by intent or by model, dearest first."""
    tokens = func.sum(col(JournalRow.tokens_in) + col(JournalRow.tokens_out))
    cost = func.sum(col(JournalRow.cost_micros))
    key = _key(by)
    query = (
        select(key, func.count(), tokens, cost)
        .join(Ticket, col(Ticket.id) == col(JournalRow.ticket_id))
        .where(*_accepted(tenant, window), JournalRow.kind == _SPENDING, key.is_not(None))
        .group_by(key)
        .order_by(cost.desc(), func.count().desc(), key)
        .limit(MAX_NAMES)
    )
    rows: Sequence[Any] = (await session.exec(query)).all()
    return [Spending(name, calls, int(tokens), int(cost)) for name, calls, tokens, cost in rows]


def _key(by: By) -> Any:
    if by == "name":
        return col(JournalRow.name)
    if by == "intent":
        return func.coalesce(col(Ticket.intent), "none")
    return col(JournalRow.numbers)["model"].as_string()


def _accepted(tenant: str, window: Window) -> tuple[Any, ...]:
    return (
        Ticket.tenant == tenant,
        col(Ticket.created_at) >= window.since,
        col(Ticket.created_at) < window.until,
    )


def _named(kind: str, name: str) -> tuple[Any, ...]:
    return (JournalRow.kind == kind, JournalRow.name == name)


async def _happenings(
    session: AsyncSession, tenant: str, window: Window
) -> Mapping[str, list[Happening]]:
    row = JournalRow
    query = (
        select(row.ticket_id, row.at, row.turn, row.kind, row.name, row.outcome)  # type: ignore[call-overload]
        .join(Ticket, col(Ticket.id) == col(row.ticket_id))
        .where(
            *_accepted(tenant, window),
            col(row.kind).in_({kind for kind, _ in _KINDS}),
            col(row.name).in_({name for _, name in _KINDS}),
        )
        .order_by(col(row.ticket_id), col(row.seq))
    )
    found: dict[str, list[Happening]] = defaultdict(list)
    for ticket, at, turn, kind, name, outcome in (await session.exec(query)).all():
        if (kind, name) in _KINDS:
            found[ticket].append(Happening(at, turn, _KINDS[kind, name], outcome))
    return {ticket: _arrived(happened) for ticket, happened in found.items()}


def _arrived(happened: Sequence[Happening]) -> list[Happening]:
    """The same where an answer that did not arrive ended nothing as an answer."""
    lost = {one.turn for one in happened if one.kind == UNDELIVERED}
    by_agent = (Outcome.DELIVERED, Outcome.CLARIFYING)
    return [
        replace(one, what=UNDELIVERED) if one.turn in lost and one.what in by_agent else one
        for one in happened
        if one.kind != UNDELIVERED
    ]


async def _first_responses(
    session: AsyncSession, tenant: str, window: Window
) -> dict[str, datetime]:
    query = (
        select(Message.ticket_id, func.min(Message.created_at))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(*_accepted(tenant, window), col(Message.kind).in_(_ANSWERS))
        .group_by(col(Message.ticket_id))
    )
    return dict((await session.exec(query)).all())


async def _feedback(
    session: AsyncSession, tenant: str, window: Window
) -> dict[str, dict[int, bool]]:
    query = (
        select(Feedback.ticket_id, Feedback.turn, Feedback.solved)
        .join(Ticket, col(Ticket.id) == col(Feedback.ticket_id))
        .where(*_accepted(tenant, window))
    )
    found: dict[str, dict[int, bool]] = defaultdict(dict)
    for ticket, turn, solved in (await session.exec(query)).all():
        found[ticket][turn] = solved
    return found

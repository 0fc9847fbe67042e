"""The figures counted from all rows, one ticket after the other: what the sums must come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.tables import Correction, Feedback, Handoff, JournalRow, Message, Ticket

ANSWERS = ("delivered", "answered_by_person")
EVENTS = {
    ("run", "drive"): "begun",
    ("ticket", "settle"): "ended",
    ("wait", "person"): "person",
    ("ticket", "message"): "wrote",
}


@dataclass(frozen=True)
class When:
    """What is asked for: tickets of some time, as they stand at a moment."""

    since: datetime
    until: datetime
    moment: datetime
    quiet: timedelta


@dataclass
class All:
    """Every figure as plain numbers; durations as they are."""

    fates: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    responses: list[float] = field(default_factory=list)
    resolutions: list[float] = field(default_factory=list)
    confidences: list[tuple[float, float]] = field(default_factory=list)
    spent: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    handoffs: Counter[tuple[str, str]] = field(default_factory=Counter)
    drafts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    current: tuple[datetime, float] | None = None
    erased: bool = False
    """Whether there were others."""


async def read(session: AsyncSession, tenant: str, when: When) -> All:
    """Of the tickets accepted in that time."""
    found = All()
    query = select(Ticket).where(
        Ticket.tenant == tenant,
        col(Ticket.created_at) >= when.since,
        col(Ticket.created_at) < when.until,
    )
    for ticket in (await session.exec(query)).all():
        await _add(session, found, ticket, when)
    return found


def percentiles(seconds: list[float]) -> tuple[float | None, float | None]:
    """Median and 90th percentile, by linear interpolation."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (None, None)
    cuts = quantiles(seconds, n=10, method="inclusive")
    return cuts[4], cuts[8]


async def _add(session: AsyncSession, found: All, ticket: Ticket, when: When) -> None:
    rows = (
        await session.exec(
            select(JournalRow)
            .where(JournalRow.ticket_id == ticket.id)
            .order_by(col(JournalRow.seq))
        )
    ).all()
    said = (await session.exec(select(Feedback).where(Feedback.ticket_id == ticket.id))).all()
    judged = {one.turn: one.solved for one in said}
    events = _events(rows)
    await _add_outcomes(session, found, ticket, events, judged)
    fate = _fate(events, judged, when)
    found.fates[fate] += 1
    if fate in {"confirmed", "assumed"}:
        found.resolutions.append((events[-1][3] - ticket.created_at).total_seconds())
    _add_asks(found, rows)
    _add_calls(found, rows, ticket.intent or "none")
    await _add_handoffs(session, found, ticket)


def _events(rows: Any) -> list[tuple[str, str, int, datetime]]:
    lost = {row.turn for row in rows if (row.kind, row.name) == ("ticket", "undelivered")}
    found = []
    for row in rows:
        kind = EVENTS.get((row.kind, row.name))
        sent = row.outcome in {"delivered", "clarifying"}
        what = "undelivered" if kind == "ended" and sent and row.turn in lost else row.outcome
        if kind is not None:
            found.append((kind, what, row.turn, row.at))
    return found


async def _add_outcomes(
    session: AsyncSession, found: All, ticket: Ticket, events: Any, judged: dict[int, bool]
) -> None:
    own = [turn for kind, what, turn, _ in events if (kind, what) == ("ended", "delivered")]
    answered = [
        place for place, one in enumerate(events) if one[0] == "ended" and one[1] in ANSWERS
    ]
    wrong = select(Correction.turn).where(
        Correction.ticket_id == ticket.id,
        Correction.kind == "answer_wrong",
        col(Correction.undone_at).is_(None),
    )
    marked = set((await session.exec(wrong)).all())
    by_person = any(one[0] == "person" for one in events)
    going_on = [one[0] for one in events if one[0] not in {"begun", "wrote"}]
    at_work = (not events or events[-1][0] in {"begun", "wrote"}) and (
        not going_on or going_on[-1] != "person"
    )
    found.counts["tickets"] += 1
    found.counts["messages"] += sum(one[0] == "wrote" for one in events)
    found.counts["ended"] += not at_work
    found.counts["automated"] += not at_work and bool(own) and not by_person
    found.counts["handed_off"] += not at_work and by_person
    found.counts["answered"] += bool(answered)
    found.counts["reopened"] += bool(answered) and any(
        one[0] == "wrote" for one in events[answered[0] :]
    )
    found.counts["own"] += len(own)
    found.counts["wrong"] += sum(turn in marked for turn in own)
    found.counts["judged"] += len(judged)
    found.counts["unhelpful"] += sum(not solved for solved in judged.values())
    found.reasons.update(one[1] for one in events if one[0] == "person")
    sent = select(Message.created_at).where(
        Message.ticket_id == ticket.id, col(Message.kind).in_(["reply", "clarification"])
    )
    if responses := (await session.exec(sent)).all():
        found.responses.append((min(responses) - ticket.created_at).total_seconds())


def _fate(events: Any, judged: dict[int, bool], when: When) -> str:
    before = [one[0] for one in events if one[0] not in {"begun", "wrote"}]
    if not events or events[-1][0] in {"begun", "wrote", "person"}:
        return "with_person" if before and before[-1] == "person" else "running"
    _, what, turn, at = events[-1]
    # The hour of the rest has to be over by the quiet time, all of it.
    old = (when.moment - when.quiet).replace(minute=0, second=0, microsecond=0) > at
    if what == "clarifying":
        return "abandoned" if old else "asked"
    if what not in ANSWERS:
        return "closed"
    if turn in judged:
        return "confirmed" if judged[turn] else "unsolved"
    return "assumed" if old else "answered"


def _add_asks(found: All, rows: Any) -> None:
    asks = {}
    for row in rows:
        if (row.kind, row.name) == ("decision", "confidence"):
            asks[row.turn, row.numbers["ask"]] = row
    for row in asks.values():
        value, threshold = row.numbers["confidence"], row.numbers["threshold"]
        found.confidences.append((value, threshold))
        found.current = max(found.current or (row.at, threshold), (row.at, threshold))


def _add_calls(found: All, rows: Any, intent: str) -> None:
    for row in rows:
        if row.kind == "call":
            names = [("name", row.name), ("intent", intent)]
            if row.numbers.get("model") is not None:
                names.append(("model", row.numbers["model"]))
            for key in names:
                spent = found.spent.setdefault(key, [0, 0, 0])
                spent[0] += 1
                spent[1] += row.tokens_in + row.tokens_out
                spent[2] += row.cost_micros


async def _add_handoffs(session: AsyncSession, found: All, ticket: Ticket) -> None:
    for one in (await session.exec(select(Handoff).where(Handoff.ticket_id == ticket.id))).all():
        part = (ticket.channel, one.intent or "")
        found.handoffs[part] += 1
        if one.reason == "suggest_only":
            found.drafts[(_end(one.decision), *part)] += 1


def _end(decision: dict[str, Any] | None) -> str:
    kind = (decision or {}).get("kind")
    if kind == "reply":
        likeness = ((decision or {}).get("difference") or {}).get("likeness") or 0
        return "as_is" if likeness == 1 else "edited" if likeness >= 0.5 else "thrown_away"
    ends = {"approve": "as_is", "close": "thrown_away", "return": "thrown_away"}
    return ends.get(kind or "", "waiting")

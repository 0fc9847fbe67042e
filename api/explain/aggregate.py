"""The same questions over many tickets: what happens how often, and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from api.explain.cost import by_what, calls_of
from api.explain.requests import requests
from api.explain.words.people import end_words
from api.explain.words.phrases import count, money, plain, span
from api.explain.words.reasons import reason_words
from api.explain.words.requests import request_words
from memory.journal.codes import CallStatus
from memory.journal.events import CallBase, Event, IntentNamed, Record, TurnSettled, Waiting

GroupBy = Literal["cause", "tool", "reason", "intent"]


@dataclass
class Group:
    """What has one cause, tool, reason or intent."""

    key: str
    words: str
    number: int = 0
    """Requests, or tickets where the grouping is by reason or intent."""
    failed: int = 0
    """Requests that failed; turns handed to a person, by intent."""
    cost_micros: int = 0
    seconds: list[float] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)

    def as_data(self) -> dict[str, Any]:
        """Plain data; `median_seconds` is None if nothing was timed."""
        middle = round(median(self.seconds), 3) if self.seconds else None
        return {
            "key": self.key,
            "words": self.words,
            "number": self.number,
            "failed": self.failed,
            "tickets": len(self.tickets),
            "cost_micros": self.cost_micros,
            "median_seconds": middle,
        }


@dataclass(frozen=True)
class Grouped:
    """Many tickets by one thing."""

    by: GroupBy
    tickets: int
    groups: list[Group]
    """The most frequent first."""

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        total = sum(group.number for group in self.groups)
        unit = "request" if self.by in {"cause", "tool"} else "turn"
        named = [f"{100 * g.number / total:.0f} % {g.words}" for g in self.groups[:3] if total]
        told = f": {', '.join(named)}" if named else ""
        return f"{count(total, unit)} in {count(self.tickets, 'ticket')}{told}."


def grouped(records: Iterable[Record], by: GroupBy) -> Grouped:
    """The journal of many tickets, in any order of tickets, each ticket's own in order."""
    tickets: dict[str, list[Record]] = {}
    for one in records:
        tickets.setdefault(one.ticket_id, []).append(one)
    groups: dict[str, Group] = {}
    for own in tickets.values():
        for key, words, take in _BY[by](own):
            group = groups.setdefault(key, Group(key, words))
            group.number += 1
            group.tickets.add(own[0].ticket_id)
            take(group)
    ranked = sorted(groups.values(), key=lambda group: (-group.number, group.key))
    return Grouped(by, len(tickets), ranked)


Found = Iterator[tuple[str, str, Callable[[Group], None]]]


def _taken(event: Event) -> Callable[[Group], None]:
    def take(group: Group) -> None:
        group.failed += isinstance(event, CallBase) and event.outcome == CallStatus.FAILED
        group.cost_micros += event.cost_micros
        if event.duration_ms is not None:
            group.seconds.append(event.duration_ms / 1000)

    return take


def _by_cause(records: Sequence[Record]) -> Found:
    for one in requests(records):
        yield one.cause.value, request_words(one.cause), _taken(one.record.event)


def _by_tool(records: Sequence[Record]) -> Found:
    for call in calls_of(records):
        name = by_what(call)
        yield name, f"of {name}", _taken(call)


def _by_reason(records: Sequence[Record]) -> Found:
    for one in records:
        match one.event:
            case Waiting(outcome=reason):
                yield reason.value, f"handed off, since {reason_words(reason)}", _nothing
            case TurnSettled(outcome=outcome):
                yield outcome.value, f"ended so: {end_words(outcome)}", _nothing


def _by_intent(records: Sequence[Record]) -> Found:
    for turn in sorted({one.turn for one in records}):
        own = [one for one in records if one.turn == turn]
        named = [one.event.outcome for one in own if isinstance(one.event, IntentNamed)]
        if named:
            words = "without an intent" if named[-1] == "none" else f"about {plain(named[-1])}"
            yield named[-1], words, _turn(own)


def _turn(records: Sequence[Record]) -> Callable[[Group], None]:
    def take(group: Group) -> None:
        group.failed += any(isinstance(one.event, Waiting) for one in records)
        group.cost_micros += sum(call.cost_micros for call in calls_of(records))
        group.seconds.append((records[-1].at - records[0].at).total_seconds())

    return take


def _nothing(_group: Group) -> None:
    return None


_BY: dict[GroupBy, Callable[[Sequence[Record]], Found]] = {
    "cause": _by_cause,
    "tool": _by_tool,
    "reason": _by_reason,
    "intent": _by_intent,
}
HEADINGS: dict[GroupBy, tuple[str, str]] = {
    "cause": ("requests", "failed"),
    "tool": ("calls", "failed"),
    "reason": ("turns", ""),
    "intent": ("turns", "to a person"),
}
"""What `number` and `failed` are called."""


def line(group: Group, total: int) -> list[str]:
    """A group as cells: number, share, failed, tickets, cost, median time, words."""
    middle = span(median(group.seconds)) if group.seconds else "-"
    share = f"{100 * group.number / total:.0f} %" if total else "-"
    cost = money(group.cost_micros) if group.cost_micros else "-"
    figures = [str(group.number), share, str(group.failed), str(len(group.tickets)), cost, middle]
    return [*figures, group.words]

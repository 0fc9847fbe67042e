"""The same questions over many tickets: what happens how often, and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from api.explain.cost import by_what
from api.explain.requests import requests
from api.explain.sentences import count, money, plain, reason_words, span
from api.explain.vocabulary import ENDS
from memory.tables import JournalRow

GroupBy = Literal["cause", "tool", "reason", "intent"]
GROUPINGS: tuple[GroupBy, ...] = ("cause", "tool", "reason", "intent")
WORDS = {
    "planned": "planned",
    "another_ask": "planned, with other arguments",
    "turn": "planned, for a customer's next message",
    "retry": "retries after a failed attempt",
    "again": "asked again, as a step ran again",
    "resume": "asked again after a crash",
    "replan": "planned again, since the evidence was too weak",
    "guidance": "planned again, as a person asked",
    "revise": "new drafts, since a check had objected",
    "repair": "repairs of a model's answer",
    "fallback": "in place of one that gave no answer",
    "approved": "actions that a person approved",
    "deliver": "sending to the customer",
    "reconcile": "asking whether it had happened",
    "suppressed": "left out, as made before",
    "refused": "not let through",
}
"""What the causes of `api.explain.requests.Request` mean."""


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
        """Plain data; `median_seconds` is None where nothing was timed."""
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


def grouped(rows: Iterable[JournalRow], by: GroupBy) -> Grouped:
    """Journal rows of many tickets, in any order of tickets, each ticket's own in order."""
    tickets: dict[str, list[JournalRow]] = {}
    for row in rows:
        tickets.setdefault(row.ticket_id, []).append(row)
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


def _taken(row: JournalRow) -> Callable[[Group], None]:
    def take(group: Group) -> None:
        group.failed += row.outcome == "failed"
        group.cost_micros += row.cost_micros
        if row.duration_ms is not None:
            group.seconds.append(row.duration_ms / 1000)

    return take


def _by_cause(rows: Sequence[JournalRow]) -> Found:
    for one in requests(rows):
        yield one.cause, WORDS.get(one.cause, plain(one.cause)), _taken(one.row)


def _by_tool(rows: Sequence[JournalRow]) -> Found:
    for row in rows:
        if row.kind == "call":
            name = by_what(row)
            yield name, f"of {name}", _taken(row)


def _by_reason(rows: Sequence[JournalRow]) -> Found:
    for row in rows:
        if row.kind == "wait" and row.name == "person":
            yield row.outcome, f"handed off, since {reason_words(row.outcome)}", _nothing
        elif row.kind == "ticket" and row.name == "settle":
            yield row.outcome, f"ended so: {ENDS.get(row.outcome, plain(row.outcome))}", _nothing


def _by_intent(rows: Sequence[JournalRow]) -> Found:
    for turn in sorted({row.turn for row in rows}):
        own = [row for row in rows if row.turn == turn]
        named = [row.outcome for row in own if row.kind == "decision" and row.name == "intent"]
        if named:
            words = "without an intent" if named[-1] == "none" else f"about {plain(named[-1])}"
            yield named[-1], words, _turn(own)


def _turn(rows: Sequence[JournalRow]) -> Callable[[Group], None]:
    def take(group: Group) -> None:
        group.failed += any(row.kind == "wait" and row.name == "person" for row in rows)
        group.cost_micros += sum(row.cost_micros for row in rows if row.kind == "call")
        group.seconds.append((rows[-1].at - rows[0].at).total_seconds())

    return take


def _nothing(_group: Group) -> None:
    return None


_BY: dict[GroupBy, Callable[[Sequence[JournalRow]], Found]] = {
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

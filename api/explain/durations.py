"""Where did the time go? The whole of it, each moment counted once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from api.explain.cost import by_what
from api.explain.sentences import count, error_words, span
from api.explain.vocabulary import STEPS
from memory.tables import JournalRow

LEAST_SHARE = 0.01
"""Smaller parts are summed up, and not told where all of them together are smaller."""
LEAST_LOST_SECONDS = 0.1
"""Less on failed attempts is not worth a sentence."""
PLACES = {
    "queue": "waiting in the queue",
    "person": "waiting for a person",
    "customer": "waiting for the customer",
    "lost": "without a worker, until another one took over",
    "steps": "in our own steps",
}
WAITING = frozenset({"queue", "person", "customer", "lost"})


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in which one thing happened."""

    what: str
    """queue | person | customer | lost | steps | tool NAME | model NAME"""
    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Its length."""
        return max(0.0, (self.end - self.begin).total_seconds())


def about_time(rows: Sequence[JournalRow]) -> list[str]:
    """The total and its parts, what was lost on failed attempts, and the longest step."""
    found = parts(rows)
    total = sum(found.values())
    if total <= 0:
        return ["It has taken no time yet."]
    words = [
        f"{span(part)} ({100 * part / total:.0f} %) {_place(what)}" for what, part in _large(found)
    ]
    return [f"It took {span(total)}: {', '.join(words)}.", *_failed(rows), *_longest(rows)]


def parts(rows: Sequence[JournalRow]) -> dict[str, float]:
    """Seconds by what they went into; they add up to the time from the first row to the last."""
    found: dict[str, float] = {}
    for one in stretches(rows):
        found[one.what] = found.get(one.what, 0.0) + one.seconds
    return found


def stretches(rows: Sequence[JournalRow]) -> list[Stretch]:
    """The same in order, without a gap and without an overlap: what a timeline draws."""
    calls = [_span_of(row) for row in rows if row.kind == "call" and row.duration_ms]
    found: list[Stretch] = []
    for one in _states(rows):
        found += [one] if one.what in WAITING else _split(one, calls)
    return [one for one in found if one.seconds > 0]


def _states(rows: Sequence[JournalRow]) -> Iterator[Stretch]:
    """Queue, person, customer, lost, or at work (`steps`), from row to row."""
    state = "queue"
    for before, after in pairwise(rows):
        state = _state(state, before)
        yield Stretch(_seen_from(state, after), before.at, max(before.at, after.at))


def _state(state: str, row: JournalRow) -> str:
    match row.kind, row.name:
        case ("run", "drive") if row.outcome == "started":
            return "steps"
        case ("ticket", "accept") | ("decision", "person") | ("run", "sweep"):
            return "queue"
        case ("ticket", "settle"):
            return "customer"
        case ("ticket", "message"):
            return "queue" if state == "customer" else state
        case ("wait", _):
            return "person"
    return state


def _seen_from(state: str, after: JournalRow) -> str:
    """What the next row says of the time before it."""
    began = (after.kind, after.name, after.outcome) == ("run", "drive", "started")
    if state == "steps" and (began or after.name in {"sweep", "death"}):
        return "lost"
    return "queue" if state == "customer" and began else state


def _span_of(row: JournalRow) -> Stretch:
    family = "model" if row.name.startswith("model:") else "tool"
    begin = row.at - timedelta(milliseconds=row.duration_ms or 0)
    name = by_what(row)
    if row.name.startswith("local:"):
        return Stretch("steps", begin, row.at)
    return Stretch(f"{family} {name}", begin, row.at)


def _split(work: Stretch, calls: Sequence[Stretch]) -> Iterator[Stretch]:
    """A stretch of work by the calls under way in it; of several at once the longest counts."""
    own = [one for one in calls if one.begin < work.end and one.end > work.begin]
    edges = {work.begin, work.end}
    edges |= {min(max(edge, work.begin), work.end) for one in own for edge in (one.begin, one.end)}
    marks = sorted(edges)
    for begin, end in pairwise(marks):
        under_way = [one for one in own if one.begin <= begin and one.end >= end]
        longest = max(under_way, key=lambda one: one.seconds, default=None)
        yield Stretch("steps" if longest is None else longest.what, begin, end)


def _large(found: dict[str, float]) -> Iterable[tuple[str, float]]:
    total = sum(found.values())
    ranked = sorted(found.items(), key=lambda part: -part[1])
    large = [part for part in ranked if part[1] >= LEAST_SHARE * total]
    rest = sum(seconds for _, seconds in ranked[len(large) :])
    if rest >= LEAST_SHARE * total:
        large.append(("others", rest))
    return large


def _place(what: str) -> str:
    family, _, name = what.partition(" ")
    if name:
        return f"in the {family} {name}"
    return PLACES.get(what, "in all else")


def _failed(rows: Sequence[JournalRow]) -> list[str]:
    """What failed attempts and the waits between them took, by tool."""
    lines = []
    for name in dict.fromkeys(row.name for row in rows if row.kind == "attempt"):
        own = [row for row in rows if (row.kind, row.name) == ("attempt", name)]
        failed = [row for row in own if row.outcome == "failed"]
        lost = sum(row.duration_ms or 0 for row in failed) / 1000
        waits = [(row.numbers or {}).get("next_wait_seconds") for row in own]
        waited = sum(one for one in waits if isinstance(one, int | float))
        held = sum((row.numbers or {}).get("held_seconds", 0.0) for row in own)
        if held >= LEAST_LOST_SECONDS:
            lines.append(f"{name} was held back for {span(held)} by our own limits for it.")
        if failed and lost + waited >= LEAST_LOST_SECONDS:
            why = error_words(failed[-1].error or "it failed")
            between = f", and {span(waited)} into waiting between attempts" if waited else ""
            tries = count(len(failed), "attempt")
            lines.append(
                f"Of {name}'s time {span(lost)} went into {tries} that failed, since {why}{between}."
            )
    return lines


def _longest(rows: Sequence[JournalRow]) -> list[str]:
    steps = [row for row in rows if row.kind == "step" and row.duration_ms]
    if not steps:
        return []
    longest = max(steps, key=lambda row: row.duration_ms or 0)
    doing = STEPS.get(longest.name, ("", longest.name))[1]
    tool = (longest.numbers or {}).get("tool")
    doing += f" with {tool}" if tool else ""
    took = span((longest.duration_ms or 0) / 1000)
    return [f"The longest step, its calls included, was {doing[:1].lower()}{doing[1:]}: {took}."]

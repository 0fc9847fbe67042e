"""Where did the time go? The whole of it, each moment counted once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from api.explain.cost import by_what
from api.explain.words.errors import error_words
from api.explain.words.phrases import count, lowered, span
from api.explain.words.steps import doing_words
from memory.journal import events
from memory.journal.codes import CallStatus, Node, RunState
from memory.journal.events import CALLS, Call, Event, Record

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


def about_time(records: Sequence[Record]) -> list[str]:
    """The total and its parts, what was lost on failed attempts, and the longest step."""
    found = parts(records)
    total = sum(found.values())
    if total <= 0:
        return ["It has taken no time yet."]
    words = [
        f"{span(part)} ({100 * part / total:.0f} %) {_place(what)}" for what, part in _large(found)
    ]
    return [f"It took {span(total)}: {', '.join(words)}.", *_failed(records), *_longest(records)]


def parts(records: Sequence[Record]) -> dict[str, float]:
    """Seconds by what they went into; they add up to the time from the first row to the last."""
    found: dict[str, float] = {}
    for one in stretches(records):
        found[one.what] = found.get(one.what, 0.0) + one.seconds
    return found


def stretches(records: Sequence[Record]) -> list[Stretch]:
    """The same in order, without a gap and without an overlap: what a timeline draws."""
    calls = [
        _span_of(one.at, one.event)
        for one in records
        if isinstance(one.event, CALLS) and one.event.duration_ms
    ]
    found: list[Stretch] = []
    for one in _states(records):
        found += [one] if one.what in WAITING else _split(one, calls)
    return [one for one in found if one.seconds > 0]


def _states(records: Sequence[Record]) -> Iterator[Stretch]:
    """Queue, person, customer, lost, or at work (`steps`), from row to row."""
    state = "queue"
    for before, after in pairwise(records):
        state = _state(state, before.event)
        seen = _seen_from(state, after.event)
        yield Stretch(seen, before.at, max(before.at, after.at))


def _state(state: str, event: Event) -> str:
    match event:
        case events.RunBegan(outcome=RunState.STARTED):
            return "steps"
        case events.Accepted() | events.PersonDecided() | events.RunLost():
            return "queue"
        case events.TurnSettled():
            return "customer"
        case events.CustomerWrote():
            return "queue" if state == "customer" else state
        case events.Waiting():
            return "person"
    return state


def _seen_from(state: str, after: Event) -> str:
    """What the next event says of the time before it."""
    began = isinstance(after, events.RunBegan) and after.outcome == RunState.STARTED
    if state == "steps" and (began or isinstance(after, events.RunLost | events.WorkerDied)):
        return "lost"
    return "queue" if state == "customer" and began else state


def _span_of(end: datetime, call: Call) -> Stretch:
    begin = end - timedelta(milliseconds=call.duration_ms or 0)
    if isinstance(call, events.LocalAsked):
        return Stretch("steps", begin, end)
    family = "model" if isinstance(call, events.ModelAsked) else "tool"
    return Stretch(f"{family} {by_what(call)}", begin, end)


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


def _failed(records: Sequence[Record]) -> list[str]:
    """What failed attempts and the waits between them took, by tool."""
    attempts: dict[str, list[events.Attempted]] = {}
    for one in records:
        if isinstance(one.event, events.Attempted):
            attempts.setdefault(one.event.tool, []).append(one.event)
    return [line for tool, own in attempts.items() for line in _lost(tool, own)]


def _lost(tool: str, attempts: Sequence[events.Attempted]) -> Iterator[str]:
    failed = [one for one in attempts if one.outcome == CallStatus.FAILED]
    lost = sum(one.duration_ms or 0 for one in failed) / 1000
    waited = sum(one.next_wait_seconds or 0 for one in attempts)
    held = sum(one.held_seconds for one in attempts)
    if held >= LEAST_LOST_SECONDS:
        yield f"{tool} was held back for {span(held)} by our own limits for it."
    if failed and lost + waited >= LEAST_LOST_SECONDS:
        error, tries = failed[-1].error, count(len(failed), "attempt")
        why = error_words(error) if error else "it failed"
        between = f", and {span(waited)} into waiting between attempts" if waited else ""
        yield f"Of {tool}'s time {span(lost)} went into {tries} that failed, since {why}{between}."


def _longest(records: Sequence[Record]) -> list[str]:
    told = (one.event for one in records)
    steps = [step for step in told if isinstance(step, events.StepBase) and step.duration_ms]
    if not steps:
        return []
    longest = max(steps, key=lambda step: step.duration_ms or 0)
    doing = lowered(doing_words(Node(longest.name)))
    if isinstance(longest, events.GatherRan) and longest.tool:
        doing += f" with {longest.tool}"
    took = span((longest.duration_ms or 0) / 1000)
    return [f"The longest step, its calls included, was {doing}: {took}."]

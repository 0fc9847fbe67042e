"""The journal of a ticket as a story with times and totals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from api.explain.sentences import sentence
from api.explain.words.phrases import count, span
from memory.budgets.amounts import MICROS
from memory.journal import events
from memory.journal.codes import CallStatus, Cause, Node, RunState
from memory.journal.events import Event, Record


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    offset_seconds: float
    """Since the first row of the story."""
    turn: int
    kind: str
    text: str
    trouble: bool
    """Whether something went wrong."""


@dataclass(frozen=True)
class Totals:
    """What it all came to."""

    seconds: float
    """From the first row to the last."""
    waiting_seconds: float
    """Of these in people's hands."""
    steps: int
    calls: int
    """Calls of tools, without those left out."""
    retries: int
    """Attempts beyond the first."""
    suppressed: int
    """Calls left out because they had been made already."""
    tokens: int
    cost_micros: int


def story(records: Sequence[Record]) -> list[Told]:
    """Every event in order, each as a sentence with its time since the first.

    What a threshold rests on is said at the first ask that meets it, and not at each.
    """
    said, unsent = _said_once([one.event for one in records]), unsent_turns(records)
    return [
        Told(
            offset_seconds=max(0.0, (one.at - records[0].at).total_seconds()),
            turn=one.turn,
            kind=one.event.kind,
            text=sentence(event, came=one.turn not in unsent),
            trouble=_is_trouble(one.event),
        )
        for one, event in zip(records, said, strict=True)
    ]


def unsent_turns(records: Sequence[Record]) -> set[int]:
    """Turns whose answer has not reached the customer, or not yet."""
    return {one.turn for one in records if isinstance(one.event, events.Undelivered)}


def _said_once(told: Sequence[Event]) -> list[Event]:
    before: set[str] = set()
    found: list[Event] = []
    for event in told:
        if isinstance(event, events.AskWeighed) and event.threshold_source:
            again = event.threshold_source in before
            before.add(event.threshold_source)
            found.append(replace(event, threshold_source="") if again else event)
        else:
            found.append(event)
    return found


def _is_trouble(event: Event) -> bool:
    """Whether something went wrong."""
    match event:
        case events.Objected():
            return True
        case events.RunBegan(outcome=RunState.FAILED | RunState.TIMEOUT | RunState.FENCED):
            return True
        case events.ActRan(outcome=ended) | events.GatherRan(outcome=ended):
            return ended in BAD
        case events.CallBase(outcome=ended):
            return bool(event.error) or ended in BAD
    return bool(event.error)


BAD = frozenset({CallStatus.FAILED, CallStatus.REFUSED, CallStatus.UNKNOWN})


def condensed(records: Sequence[Record]) -> list[Record]:
    """Without what another row says as well: single attempts, steps that only made a call."""
    return [one for one in records if not _is_said_elsewhere(one.event)]


def _is_said_elsewhere(event: Event) -> bool:
    match event:
        case events.Attempted(attempt=number, next_wait_seconds=wait):
            return number == 1 and wait is None
        case events.StepBase(cause=Cause.RETRY | Cause.RESUME):
            return False
        case events.GatherRan(outcome=outcome):
            return outcome != CallStatus.PROPOSED
        case events.AssessRan() | events.StepFailed(node=Node.GATHER | Node.ASSESS):
            return True
        case events.PlanMade(lacking=lacking):
            return not lacking
    return False


def totals(records: Sequence[Record]) -> Totals:
    """The figures of a story; all zero for an empty one."""
    waits = (
        (after.at - before.at).total_seconds()
        for before, after in pairwise(records)
        if isinstance(before.event, events.Waiting)
    )
    told = [one.event for one in records]
    left_out = sum(_is_left_out(one) for one in told)
    calls = sum(isinstance(one, events.CALLS) for one in told)
    return Totals(
        seconds=(records[-1].at - records[0].at).total_seconds() if records else 0.0,
        waiting_seconds=sum(waits),
        steps=sum(isinstance(one, events.StepBase) for one in told),
        calls=calls - left_out,
        retries=sum(one.cause == Cause.RETRY for one in told),
        suppressed=left_out,
        tokens=sum(one.all_tokens for one in told),
        cost_micros=sum(one.cost_micros for one in told),
    )


def _is_left_out(event: Event) -> bool:
    return isinstance(event, events.CALLS) and event.outcome == CallStatus.SUPPRESSED


def summary(records: Sequence[Record]) -> str:
    """The totals in one sentence."""
    found = totals(records)
    parts = [f"{span(found.seconds)} from the first row to the last"]
    if found.waiting_seconds > 0:
        parts.append(f"{span(found.waiting_seconds)} of it in people's hands")
    parts += [count(found.steps, "step"), count(found.calls, "tool call")]
    if found.retries:
        parts.append(f"{found.retries} of the attempts repeated")
    if found.suppressed:
        parts.append(f"{count(found.suppressed, 'call')} left out as made before")
    parts += [count(found.tokens, "token"), f"cost {found.cost_micros / MICROS:.4f}"]
    return ", ".join(parts) + "."

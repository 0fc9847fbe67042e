"""What one ticket adds to the figures, as counts that can be added up and taken out again. Pure.

A cell's name is one of `Cell`, and where it has several, what they are told apart by. Time alone
changes no cell: what is answered now, and solved by silence later, is `ANSWERED` here, and those
to whom the quiet time has not come yet are counted a second time by the hour of their rest.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memory.insight.durations import step_of
from memory.insight.lives import LATER, Fate, Life, hour_of
from memory.insight.suggestions import Suggested

Cells = Counter[str]
BETWEEN = "\t"
"""In the names of cells."""
TIMES = "\v"
_KEPT = str.maketrans({BETWEEN: " ", TIMES: " ", "\n": " "})
GRID = tuple(step / 20 for step in range(21))
"""Thresholds for which the coverage is worked out."""
BELOW = -1
"""The step of a confidence that is below every threshold."""
NO_INTENT = "none"


class Cell(StrEnum):
    """The first part of a cell's name; short, since every ticket keeps its own."""

    TICKETS = "t"
    WROTE = "w"
    """Messages that customers wrote behind the first."""
    STANDS = "f"
    """By `Fate`, whatever time has passed."""
    AUTOMATED = "a"
    BY_PERSON = "h"
    """Came to an end, and was ever in a person's hands."""
    ANSWERED = "n"
    REOPENED = "r"
    OWN_ANSWERS = "d"
    """The agent's."""
    WRONG = "x"
    SOLVED = "s"
    UNSOLVED = "u"
    REASON = "p"
    RESPONSE = "1"
    """By step of duration."""
    RESOLUTION = "2"
    CONFIDENCE = "c"
    """Asks by the highest threshold of `GRID` that they reach."""
    COVERED = "k"
    HANDOFFS = "o"
    """By channel and intent."""
    DRAFTS = "e"
    """By what became of them, channel and intent."""
    CALLS = "C"
    """By what they are told apart by (`By`), and its name."""
    TOKENS = "T"
    COST = "M"


class By(StrEnum):
    """What costs are told apart by."""

    NAME = "n"
    """Tool or decision."""
    INTENT = "i"
    MODEL = "m"


@dataclass(frozen=True)
class Confidence:
    """One ask's last probability against the threshold it was held to."""

    at: datetime
    value: float
    threshold: float


@dataclass(frozen=True)
class Call:
    """What one call cost."""

    name: str
    model: str | None
    tokens: int
    cost_micros: int


@dataclass(frozen=True)
class Facts:
    """All that the figures know of one ticket."""

    life: Life
    wrong: frozenset[int] = frozenset()
    """Turns whose answer a person marked as wrong."""
    asks: Sequence[Confidence] = ()
    calls: Sequence[Call] = ()
    suggested: Sequence[Suggested] = ()
    seq: int = 0
    """The last line of its journal."""


def named(cell: Cell, *parts: str | int) -> str:
    """The name of a cell."""
    return BETWEEN.join((cell, *(str(part).translate(_KEPT) for part in parts)))


def under(cells: Mapping[str, int], cell: Cell, *parts: str) -> Iterator[tuple[str, int]]:
    """The cells of one kind by the rest of their names."""
    start = BETWEEN.join((cell, *parts, ""))
    return ((name[len(start) :], n) for name, n in cells.items() if name.startswith(start))


def counted(facts: Facts) -> Cells:
    """What a ticket adds to the sums of its hour and day."""
    found: Cells = Counter()
    _count_life(found, facts.life, facts.wrong)
    for ask in facts.asks:
        found[named(Cell.CONFIDENCE, bisect_right(GRID, ask.value) + BELOW)] += 1
        found[named(Cell.COVERED)] += ask.value >= ask.threshold
    for call in facts.calls:
        _count_call(found, call, facts.life.intent or NO_INTENT)
    for one in facts.suggested:
        found[named(Cell.HANDOFFS, one.channel, one.intent)] += 1
        if one.is_draft:
            found[named(Cell.DRAFTS, one.end, one.channel, one.intent)] += 1
    return +found


def _count_life(found: Cells, life: Life, wrong: frozenset[int]) -> None:
    own, stands = life.agent_answers(), life.stands
    ended = stands is not Fate.RUNNING
    found[named(Cell.TICKETS)] += 1
    found[named(Cell.WROTE)] += sum(one.kind == "wrote" for one in life.happenings)
    found[named(Cell.STANDS, stands)] += 1
    found[named(Cell.AUTOMATED)] += ended and bool(own) and not life.by_person
    found[named(Cell.BY_PERSON)] += ended and life.by_person
    found[named(Cell.ANSWERED)] += life.answered
    found[named(Cell.REOPENED)] += life.reopened
    found[named(Cell.OWN_ANSWERS)] += len(own)
    found[named(Cell.WRONG)] += sum(turn in wrong for turn in own)
    for solved in life.feedback.values():
        found[named(Cell.SOLVED if solved else Cell.UNSOLVED)] += 1
    for one in life.happenings:
        if one.kind == "person":
            found[named(Cell.REASON, one.what)] += 1
    if life.first_response_at is not None:
        took = life.first_response_at - life.created_at
        found[named(Cell.RESPONSE, step_of(took.total_seconds()))] += 1
    if stands in {Fate.CONFIRMED, Fate.ANSWERED}:
        found[named(Cell.RESOLUTION, step_of(life.seconds))] += 1


def _count_call(found: Cells, call: Call, intent: str) -> None:
    keys = [(By.NAME, call.name), (By.INTENT, intent)]
    if call.model is not None:
        keys.append((By.MODEL, call.model))
    for by, name in keys:
        found[named(Cell.CALLS, by, name)] += 1
        found[named(Cell.TOKENS, by, name)] += call.tokens
        found[named(Cell.COST, by, name)] += call.cost_micros


def resting(cells: Mapping[str, int], created_at: datetime) -> str:
    """What a ticket of these cells is counted as in the hour of its rest."""
    stands = next(fate for fate in LATER if named(Cell.STANDS, fate) in cells)
    (step, _) = next(under(cells, Cell.RESOLUTION), ("", 0))
    return BETWEEN.join((stands, str(hour_of(created_at)), step))


@dataclass(frozen=True)
class Resting:
    """Tickets whose quiet time has not passed."""

    stands: Fate
    created: int
    """The hour in which they were accepted."""
    step: int | None
    """Of the time to their answer."""


def resting_of(name: str) -> Resting:
    """What a cell of an hour's rest means."""
    stands, created, step = name.split(BETWEEN)
    return Resting(Fate(stands), int(created), int(step) if step else None)


def written(cells: Mapping[str, int]) -> str:
    """As a ticket keeps them: a line each, with how many in front unless it is one.

    Two thirds of the room of JSON, which sums are kept as, since they are read by the hundred.
    """
    return "\n".join(name if n == 1 else f"{n}{TIMES}{name}" for name, n in cells.items() if n)


def read(stored: str) -> Cells:
    """The opposite."""
    found: Cells = Counter()
    for line in stored.split("\n"):
        number, times, name = line.partition(TIMES)
        found[name if times else line] = int(number) if times else 1
    return found


def sum_written(cells: Mapping[str, int]) -> str:
    """As a sum keeps them."""
    return json.dumps({name: n for name, n in cells.items() if n}, separators=(",", ":"))


def sum_read(stored: str) -> Cells:
    """The opposite."""
    return Counter(json.loads(stored))

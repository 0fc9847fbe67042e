"""The figures of the insight page, from sums. Each share comes with its interval and its n. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from memory.insight.cells import BETWEEN, GRID, By, Cell, Resting, named, under
from memory.insight.durations import quantile
from memory.insight.lives import LATER, Fate
from memory.insight.rates import Rate, share
from memory.insight.suggestions import End

MAX_NAMES = 100
"""Tools, models or intents of one table; of more, the dearest."""
BINS = 10
"""Of the histogram of confidences."""


@dataclass(frozen=True)
class Sums:
    """What the tickets of a window add up to."""

    cells: Mapping[str, int]
    fresh: Mapping[Resting, int]
    """Those of them that the quiet time has not passed for."""
    threshold: float | None
    """What the last ask was held to."""


@dataclass(frozen=True)
class Took:
    """Median and 90th percentile in seconds, within 2 %; None without any case."""

    n: int
    p50: float | None
    p90: float | None


@dataclass(frozen=True)
class Outcomes:
    """What became of the tickets."""

    tickets: int
    messages: int
    """Further messages that customers wrote."""
    fates: dict[str, int]
    """Tickets by `Fate`; they add up to `tickets`."""
    automated: Rate
    """Of the tickets that came to an end: answered, and never in a person's hands."""
    handed_off: Rate
    """Of the same: ever in a person's hands."""
    resolved: Rate
    """Of the same: confirmed, or assumed after the quiet time."""
    reopened: Rate
    """Of the answered tickets: the customer wrote on."""
    abandoned: Rate
    """Of the tickets that came to an end: our question was never answered."""
    wrong: Rate
    """Of the agent's own answers: marked as wrong by a person."""
    unhelpful: Rate
    """Of the answers that customers judged: did not solve it."""
    reasons: list[tuple[str, int]]
    """Why people got tickets, most frequent first."""
    first_response: Took
    resolution: Took


@dataclass(frozen=True)
class Coverage:
    """What another threshold would have let through."""

    threshold: float
    covered: Rate
    """Of all asks: confidence at or above it."""


@dataclass(frozen=True)
class Thresholds:
    """The threshold in force and what others would have meant."""

    current: float | None
    """Of the last decision in the window."""
    covered: Rate
    """Asks that passed the threshold they were held to."""
    grid: list[Coverage]
    histogram: list[int]
    """Asks by confidence, in ten equal steps from 0 to 1."""


@dataclass(frozen=True)
class Suggestions:
    """The drafts of one channel and intent, or of all."""

    channel: str
    intent: str
    drafts: int
    """Drafts that passed every check and waited: `auto` would have sent each of them."""
    waiting: int
    as_is: Rate
    """Of those that a person has decided, as the two that follow."""
    edited: Rate
    thrown_away: Rate
    auto_sends: Rate
    """Of all handoffs of this channel and intent: those that `auto` would have kept from people."""


@dataclass(frozen=True)
class Spending:
    """What one name cost in the window."""

    name: str
    calls: int
    tokens: int
    cost_micros: int


def outcomes(sums: Sums) -> Outcomes:
    """What became of these tickets."""
    cells, fates = sums.cells, _fates(sums)
    tickets = _of(cells, Cell.TICKETS)
    ended = tickets - fates[Fate.RUNNING]
    solved, unsolved = _of(cells, Cell.SOLVED), _of(cells, Cell.UNSOLVED)
    resolution = _steps(cells, Cell.RESOLUTION)
    for one, n in sums.fresh.items():
        if one.step is not None:
            resolution[one.step] -= n
    return Outcomes(
        tickets=tickets,
        messages=_of(cells, Cell.WROTE),
        fates={str(fate): fates[fate] for fate in Fate},
        automated=share(_of(cells, Cell.AUTOMATED), ended),
        handed_off=share(_of(cells, Cell.BY_PERSON), ended),
        resolved=share(fates[Fate.CONFIRMED] + fates[Fate.ASSUMED], ended),
        reopened=share(_of(cells, Cell.REOPENED), _of(cells, Cell.ANSWERED)),
        abandoned=share(fates[Fate.ABANDONED], ended),
        wrong=share(_of(cells, Cell.WRONG), _of(cells, Cell.OWN_ANSWERS)),
        unhelpful=share(unsolved, solved + unsolved),
        reasons=sorted(under(cells, Cell.REASON), key=lambda one: (-one[1], one[0])),
        first_response=took(_steps(cells, Cell.RESPONSE)),
        resolution=took(resolution),
    )


def thresholds(sums: Sums) -> Thresholds:
    """What the confidences of a window say about thresholds."""
    steps = {int(step): n for step, n in under(sums.cells, Cell.CONFIDENCE)}
    asks = sum(steps.values())
    bins: Counter[int] = Counter()
    for step, n in steps.items():
        bins[min(max(step, 0) * BINS // (len(GRID) - 1), BINS - 1)] += n
    return Thresholds(
        current=sums.threshold,
        covered=share(_of(sums.cells, Cell.COVERED), asks),
        grid=[
            Coverage(edge, share(sum(n for step, n in steps.items() if step >= place), asks))
            for place, edge in enumerate(GRID)
        ],
        histogram=[bins[place] for place in range(BINS)],
    )


def suggestions(sums: Sums) -> list[Suggestions]:
    """All of it first, then each channel and intent with a draft; nothing without any draft."""
    handoffs = {_part(rest): n for rest, n in under(sums.cells, Cell.HANDOFFS)}
    drafts: dict[tuple[str, str], Counter[str]] = {}
    for rest, n in under(sums.cells, Cell.DRAFTS):
        end, part = rest.split(BETWEEN, 1)
        drafts.setdefault(_part(part), Counter())[end] += n
    if not drafts:
        return []
    every: Counter[str] = sum(drafts.values(), Counter())
    often = sorted(drafts, key=lambda part: (-drafts[part].total(), part))
    return [
        _suggested(("", ""), every, sum(handoffs.values())),
        *(_suggested(part, drafts[part], handoffs[part]) for part in often),
    ]


def spending(sums: Sums, by: By) -> list[Spending]:
    """Calls, tokens and cost by tool or decision, by intent or by model, dearest first."""
    tokens, cost = (dict(under(sums.cells, one, by)) for one in (Cell.TOKENS, Cell.COST))
    found = [
        Spending(name, calls, tokens.get(name, 0), cost.get(name, 0))
        for name, calls in under(sums.cells, Cell.CALLS, by)
    ]
    return sorted(found, key=lambda one: (-one.cost_micros, -one.calls, one.name))


def took(steps: Mapping[int, int]) -> Took:
    """Median and 90th percentile of what was counted in steps."""
    return Took(sum(steps.values()), quantile(steps, 0.5), quantile(steps, 0.9))


def _fates(sums: Sums) -> Counter[Fate]:
    """Where the tickets stand, those that stayed quiet long enough as what they have come to."""
    fates = Counter({Fate(fate): n for fate, n in under(sums.cells, Cell.STANDS)})
    fresh: Counter[Fate] = Counter()
    for one, n in sums.fresh.items():
        fresh[one.stands] += n
    for early, later in LATER.items():
        fates[later] = fates[early] - fresh[early]
        fates[early] = fresh[early]
    return fates


def _of(cells: Mapping[str, int], cell: Cell) -> int:
    return cells.get(named(cell), 0)


def _steps(cells: Mapping[str, int], cell: Cell) -> Counter[int]:
    return Counter({int(step): n for step, n in under(cells, cell)})


def _part(rest: str) -> tuple[str, str]:
    channel, intent = rest.split(BETWEEN, 1)
    return channel, intent


def _suggested(part: tuple[str, str], ends: Mapping[str, int], handoffs: int) -> Suggestions:
    drafts, waiting = sum(ends.values()), ends.get(End.WAITING, 0)
    return Suggestions(
        channel=part[0],
        intent=part[1],
        drafts=drafts,
        waiting=waiting,
        as_is=share(ends.get(End.AS_IS, 0), drafts - waiting),
        edited=share(ends.get(End.EDITED, 0), drafts - waiting),
        thrown_away=share(ends.get(End.THROWN_AWAY, 0), drafts - waiting),
        auto_sends=share(drafts, handoffs),
    )

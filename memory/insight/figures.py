"""The figures of the insight page. Each share comes with its interval and its n. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from memory.insight.lives import RESOLVED, Fate, Life
from memory.insight.rates import Rate, rate, share
from memory.insight.rows import Confidence

GRID = tuple(step / 20 for step in range(21))
"""Thresholds for which the coverage is worked out."""
ENDED = frozenset(Fate) - {Fate.RUNNING}


@dataclass(frozen=True)
class Span:
    """Median and 90th percentile in seconds; None without any case."""

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
    first_response: Span
    resolution: Span


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


def outcomes(
    lives: Sequence[Life],
    wrong: frozenset[tuple[str, int]],
    moment: datetime,
    quiet: timedelta,
) -> Outcomes:
    """The figures of these tickets as they stand at `moment`."""
    fates = {one.ticket_id: one.fate(moment, quiet) for one in lives}
    ended = [one for one in lives if fates[one.ticket_id] in ENDED]
    answers = [(one.ticket_id, turn) for one in lives for turn in one.agent_answers()]
    judged = [solved for one in lives for solved in one.feedback.values()]

    def of_ended(test: Callable[[Life], bool]) -> Rate:
        return rate(test(one) for one in ended)

    return Outcomes(
        tickets=len(lives),
        messages=sum(h.kind == "wrote" for one in lives for h in one.happenings),
        fates={fate: sum(found == fate for found in fates.values()) for fate in Fate},
        automated=of_ended(lambda one: bool(one.agent_answers()) and not one.by_person),
        handed_off=of_ended(lambda one: one.by_person),
        resolved=of_ended(lambda one: fates[one.ticket_id] in RESOLVED),
        reopened=rate(one.reopened for one in lives if one.answered),
        abandoned=of_ended(lambda one: fates[one.ticket_id] == Fate.ABANDONED),
        wrong=rate(answer in wrong for answer in answers),
        unhelpful=rate(not solved for solved in judged),
        reasons=_reasons(lives),
        first_response=span(
            (one.first_response_at - one.created_at).total_seconds()
            for one in lives
            if one.first_response_at is not None
        ),
        resolution=span(
            took.total_seconds()
            for one in lives
            if (took := one.resolved_after(moment, quiet)) is not None
        ),
    )


def thresholds(found: Sequence[Confidence]) -> Thresholds:
    """What the confidences of a window say about thresholds."""
    bins = Counter(min(int(one.value * 10), 9) for one in found)
    return Thresholds(
        current=found[-1].threshold if found else None,
        covered=rate(one.value >= one.threshold for one in found),
        grid=[
            Coverage(edge, share(sum(one.value >= edge for one in found), len(found)))
            for edge in GRID
        ],
        histogram=[bins[step] for step in range(10)],
    )


def span(seconds: Iterable[float]) -> Span:
    """Median and 90th percentile, by linear interpolation."""
    seen = sorted(seconds)
    if len(seen) < 2:  # noqa: PLR2004 - a percentile of one case is that case
        only = seen[0] if seen else None
        return Span(len(seen), only, only)
    cuts = quantiles(seen, n=10, method="inclusive")
    return Span(len(seen), cuts[4], cuts[8])


def _reasons(lives: Sequence[Life]) -> list[tuple[str, int]]:
    counted = Counter(h.what for one in lives for h in one.happenings if h.kind == "person")
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

"""What the charts show, as numbers: risk against coverage, stated against observed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evals.figures.metrics import Metric, proportion
from evals.harness.results import CaseResult

BINS = 10


@dataclass(frozen=True)
class Point:
    """Answering the surest share of the cases, and how many of those answers are wrong."""

    coverage: float
    error: float
    threshold: float


@dataclass(frozen=True)
class Bin:
    """Cases of about the same confidence."""

    low: float
    high: float
    stated: float | None
    """Their mean confidence."""
    observed: Metric
    """The share of right ones."""


@dataclass(frozen=True)
class Matrix:
    """How often each label was answered with each name."""

    names: list[str]
    counts: list[list[int]]
    """A row a label, a column an answer."""


def risk_coverage(cases: Sequence[CaseResult]) -> list[Point]:
    """From the surest case alone to all of them; cases of one confidence come together."""
    ranked = sorted(cases, key=lambda one: -one.measures["confidence"])
    found, wrong = [], 0
    for place, one in enumerate(ranked, start=1):
        wrong += one.measures["correct"] == 0
        value = one.measures["confidence"]
        if place == len(ranked) or ranked[place].measures["confidence"] != value:
            found.append(Point(place / len(ranked), wrong / place, value))
    return found


def reliability(values: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """`BINS` bins of equal width; empty ones have no data."""
    found = []
    for number in range(BINS):
        own = [
            place
            for place, value in enumerate(values)
            if min(int(value * BINS), BINS - 1) == number
        ]
        stated = sum(values[place] for place in own) / len(own) if own else None
        observed = proportion([right[place] for place in own])
        found.append(Bin(number / BINS, (number + 1) / BINS, stated, observed))
    return found


def confusion(cases: Sequence[CaseResult]) -> Matrix:
    """Labels against answers, the most frequent names first."""
    from sklearn.metrics import confusion_matrix

    seen = Counter(one.wanted for one in cases)
    seen.update({one.got: 0 for one in cases})
    names = [name for name, _ in seen.most_common()]
    if not names:
        return Matrix([], [])
    table = confusion_matrix([c.wanted for c in cases], [c.got for c in cases], labels=names)
    return Matrix(names, [[int(cell) for cell in row] for row in table])

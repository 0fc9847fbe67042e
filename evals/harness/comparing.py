"""`evals compare`: the difference of every figure between two runs, with its interval.

Where both runs have the same cases the difference is paired: cases are drawn anew, the same ones
from both, and the figure is computed on each draw. Otherwise the two intervals are combined
(MOVER: Newcombe's tenth method where they are Wilson's).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path
from typing import Literal

import numpy as np
from rich.progress import track

from evals.figures.metrics import SEED, Metric, points_only
from evals.figures.report import STDERR, write_json
from evals.harness.direction import gain
from evals.harness.results import CaseResult, Figures, Run, SuiteResult
from evals.harness.suites import SUITES

RESAMPLES = 500
LEAST_SHARED = 0.5
"""Share of the larger run's cases that both must have for a paired difference."""

Verdict = Literal["better", "worse", "no difference shown", "no data"]
Method = Literal["paired", "unpaired", "none"]
Cases = Mapping[str, list[CaseResult]]


@dataclass(frozen=True)
class Difference:
    """One figure in two runs."""

    metric: str
    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    n: int
    """Cases in both for a paired difference, of the smaller run otherwise."""
    method: Method
    verdict: Verdict


def compared(before: Run, after: Run) -> list[Difference]:
    """Every figure of every suite that both runs have, in the order of the later one."""
    shared = [name for name in after.suites if name in before.suites]
    watched = track(shared, "comparing", console=STDERR, transient=True)
    return [
        one for name in watched for one in _suite(before.suites[name], after.suites[name], name)
    ]


def _suite(before: SuiteResult, after: SuiteResult, name: str) -> list[Difference]:
    old, new = by_id(before), by_id(after)
    ids = sorted(set(old) & set(new))
    metrics = [one for one in after.metrics if one in before.metrics]
    if name in SUITES and len(ids) >= LEAST_SHARED * max(len(old), len(new), 1):
        return _paired(SUITES[name].figures, old, new, ids, metrics, name)
    return [_unpaired(f"{name}.{one}", before.metrics[one], after.metrics[one]) for one in metrics]


def by_id(suite: SuiteResult) -> dict[str, list[CaseResult]]:
    """The repetitions of each case that could be run."""
    found: dict[str, list[CaseResult]] = {}
    for one in suite.cases:
        if one.error is None:
            found.setdefault(one.id, []).append(one)
    return found


def _paired(  # noqa: PLR0917 - two runs, and what is compared
    figures: Figures,
    old: Cases,
    new: Cases,
    ids: Sequence[str],
    metrics: Sequence[str],
    name: str,
) -> list[Difference]:
    random = np.random.default_rng(SEED)
    with points_only():
        before, after = _points(figures, old, ids), _points(figures, new, ids)
        drawn: dict[str, list[float]] = {metric: [] for metric in metrics}
        for _ in range(RESAMPLES):
            some = [ids[place] for place in random.integers(0, len(ids), len(ids))]
            one, two = _points(figures, old, some), _points(figures, new, some)
            for metric in metrics:
                left, right = one.get(metric), two.get(metric)
                if left is not None and right is not None:
                    drawn[metric].append(right - left)
    return [
        _difference(
            f"{name}.{metric}",
            (before.get(metric), after.get(metric)),
            _interval(drawn[metric]),
            len(ids),
            "paired",
        )
        for metric in metrics
    ]


def _points(figures: Figures, cases: Cases, ids: Sequence[str]) -> dict[str, float | None]:
    drawn = [one for name in ids for one in cases[name]]
    return {name: metric.value for name, metric in figures(drawn).items()}


def _interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    if not values:
        return None, None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _unpaired(name: str, before: Metric, after: Metric) -> Difference:
    values, n = (before.value, after.value), min(before.n, after.n)
    bounds = (before.low, before.high, after.low, after.high)
    if before.value is None or after.value is None or None in bounds:
        return _difference(name, values, (None, None), n, "none")
    low1, high1, low2, high2 = (float(one) for one in bounds if one is not None)
    change = after.value - before.value
    low = change - sqrt((after.value - low2) ** 2 + (high1 - before.value) ** 2)
    high = change + sqrt((high2 - after.value) ** 2 + (before.value - low1) ** 2)
    return _difference(name, values, (low, high), n, "unpaired")


def _difference(
    name: str,
    values: tuple[float | None, float | None],
    interval: tuple[float | None, float | None],
    n: int,
    method: Method,
) -> Difference:
    before, after = values
    change = None if before is None or after is None else after - before
    return Difference(
        name, before, after, change, *interval, n, method, _verdict(name, change, interval)
    )


def _verdict(
    name: str, change: float | None, interval: tuple[float | None, float | None]
) -> Verdict:
    low, high = interval
    if change is None:
        return "no data"
    if low is None or high is None or low <= 0 <= high:
        return "no difference shown"
    won = gain(name, change)
    return "no difference shown" if not won else "better" if won > 0 else "worse"


def write_differences(found: Sequence[Difference], out: Path) -> None:
    """As JSON, a list."""
    out.parent.mkdir(parents=True, exist_ok=True)
    write_json(out, [asdict(one) for one in found])

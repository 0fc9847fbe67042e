"""Figures with their intervals. A metric without data is None, never zero."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RESAMPLES = 1_000
"""Bootstrap samples: the interval's own error is then below a tenth of its width."""
ECE_BINS = 10
SEED = 20_261_122


@dataclass(frozen=True)
class Metric:
    """One figure with its 95 % interval and the number of cases behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Metric(None, None, None, 0)
_POINTS: ContextVar[bool] = ContextVar("points", default=False)


@contextmanager
def points_only() -> Iterator[None]:
    """Figures without intervals inside, for who draws the cases anew and needs many of them."""
    token = _POINTS.set(True)
    try:
        yield
    finally:
        _POINTS.reset(token)


def exact(value: float | None, n: int) -> Metric:
    """A figure that is no estimate, such as a count or a setting: no interval."""
    return Metric(value, None, None, n)


def wilson(successes: int, n: int) -> Metric:
    """A proportion with its Wilson score interval; `NOTHING` for no cases."""
    from scipy.stats import binomtest

    if n == 0:
        return NOTHING
    if _POINTS.get():
        return Metric(successes / n, None, None, n)
    interval = binomtest(successes, n).proportion_ci(0.95, method="wilson")
    return Metric(successes / n, float(interval.low), float(interval.high), n)


def proportion(outcomes: Sequence[bool] | Sequence[int]) -> Metric:
    """The share of true outcomes, see `wilson`."""
    return wilson(sum(map(bool, outcomes)), len(outcomes))


def mean(values: Sequence[float]) -> Metric:
    """A mean with its bootstrap interval."""
    return bootstrap(lambda rows: float(rows[:, 0].mean()), values)


def bootstrap(statistic: Callable[[Floats], float | None], *columns: Sequence[float]) -> Metric:
    """`statistic` of the cases (shape (n, columns)) with a percentile interval.

    Samples for which the statistic is None (an AUROC of one class) are left out.
    """
    rows = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    value = statistic(rows) if len(rows) else None
    if value is None or _POINTS.get():
        return Metric(value, None, None, len(rows))
    random = np.random.default_rng(SEED)
    drawn = (statistic(rows[random.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES))
    found = [one for one in drawn if one is not None]
    low, high = np.percentile(found, [2.5, 97.5])
    return Metric(value, float(low), float(high), len(rows))


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> Metric:
    """Probability that a true case scores above a false one; ties count half."""
    return bootstrap(_auroc, scores, [float(label) for label in labels])


def precision_at(share: float, scores: Sequence[float], correct: Sequence[bool]) -> Metric:
    """The share of correct cases among the `share` with the highest scores."""
    taken = round(share * len(scores))
    best = sorted(range(len(scores)), key=lambda index: -scores[index])[:taken]
    return proportion([correct[index] for index in best])


def ece(probabilities: Sequence[float], labels: Sequence[bool]) -> Metric:
    """Expected calibration error over `ECE_BINS` bins of equal width."""
    return bootstrap(_ece, probabilities, [float(label) for label in labels])


def percentile(values: Sequence[float], percent: float) -> Metric:
    """The value under which `percent` (0 to 100) of them lie, with its bootstrap interval."""
    return bootstrap(lambda rows: float(np.percentile(rows[:, 0], percent)), values)


def _auroc(rows: Floats) -> float | None:
    # The rank form of scikit-learn's roc_auc_score, which takes milliseconds where a bootstrap
    # has microseconds; a test holds the two together.
    from scipy.stats import rankdata

    labels = rows[:, 1] > 0
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return None
    above = float(rankdata(rows[:, 0])[labels].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def _ece(rows: Floats) -> float:
    bins = np.minimum((rows[:, 0] * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = (rows[bins == one] for one in range(ECE_BINS))
    return sum(
        abs(float(part[:, 0].mean() - part[:, 1].mean())) * len(part) / len(rows)
        for part in gaps
        if len(part)
    )

"""What the benchmarks give back: figures with their n, or the reason why there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.figures.metrics import Metric, percentile

MS = 1000.0


class Unmeasured(Exception):
    """This machine cannot measure it; the message says why."""


@dataclass(frozen=True)
class Figure(Metric):
    """A metric that says why it has no value."""

    reason: str | None = None
    """None where there is a value."""


@dataclass(frozen=True)
class Spent:
    """Processor and clock time of `count` equal pieces of work, in seconds."""

    cpu: float
    wall: float
    count: int

    @property
    def cpu_ms(self) -> float:
        """Of one."""
        return self.cpu * MS / self.count

    @property
    def wall_ms(self) -> float:
        """Of one."""
        return self.wall * MS / self.count


@dataclass(frozen=True)
class Sizes:
    """How much is measured. The defaults take some minutes on two idle cores."""

    tickets: int = 100
    local_tickets: int = 20
    load_seconds: float = 5.0
    """Of the quickest load; the others send as many tickets."""
    waiting: int = 200
    waiting_at_once: int = 100
    passages: int = 100_000
    searches: int = 100
    flood: int = 250
    small: int = 15
    handoffs: int = 10_000
    cache: Path = Path(".cache")


Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Probe:
    """One measurement, which brings some of the metrics."""

    names: tuple[str, ...]
    measure: Callable[[Sizes, Path], Figures]
    """Given sizes and an empty folder. Raises `Unmeasured`."""


def value(found: float | None, n: int) -> Figure:
    """A figure without an interval."""
    return Figure(found, None, None, n, None if found is not None else "nothing was counted")


def unmeasured(reason: str) -> Figure:
    """No figure, and why."""
    return Figure(None, None, None, 0, reason)


def of_percent(values: Sequence[float], percent: float) -> Figure:
    """The value under which `percent` of them lie, with its interval."""
    if not values:
        return unmeasured("nothing was counted")
    found = percentile(values, percent)
    return Figure(found.value, found.low, found.high, found.n)


def ratio(part: float, whole: float, n: int) -> Figure:
    """`part` over `whole`; without a whole there is nothing to set it beside."""
    if whole <= 0:
        return unmeasured("what it is set beside took no time")
    return value(part / whole, n)


def ratio_at(percent: float, ours: Sequence[float], bare: Sequence[float]) -> Figure:
    """How many times as long: the percentile of ours over that of the bare ones."""
    if not ours or not bare:
        return unmeasured("nothing was counted")
    top, bottom = np.percentile(ours, percent), np.percentile(bare, percent)
    return ratio(float(top), float(bottom), min(len(ours), len(bare)))


def spent_figures(name: str, spent: Spent) -> dict[str, Figure]:
    """Processor and clock side by side, in milliseconds a piece."""
    return {
        f"{name}_cpu_ms": value(spent.cpu_ms, spent.count),
        f"{name}_wall_ms": value(spent.wall_ms, spent.count),
    }

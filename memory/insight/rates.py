"""A share with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z_95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Rate:
    """`hits` of `n`, with Wilson's 95 % interval; every figure None where n is 0."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


def rate(outcomes: Iterable[bool]) -> Rate:
    """The share of true ones."""
    seen = list(outcomes)
    return share(sum(seen), len(seen))


def share(hits: int, n: int) -> Rate:
    """`hits` of `n`. Source of the interval: Wilson, 1927."""
    if n == 0:
        return Rate(0, 0, None, None, None)
    value, spread = hits / n, Z_95**2 / n
    centre = (value + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(value * (1 - value) / n + spread / (4 * n))
    # Rounding must not push the bounds past the share itself at 0 and 1.
    return Rate(
        hits, n, value, max(0.0, min(value, centre - half)), min(1.0, max(value, centre + half))
    )

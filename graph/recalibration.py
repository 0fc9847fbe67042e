"""Confidence as a tenant's own labelled cases see it.

The odds of being right become slope * odds + offset. Some ten or a hundred cases cannot say much of two
numbers, so both begin where the shipped model is believed (slope 1, offset 0) and move as the cases pull.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

SLOPE_SPREAD = 0.5
"""How far from 1 the slope of a help centre is expected to lie."""
OFFSET_SPREAD = 1.0
"""How far from 0 its offset is: 1 makes a confidence of .5 one of .73 or of .27."""
STEPS = 200
EDGE = 1e-4
"""Confidences nearer to 0 or 1 are taken for this one: nobody is that sure."""


class Judged(Protocol):
    """A labelled case."""

    @property
    def confidence(self) -> float:
        """What the assessor said of it."""
        ...

    @property
    def correct(self) -> bool:
        """Whether an answer to it would have been right."""
        ...


def risks_of(cases: Sequence[Judged]) -> list[float]:
    """The probability of each case to be wrong, from 0 to 1, recalibrated on all of them."""
    odds = [_odds(case.confidence) for case in cases]
    slope, offset = _fitted(odds, [float(case.correct) for case in cases])
    return [1 - _share(slope * one + offset) for one in odds]


def _fitted(odds: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    """The slope and offset of the highest posterior.

    Each step solves the quadratic that bounds the loss from above: it always gets nearer, needs no
    search for the length of a step, and is plain Python, since the API opens this without numpy.
    """
    slope, offset = 1.0, 0.0
    a = sum(one * one for one in odds) / 4 + SLOPE_SPREAD**-2
    b = sum(odds) / 4
    d = len(odds) / 4 + OFFSET_SPREAD**-2
    for _ in range(STEPS):
        pulls = [_share(slope * one + offset) - was for one, was in zip(odds, right, strict=True)]
        by_slope = sum(pull * one for pull, one in zip(pulls, odds, strict=True))
        by_slope += (slope - 1) / SLOPE_SPREAD**2
        by_offset = sum(pulls) + offset / OFFSET_SPREAD**2
        slope -= (d * by_slope - b * by_offset) / (a * d - b * b)
        offset -= (a * by_offset - b * by_slope) / (a * d - b * b)
    return slope, offset


def _odds(confidence: float) -> float:
    """Their logarithm."""
    kept = min(max(confidence, EDGE), 1 - EDGE)
    return math.log(kept / (1 - kept))


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))

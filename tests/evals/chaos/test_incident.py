"""What counts as a failure of the loop's scenario."""

from dataclasses import replace
from typing import Any

import pytest

from evals.chaos.incident import LIMITS, Figures

WELL = Figures(
    rounds=1,
    searches=[13],
    plans=[6],
    reasons=["low_confidence"],
    why="It was planned again, 13 searches, until the limit stopped it.",
    alone=[1.0],
    beside=[1.2],
    loop_seconds=[2.0],
)


def test_a_loop_that_halts_beside_quick_tickets_is_well() -> None:
    """The ratio is of the medians."""
    assert WELL.breaches == []
    assert WELL.ratio == pytest.approx(1.2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"plans": [2]},
        {"plans": [7]},
        {"searches": [LIMITS["tool_calls"] + 1]},
        {"reasons": [""]},
        {"why": "It was planned again."},
        {"why": "A limit."},
        {"beside": [1.6]},
    ],
)
def test_each_failure_is_found(wrong: dict[str, Any]) -> None:
    """A scenario in which nothing looped proves nothing."""
    assert replace(WELL, **wrong).breaches

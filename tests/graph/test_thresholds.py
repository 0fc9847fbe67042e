"""Which threshold is in force, and why."""

from dataclasses import replace

import pytest

from graph.thresholds import Threshold, in_force
from tests import thresholds

MINE = replace(thresholds.MINE, threshold=0.7, note="", kb_digest="")
SHIPPED = replace(MINE, threshold=0.8, max_error=0.08, realised_error=0.07, encoder="", model="")


def _in_force(
    written: float | None = None, *own: Threshold, goal: float = 0.05
) -> tuple[float, str, str]:
    found = in_force(written, goal, own, SHIPPED, encoder="enc", model="mod")
    return found.value, found.source, found.why


def test_what_the_desk_wrote_wins() -> None:
    """Over a calibration and over the default."""
    assert _in_force(0.5, MINE)[:2] == (0.5, "desk")


def test_the_tenants_own_calibration_beats_the_default() -> None:
    """With its cases, its date and what it realised."""
    value, source, why = _in_force(None, MINE)
    assert (value, source) == (0.7, "calibration")
    assert all(part in why for part in ("200 cases", "2026-11-20", "5%", "3.0%", "45%"))


@pytest.mark.parametrize(
    "unfit",
    [
        replace(MINE, encoder="other"),
        replace(MINE, model="other"),
        replace(MINE, max_error=0.1),
        replace(MINE, n=12, sufficient=False, threshold=1.0),
    ],
    ids=["encoder", "model", "larger error", "too few cases"],
)
def test_a_calibration_that_does_not_hold_is_passed_over(unfit: Threshold) -> None:
    """The default stands in, and says that there is one that does not hold."""
    value, source, why = _in_force(None, unfit)
    assert (value, source) == (0.8, "default")
    assert "is not valid" in why


def test_a_calibration_holds_for_a_larger_error_too() -> None:
    """Of several that hold, the one nearest to the stated error is taken, and of equals the newest."""
    careful, newer = replace(MINE, max_error=0.02, threshold=0.9), replace(MINE, threshold=0.72)
    assert _in_force(None, careful, goal=0.1)[0] == 0.9
    assert _in_force(None, careful, newer, MINE, goal=0.1)[0] == 0.72


def test_enough_cases_without_a_threshold_answer_nothing() -> None:
    """What one's own cases show is believed, also where it is that nothing may be sent."""
    never = replace(MINE, threshold=1.0, realised_error=None, sufficient=False)
    assert _in_force(None, never)[:2] == (1.0, "calibration")


def test_a_default_that_falls_short_says_so() -> None:
    """Its own error stands beside the stated one."""
    assert "nothing shows the stated 5% yet" in _in_force()[2]
    assert "nothing shows" not in _in_force(goal=0.08)[2]

"""The threshold that ships."""

from graph.minds.local.confidence.assessor import SHORTFALL, default_threshold
from graph.thresholds import NEVER


def test_a_smaller_error_needs_a_higher_threshold() -> None:
    """And for an error far below every stored one nothing is delivered."""
    found = [default_threshold(error).threshold for error in (0.3, 0.2, 0.15, 0.1)]
    assert found == sorted(found)
    nothing = default_threshold(0.0001)
    assert (nothing.threshold, nothing.sufficient) == (NEVER, False)
    assert "calibrate" in nothing.note


def test_a_default_that_falls_short_says_so() -> None:
    """The most careful threshold stands in for an error a little smaller, under its own figures."""
    found = default_threshold(0.05)
    assert 0.05 < found.max_error <= 0.05 + SHORTFALL
    assert "not the stated 5%" in found.note

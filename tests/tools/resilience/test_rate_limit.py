"""The token bucket: no more attempts than agreed, and turns in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.resilience.rate_limit import BURST_SECONDS, LONGEST_HOLD_SECONDS, TokenBucket


class Seconds:
    """Time that is set by hand."""

    value = 0.0

    def __call__(self) -> float:
        """The present second."""
        return self.value


def test_a_burst_then_one_at_a_time() -> None:
    """Sixty a minute: six at once, then each a second later than the one before."""
    bucket = TokenBucket(60, Seconds())
    waits = [bucket.take(10.0).wait_seconds for _ in range(9)]
    assert waits == pytest.approx([0, 0, 0, 0, 0, 0, 1, 2, 3])


def test_who_would_wait_too_long_takes_nothing() -> None:
    """A refused turn leaves the queue as it was."""
    bucket = TokenBucket(1, Seconds())
    assert bucket.take(0.0).granted
    refused = bucket.take(59.0)
    assert not refused.granted
    assert refused.wait_seconds == pytest.approx(60.0)
    assert bucket.take(60.0).granted


def test_a_turn_that_was_not_used_comes_back() -> None:
    """Whoever finds no slot gives the token back."""
    bucket = TokenBucket(10, Seconds())
    bucket.take(0.0)
    bucket.give_back()
    assert bucket.take(0.0).granted


def test_a_pause_that_the_service_asked_for_holds_everyone() -> None:
    """Retry-After of one run is respected by the others, up to a bound."""
    now = Seconds()
    bucket = TokenBucket(600, now)
    bucket.hold(3.0)
    assert bucket.take(5.0).wait_seconds == pytest.approx(3.0)
    bucket.hold(10_000.0)
    assert bucket.take(5.0).wait_seconds == pytest.approx(LONGEST_HOLD_SECONDS)
    now.value = LONGEST_HOLD_SECONDS
    assert bucket.take(0.0).granted


@given(st.integers(1, 600), st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=80))
def test_never_more_than_the_rate_and_one_burst(per_minute: int, gaps: list[float]) -> None:
    """In any stretch of time from the start, the turns granted stay within rate and burst."""
    now, left = Seconds(), []
    bucket = TokenBucket(per_minute, now)
    for gap in gaps:
        now.value += gap
        turn = bucket.take(5.0)
        if turn.granted:
            left.append(now.value + turn.wait_seconds)
    burst = max(1.0, per_minute / 60 * BURST_SECONDS)
    for count, moment in enumerate(sorted(left), start=1):
        assert count <= burst + moment * per_minute / 60 + 1e-6

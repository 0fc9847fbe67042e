"""The breaker opens, probes and closes, and never lets more through than it says."""

from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.resilience.breaker import Breaker, BreakerPolicy, Result

POLICY = BreakerPolicy(failures=3, open_seconds=10.0, probes=2, successes=2)


class Seconds:
    """Time that is set by hand."""

    value = 0.0

    def __call__(self) -> float:
        """The present second."""
        return self.value


@pytest.fixture
def now() -> Seconds:
    """A clock."""
    return Seconds()


def failed(breaker: Breaker, times: int) -> None:
    """So many attempts, one after the other, that fail."""
    for _ in range(times):
        breaker.record(breaker.admit(), "failure")


def test_opens_after_failures_in_a_row(now: Seconds) -> None:
    """The third failure opens it; a success in between starts the count anew."""
    breaker = Breaker(POLICY, now)
    failed(breaker, 2)
    breaker.record(breaker.admit(), "success")
    failed(breaker, 2)
    assert breaker.view().state == "closed"
    failed(breaker, 1)
    assert breaker.view().state == "open"
    refused = breaker.admit()
    assert not refused.allowed
    assert refused.retry_in_seconds == 10.0
    assert "3 times" in refused.reason


def test_neutral_results_change_nothing(now: Seconds) -> None:
    """Cancellations neither open it nor count as a success."""
    breaker = Breaker(POLICY, now)
    failed(breaker, 2)
    for _ in range(10):
        breaker.record(breaker.admit(), "neutral")
    assert breaker.view().failures == 2
    failed(breaker, 1)
    assert breaker.view().state == "open"


def test_probes_are_few_and_close_it(now: Seconds) -> None:
    """Half-open lets two through at once and closes after two successes."""
    breaker = Breaker(POLICY, now)
    failed(breaker, 3)
    now.value = 10.0
    first, second, third = breaker.admit(), breaker.admit(), breaker.admit()
    assert (first.probe, second.probe, third.allowed) == (True, True, False)
    breaker.record(first, "success")
    assert breaker.view().state == "half_open"
    breaker.record(second, "success")
    assert breaker.view().state == "closed"


def test_a_failed_probe_opens_it_again(now: Seconds) -> None:
    """One failure is enough, and the time counts anew."""
    breaker = Breaker(POLICY, now)
    failed(breaker, 3)
    now.value = 15.0
    breaker.record(breaker.admit(), "failure")
    view = breaker.view()
    assert (view.state, view.retry_in_seconds, view.opened) == ("open", 10.0, 2)


def test_a_cancelled_probe_gives_its_place_back(now: Seconds) -> None:
    """A run that is cancelled in the middle of a probe does not block the breaker for ever."""
    breaker = Breaker(POLICY, now)
    failed(breaker, 3)
    now.value = 10.0
    breaker.record(breaker.admit(), "neutral")
    assert breaker.view().probing == 0
    assert breaker.admit().allowed


def test_a_late_result_from_before_does_not_count(now: Seconds) -> None:
    """An attempt that left before it opened says nothing about the service now."""
    breaker = Breaker(POLICY, now)
    early = breaker.admit()
    failed(breaker, 3)
    now.value = 10.0
    probe = breaker.admit()
    breaker.record(early, "success")
    assert breaker.view().state == "half_open"
    breaker.record(probe, "failure")
    assert breaker.view().state == "open"


STEPS = st.lists(
    st.tuples(st.just("admit"), st.just(0))
    | st.tuples(st.sampled_from(get_args(Result)), st.integers(0, 9))
    | st.tuples(st.just("wait"), st.integers(1, 12)),
    max_size=60,
)


@settings(max_examples=200)
@given(STEPS)
def test_never_more_probes_than_it_says(
    steps: list[tuple[Result | Literal["admit", "wait"], int]],
) -> None:
    """Whatever happens in whatever order: closed lets all, open none, half-open two through."""
    now = Seconds()
    breaker, under_way = Breaker(POLICY, now), []
    for what, number in steps:
        if what == "wait":
            now.value += number
        elif what == "admit":
            before, admission = breaker.view(), breaker.admit()
            if before.state == "open" and before.retry_in_seconds > 0:
                assert not admission.allowed
            if admission.allowed:
                under_way.append(admission)
        elif under_way:
            breaker.record(under_way.pop(number % len(under_way)), what)
        live = [one for one in under_way if one.probe and one.era == breaker._era]
        assert len(live) == breaker.view().probing <= POLICY.probes

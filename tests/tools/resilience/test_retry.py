"""Whether a failed attempt is repeated, and after which wait."""

from typing import Any

import pytest

from tests.tools.bench import spec_of, write_spec
from tools.adapters.delivery import DeliverReply, Notify, Outbox
from tools.adapters.knowledge import SPEC as SEARCH
from tools.contract import RetrySpec, ToolSpec
from tools.faults import BreakerOpen, NotFound, RateLimited, SchemaChanged, ServiceError, TimedOut
from tools.resilience.attempts import longest_seconds
from tools.resilience.retry import Again, GiveUp, decide

SPEC = RetrySpec(attempts=3, first_wait_seconds=0.2, longest_wait_seconds=5.0)


def after(
    fault: Any, attempt: int = 1, *, repeatable: bool = True, chance: float = 1.0, spec: Any = SPEC
) -> Any:
    """The decision after an attempt."""
    return decide(spec, attempt, fault, repeatable=repeatable, chance=chance)


@pytest.mark.parametrize(
    ("attempt", "chance", "wait"), [(1, 1.0, 0.2), (2, 1.0, 0.4), (1, 0.0, 0.1), (2, 0.5, 0.3)]
)
def test_waits_double_and_jitter_takes_at_most_half(
    attempt: int, chance: float, wait: float
) -> None:
    """The wait grows exponentially; chance decides on its second half."""
    again = after(ServiceError("x"), attempt, chance=chance)
    assert isinstance(again, Again)
    assert again.wait_seconds == pytest.approx(wait)
    assert again.reason == "backoff"


def test_the_longest_wait_bounds_the_backoff() -> None:
    """A long first wait is cut."""
    spec = RetrySpec(attempts=3, first_wait_seconds=4.0, longest_wait_seconds=5.0)
    assert after(ServiceError("x"), 2, spec=spec) == Again(5.0, "backoff")


def test_retry_after_is_honoured() -> None:
    """The service's own wish is the least that we wait."""
    assert after(RateLimited("x", retry_after=3.0)) == Again(3.0, "asked to wait")
    assert after(RateLimited("x", retry_after=0.01)).wait_seconds == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("fault", "attempt", "repeatable"),
    [
        (ServiceError("x"), 3, True),
        (RateLimited("x", retry_after=5.1), 1, True),
        (NotFound("x"), 1, True),
        (SchemaChanged("x"), 1, True),
        (BreakerOpen("x"), 1, True),
        (TimedOut("x"), 1, False),
    ],
    ids=["third", "asked for too long", "permanent", "schema", "held", "may happen twice"],
)
def test_gives_up_with_a_reason(fault: Any, attempt: int, repeatable: bool) -> None:
    """What cannot help, or could do harm, is not repeated."""
    verdict = after(fault, attempt, repeatable=repeatable)
    assert isinstance(verdict, GiveUp)
    assert verdict.reason


def test_what_certainly_did_not_happen_may_be_repeated_without_a_key() -> None:
    """A 429 means that nothing was done, so even a write without keys may try again."""
    assert isinstance(after(RateLimited("x"), repeatable=False), Again)


def test_a_call_has_a_longest_duration() -> None:
    """Queueing, attempts, waits and asking again are all bounded, and so is their sum."""
    read = spec_of(timeout_seconds=5.0, retry={"attempts": 3, "longest_wait_seconds": 1.0})
    assert longest_seconds(read) == 3 * (2 + 2 + 5) + 2 * 1
    assert longest_seconds(write_spec(timeout_seconds=1.0, retry={"attempts": 1})) == 3 + 2


@pytest.mark.parametrize("spec", [SEARCH, DeliverReply(Outbox()).spec, Notify(Outbox()).spec])
def test_the_system_tools_end_within_a_node(spec: ToolSpec) -> None:
    """The default time of a node is 30 s."""
    assert longest_seconds(spec) <= 30.0

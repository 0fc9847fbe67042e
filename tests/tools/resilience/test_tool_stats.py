"""What became of attempts, counted and bounded."""

import asyncio

import pytest

from tests.tools.bench import bench_of, scripted, spec_of
from tests.waiting import until
from tools.faults import BreakerOpen, SchemaChanged, ServiceError, TimedOut
from tools.resilience.guards import Guards
from tools.resilience.tool_stats import BOUNDS_MS, MOST_DIFFERENCES, ToolStats, quantile


def test_times_fall_into_buckets() -> None:
    """At the bound is within it; beyond the last has a bucket of its own."""
    tally = ToolStats()
    for seconds in (0.005, 0.0051, 100.0):
        tally.success(seconds)
    assert tally.latency[0] == tally.latency[1] == tally.latency[-1] == 1
    assert sum(tally.latency) == tally.attempts == 3


def test_what_we_held_back_took_no_time_of_the_service() -> None:
    """It counts as an error all the same."""
    tally = ToolStats()
    tally.fault(BreakerOpen("left alone"), 0.0)
    tally.fault(TimedOut("late"), 5.0)
    assert tally.errors == {"breaker_open": 1, "timeout": 1}
    assert sum(tally.latency) == 1


def test_only_the_last_difference_is_kept() -> None:
    """And not all of a long one."""
    tally = ToolStats()
    tally.fault(SchemaChanged("first"), 0.1)
    tally.fault(SchemaChanged("x", difference=tuple("abcdefghijklmnopq")), 0.1)
    assert tally.schema_changes == 2
    assert len(tally.difference) == MOST_DIFFERENCES
    assert tally.changed_at is not None


@pytest.mark.parametrize(
    ("counts", "share", "bound"),
    [([0] * 13, 0.5, None), ([1, 1] + [0] * 11, 0.5, 5), ([0] * 12 + [4], 0.5, None)],
)
def test_a_quantile_is_a_bound(counts: list[int], share: float, bound: int | None) -> None:
    """None without attempts, and beyond the bounds."""
    assert len(counts) == len(BOUNDS_MS) + 1
    assert quantile(counts, share) == bound


async def test_the_gateway_counts_every_attempt() -> None:
    """By kind, with the fields that nobody declared; never a value, never an odd name."""
    guards, returns = Guards(), {"type": "object", "properties": {"a": {"type": "string"}}}
    spec = spec_of(returns={**returns, "required": ["a"]})
    answer = {"b_new": 1, "ada@example.com": "secret"}
    tool = scripted(spec, ServiceError("500"), answer)
    await bench_of(tool, guards=guards).call("lookup_order", {"order_id": "A1"})
    state = guards.view()["acme/lookup_order"]
    assert state["errors"] == {"service_error": 1, "schema_changed": 1}
    assert state["difference"] == ["a is missing", "b_new was added", "1 more were added"]


async def test_a_call_that_its_run_gave_up_is_counted() -> None:
    """As cancelled, which says nothing about the tool."""
    guards = Guards()
    tool = scripted(spec_of(), seconds=60)
    desk = bench_of(tool, guards=guards, real_time=True)
    call = asyncio.create_task(desk.call("lookup_order", {"order_id": "A1"}))
    await until(lambda: tool.running == 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert guards.view()["acme/lookup_order"]["errors"] == {"cancelled": 1}


def test_a_changed_desk_keeps_the_tally() -> None:
    """Only the limits are new."""
    guards = Guards()
    guards.of("acme", spec_of(slots=1)).tally.success(0.1)
    assert guards.of("acme", spec_of(slots=2)).tally.succeeded == 1

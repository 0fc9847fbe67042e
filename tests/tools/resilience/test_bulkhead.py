"""A slow tool holds its own slots and nobody else's."""

import asyncio

import pytest

from tools.faults import Busy
from tools.resilience.bulkhead import QUEUE_PER_SLOT, Bulkhead


async def test_no_more_than_its_slots_are_used() -> None:
    """Ten callers, two slots: never more than two inside."""
    bulkhead, most = Bulkhead(2), 0

    async def one() -> None:
        nonlocal most
        async with bulkhead.slot(5.0):
            most = max(most, bulkhead.in_use)
            await asyncio.sleep(0.001)

    await asyncio.gather(*(one() for _ in range(10)))
    assert (most, bulkhead.in_use, bulkhead.waiting) == (2, 0, 0)


async def test_whoever_waits_too_long_is_turned_away() -> None:
    """The wait for a slot has an end, and leaves no trace."""
    bulkhead = Bulkhead(1)
    async with bulkhead.slot(1.0):
        with pytest.raises(Busy, match="all 1 slots"):
            async with bulkhead.slot(0.01):
                pass
        assert bulkhead.waiting == 0
    async with bulkhead.slot(0.01):
        assert bulkhead.in_use == 1


async def test_the_queue_before_the_slots_is_bounded() -> None:
    """More callers than may wait are turned away at once."""
    bulkhead, held = Bulkhead(1), asyncio.Event()

    async def one() -> None:
        async with bulkhead.slot(30.0):
            await held.wait()

    tasks = [asyncio.create_task(one()) for _ in range(QUEUE_PER_SLOT + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="too many"):
        async with bulkhead.slot(30.0):
            pass
    held.set()
    await asyncio.gather(*tasks)


async def test_a_cancelled_caller_leaves_its_slot() -> None:
    """Cancelling whoever holds or awaits a slot frees it."""
    bulkhead = Bulkhead(1)

    async def hold() -> None:
        async with bulkhead.slot(30.0):
            await asyncio.sleep(30)

    tasks = [asyncio.create_task(hold()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with bulkhead.slot(0.01):
        assert bulkhead.in_use == 1

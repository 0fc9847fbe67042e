"""Work takes turns at the processors, and waiting for a turn is not held against it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from memory import admission as module
from memory.admission import Admission, Overwhelmed, compute, limited, taking_turns


async def test_no_more_threads_than_slots_at_once() -> None:
    """And everything is done in the end."""
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return number

    admission = Admission(slots=2)

    async def ticket(first: int) -> list[int]:
        with taking_turns(admission):
            return await asyncio.gather(*(compute(work, first + n) for n in range(4)))

    found = await asyncio.gather(*(ticket(first) for first in (0, 4, 8)))
    assert [number for some in found for number in some] == list(range(12))
    assert most == 2


async def test_one_ticket_with_much_to_do_does_not_hold_all_turns() -> None:
    """Another that comes later has its turn before the first is done."""
    admission, order = Admission(slots=2), []

    def work(name: str) -> None:
        time.sleep(0.02)
        order.append(name)

    async def ticket(name: str, count: int) -> None:
        with taking_turns(admission):
            await asyncio.gather(*(compute(work, name) for _ in range(count)))

    many = asyncio.create_task(ticket("many", 10))
    await asyncio.sleep(0.01)
    await ticket("one", 1)
    assert len(order) < 5
    await many


async def test_a_limit_counts_from_the_turn_on() -> None:
    """Six works of a twentieth of a second, one after the other, each within a tenth."""

    async def one() -> str:
        async with limited(0.15):
            await compute(time.sleep, 0.05)
        return "in time"

    with taking_turns(Admission(slots=1)):
        assert await asyncio.gather(*(one() for _ in range(6))) == ["in time"] * 6


async def test_a_limit_still_ends_what_takes_too_long() -> None:
    """Its own work counts, and so does whatever it waits for besides a turn."""
    with taking_turns(Admission(slots=1)):
        with pytest.raises(TimeoutError):
            async with limited(0.05):
                await compute(time.sleep, 0.3)
        with pytest.raises(TimeoutError):
            async with limited(0.05), limited(10):
                await asyncio.sleep(10)


async def test_a_turn_that_was_given_up_ends_with_its_thread() -> None:
    """A thread cannot be stopped: the next one waits for the processor that it holds."""
    release, order = threading.Event(), []

    def long() -> None:
        release.wait(5)
        order.append("first")

    with taking_turns(Admission(slots=1)):
        first = asyncio.create_task(compute(long))
        await asyncio.sleep(0.02)
        first.cancel()
        second = asyncio.create_task(compute(order.append, "second"))
        await asyncio.sleep(0.02)
        assert order == []
        release.set()
        await second
    assert order == ["first", "second"]


async def test_nobody_waits_for_a_turn_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a bounded time whoever waits is told so."""
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.02)
    with taking_turns(Admission(slots=1)):
        first = asyncio.create_task(compute(time.sleep, 0.2))
        await asyncio.sleep(0.01)
        with pytest.raises(Overwhelmed):
            await compute(time.sleep, 0)
        await first

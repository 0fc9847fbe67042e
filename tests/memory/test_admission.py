"""Work takes turns at the processors, and waiting for a turn is not held against it."""

import asyncio
import threading
import time

import pytest

from memory import admission as module
from memory.admission import Admission, Overwhelmed, compute, limited, taking_turns
from tests.at_once import AtOnce
from tests.waiting import LONGEST_SECONDS, until


async def test_no_more_threads_than_slots_at_once() -> None:
    """And everything is done in the end."""
    working = AtOnce()

    def work(number: int) -> int:
        with working.one():
            time.sleep(0.01)
        return number

    admission = Admission(slots=2)

    async def ticket(first: int) -> list[int]:
        with taking_turns(admission):
            return await asyncio.gather(*(compute(work, first + n) for n in range(4)))

    found = await asyncio.gather(*(ticket(first) for first in (0, 4, 8)))
    assert [number for some in found for number in some] == list(range(12))
    assert working.most == 2


async def test_one_ticket_with_much_to_do_does_not_hold_all_turns() -> None:
    """Another that comes later has its turn before the first is done."""
    admission, order, go = Admission(slots=2), [], threading.Event()

    def work(name: str) -> None:
        go.wait(LONGEST_SECONDS)
        order.append(name)

    async def ticket(name: str, count: int) -> None:
        with taking_turns(admission):
            await asyncio.gather(*(compute(work, name) for _ in range(count)))

    many = asyncio.create_task(ticket("many", 10))
    await asyncio.sleep(0)
    one = asyncio.create_task(ticket("one", 1))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(many, one)
    assert order.index("one") < 5


async def test_a_limit_counts_from_the_turn_on() -> None:
    """Fifteen works, one after the other: each far within its limit, all of them beyond it."""

    async def one() -> str:
        async with limited(1.2):
            await compute(time.sleep, 0.1)
        return "in time"

    with taking_turns(Admission(slots=1)):
        assert await asyncio.gather(*(one() for _ in range(15))) == ["in time"] * 15


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
    begun, release, order = threading.Event(), threading.Event(), []

    def long() -> None:
        begun.set()
        release.wait(LONGEST_SECONDS)
        order.append("first")

    with taking_turns(Admission(slots=1)):
        first = asyncio.create_task(compute(long))
        await until(begun.is_set)
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
    begun, release = threading.Event(), threading.Event()

    def long() -> None:
        begun.set()
        release.wait(LONGEST_SECONDS)

    with taking_turns(Admission(slots=1)):
        first = asyncio.create_task(compute(long))
        await until(begun.is_set)
        with pytest.raises(Overwhelmed):
            await compute(time.sleep, 0)
        release.set()
        await first

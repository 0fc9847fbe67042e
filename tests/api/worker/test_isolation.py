"""Who runs beside whom after a worker has died."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from api.worker import isolation as module
from api.worker.isolation import Isolation
from memory.admission import Admission, taking_turns, waiting_outside
from tests.waiting import until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.05)


@asynccontextmanager
async def inside(one: Isolation, **how: bool) -> AsyncIterator[asyncio.Event]:
    """A drive that goes on until its event is set, once it has begun."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def drive() -> None:
        async with one.entered(suspect=how.get("suspect", False), last=how.get("last", False)):
            begun.set()
            await go.wait()

    task = asyncio.create_task(drive())
    await begun.wait()
    try:
        yield go
    finally:
        go.set()
        await task


async def test_a_suspect_runs_alone() -> None:
    """It waits for those that run, and those that come wait for it."""
    one, order = Isolation(), []

    async def drive(name: str, *, suspect: bool) -> None:
        async with one.entered(suspect=suspect):
            order.append((name, one.running))

    async with inside(one):
        waiting = asyncio.create_task(drive("suspect", suspect=True))
        await drive("beside", suspect=False)
    await waiting
    async with inside(one, suspect=True):
        late = asyncio.create_task(drive("late", suspect=False))
        await asyncio.sleep(0.02)
        assert not late.done()
    await late
    assert order == [("beside", 2), ("suspect", 1), ("late", 1)]


async def test_the_most_suspected_goes_last() -> None:
    """Whoever came before or after it has come to an end by then."""
    one, order = Isolation(), []

    async def drive(name: str, **how: bool) -> None:
        async with one.entered(suspect=how.get("suspect", False), last=how.get("last", False)):
            order.append(name)

    last = asyncio.create_task(drive("most", suspect=True, last=True))
    await asyncio.sleep(0)
    others = [asyncio.create_task(drive("less", suspect=True)), asyncio.create_task(drive("none"))]
    await asyncio.gather(last, *others)
    assert order[-1] == "most"


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suspect that has let others begin for long enough is next."""
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.02)
    one = Isolation()
    async with inside(one) as go:
        suspect = asyncio.create_task(_enter(one, suspect=True))
        await asyncio.sleep(0.05)
        late = asyncio.create_task(_enter(one, suspect=False))
        await asyncio.sleep(0.02)
        assert not late.done()
        go.set()
        await asyncio.gather(suspect, late)


async def test_they_go_as_they_came_and_those_that_were_begun_before_go_first() -> None:
    """Whenever a place is free, and in their order also where several are."""
    places = 0
    one, order = Isolation(may_run=lambda running: running < places), []

    async def drive(name: str, *, first: bool) -> None:
        async with one.entered(suspect=False, first=first):
            order.append(name)
            await asyncio.sleep(0.02)

    waiting = [
        asyncio.create_task(drive(name, first=name.startswith("again")))
        for name in ("a", "b", "again 1", "c", "again 2")
    ]
    await asyncio.sleep(0.01)
    places = 2
    await asyncio.gather(*waiting)
    assert sorted(order[:2]) == ["again 1", "again 2"]
    assert sorted(order[2:4]) == ["a", "b"]
    assert (order[4], one._places) == ("c", [])


async def test_a_tenant_of_which_nothing_runs_does_not_wait_for_one_that_fills_all_places() -> None:
    """It has one beyond them, once; what the other one goes on to send stays behind."""
    one, order = Isolation(may_run=lambda running: running < 2), []

    async def drive(tenant: str, name: str, go: asyncio.Event) -> None:
        async with one.entered(suspect=False, tenant=tenant):
            order.append(name)
            await go.wait()

    flood, go = asyncio.Event(), asyncio.Event()
    tasks = [asyncio.create_task(drive("flood", f"flood {n}", flood)) for n in range(5)]
    await asyncio.sleep(0.01)
    tasks += [asyncio.create_task(drive("small", f"small {n}", go)) for n in range(2)]
    await asyncio.sleep(0.01)
    assert order == ["flood 0", "flood 1", "small 0"]
    go.set()
    flood.set()
    await asyncio.gather(*tasks)
    assert (one._rounds, one._present, one._runs) == ({}, {}, {})


async def test_tenants_that_wait_take_turns() -> None:
    """Whoever comes behind many of another one is in the first round all the same."""
    places = 0
    one, order = Isolation(may_run=lambda running: running < places), []

    async def drive(tenant: str) -> None:
        async with one.entered(suspect=False, tenant=tenant):
            order.append(tenant)

    one._runs.update(flood=1, small=1)  # neither has the place beyond the others
    tasks = [asyncio.create_task(drive("flood")) for _ in range(5)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(drive("small")) for _ in range(2)]
    await asyncio.sleep(0.01)
    places = 1
    await asyncio.gather(*tasks)
    assert order == ["flood", "small", "flood", "small", "flood", "flood", "flood"]


async def test_one_that_gives_up_leaves_nothing_behind() -> None:
    """Neither a place that nobody has, nor a queue that nobody is in."""
    one = Isolation()
    async with inside(one):
        waiting = asyncio.create_task(_enter(one, suspect=True))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await _enter(one, suspect=True)
    assert (one.running, one._suspects) == (0, [])


async def test_whoever_waits_is_woken_and_does_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by the end of one before it, in their order; one that gives up leaves its turn to the next."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 3_600.0)
    one, order = Isolation(may_run=lambda running: running < 1), []

    async def drive(name: str) -> None:
        async with one.entered(suspect=False):
            order.append(name)
            await asyncio.sleep(0)

    async with inside(one):
        tasks = [asyncio.create_task(drive(name)) for name in "abc"]
        await asyncio.sleep(0.01)
        tasks[0].cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert (order, one.running, one._places, one._sleeping) == (["b", "c"], 0, [], {})


async def test_a_place_that_is_left_for_a_while_is_another_ones() -> None:
    """So hundreds wait for a model though few may be at work at once."""
    admission = Admission()
    one = Isolation(may_run=lambda running: running - admission.away < 1)
    admission.on_leave = one.let_in
    answer, waiting = asyncio.Event(), 0

    async def drive() -> None:
        nonlocal waiting
        async with one.entered(suspect=False):
            with taking_turns(admission), waiting_outside(), waiting_outside():
                waiting += 1
                await answer.wait()

    tasks = [asyncio.create_task(drive()) for _ in range(20)]
    await until(lambda: waiting == 20)
    assert (one.running, admission.away) == (20, 20)
    answer.set()
    await asyncio.gather(*tasks)
    assert (one.running, admission.away) == (0, 0)


async def _enter(one: Isolation, *, suspect: bool) -> None:
    async with one.entered(suspect=suspect):
        pass

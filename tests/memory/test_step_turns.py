"""Whose step goes first."""

from __future__ import annotations

import asyncio

import pytest

from memory import step_turns
from memory.step_turns import AT_WORK_SECONDS, LONGEST_SECONDS, StepTurns, step_turn

STEPS = 12
"""Of a ticket."""


class _Clock:
    """Goes on by what is paused for, and by what steps take."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> _Clock:
    """Nothing of it passes by itself."""
    return _Clock()


@pytest.fixture
def turns(clock: _Clock) -> StepTurns:
    """By that clock."""
    return StepTurns(now=clock, pause=clock.pause)


async def _ticket(turns: StepTurns, tenant: str, order: list[str], steps: int = STEPS) -> None:
    with turns.under_way(tenant):
        for _ in range(steps):
            await step_turn()
            order.append(tenant)
            await asyncio.sleep(0)


async def _flood(turns: StepTurns, order: list[str]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(_ticket(turns, "flood", order, 500)) for _ in range(3)]
    while len(order) < 100:  # noqa: ASYNC110 - each look lets the others go on
        await asyncio.sleep(0)
    return tasks


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_ticket_now_and_then_does_not_wait_for_a_flood(turns: StepTurns) -> None:
    """Of three tickets that go on and on, hardly a step comes between its first and its last one."""
    order: list[str] = []
    tasks = await _flood(turns, order)
    began = len(order)
    await _ticket(turns, "small", order)
    await _end(tasks)
    assert order[began:].count("flood") <= len(tasks)


async def test_in_plain_order_it_would(turns: StepTurns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its steps waits for one of each of theirs."""
    monkeypatch.setattr(step_turns, "SLACK", 1_000)
    order: list[str] = []
    tasks = await _flood(turns, order)
    began = len(order)
    await _ticket(turns, "small", order)
    await _end(tasks)
    assert order[began:].count("flood") >= len(tasks) * (STEPS - 2)


async def test_who_waits_for_a_model_holds_nobody_up(turns: StepTurns, clock: _Clock) -> None:
    """The others wait for a moment, then they go on; and never for longer than is said."""
    order: list[str] = []
    tasks = await _flood(turns, order)
    with turns.under_way("small"):
        await step_turn()
        began, before = clock.at, len(order)
        while len(order) < before + 30:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        assert clock.at - began <= AT_WORK_SECONDS + LONGEST_SECONDS
    await _end(tasks)


async def test_tenants_that_are_equally_busy_share_the_steps(
    turns: StepTurns, clock: _Clock
) -> None:
    """Once the credit of who came last is used up, neither waits for the other."""
    order: list[str] = []
    await asyncio.gather(*(_ticket(turns, one, order, 100) for one in ("one", "two")))
    assert order[50:150].count("one") == 50
    assert clock.at < LONGEST_SECONDS
    assert turns._lanes == {}


async def test_outside_of_a_ticket_nobody_takes_turns() -> None:
    """An evaluation drives as before."""
    await step_turn()

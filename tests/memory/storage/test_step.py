"""What waits for a commit is not lost by a commit that fails, whoever is cancelled meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from typing_extensions import override

from memory.storage.errors import Fenced, StorageUnavailable
from memory.storage.step import WAITS_SECONDS, Step
from memory.storage.units import Units


class SlowUnits(Units):
    """Units that commit when they are let to, or fail then; whoever is cancelled has written all the same."""

    def __init__(self) -> None:
        self.epoch = 1
        self.committed: list[str] = []
        self.told: list[str] = []
        self.free, self.written = asyncio.Event(), asyncio.Event()
        self.fails = False

    @override
    async def read(self, unit: Callable[[Any], Any]) -> Any:
        return unit(self)

    @override
    async def look(self, unit: Callable[[Any], Any]) -> Any:
        return unit(self)

    @override
    async def close(self) -> None: ...

    @override
    async def write(self, unit: Callable[[Any], Any]) -> Any:
        return await asyncio.shield(asyncio.ensure_future(self._write(unit)))

    async def _write(self, unit: Callable[[Any], Any]) -> Any:
        await self.free.wait()
        if self.fails:
            self.fails = False
            msg = "the server was lost"
            raise StorageUnavailable(msg)
        self.told = []
        found = unit(self)
        self.committed += self.told
        self.written.set()
        return found

    lock = ""

    def row(self, _sql: str, _values: object = ()) -> tuple[int, int]:
        """Turn and epoch of the ticket."""
        return 1, self.epoch


def says(what: str) -> Callable[[Any], None]:
    """A unit that leaves its name."""
    return lambda do: do.told.append(what)


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Begin it, cancel it and see it end."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_nothing_is_begun_on_a_checkpoint_that_was_not_written() -> None:
    """A node is timed out in the commit that takes the checkpoint along, which fails later."""
    units = SlowUnits()
    step = Step(units, "t1", 1)
    step.stand(lambda: says("checkpoint"))
    units.fails = True
    await cancelled(asyncio.create_task(step.commit(says("first attempt"))))
    again = asyncio.create_task(step.commit(says("second attempt")))
    await asyncio.sleep(0)
    units.free.set()
    await again
    assert units.committed == ["checkpoint", "second attempt"]


async def test_a_flush_waits_for_what_is_being_written() -> None:
    """Who looks right behind it sees what a cancelled caller has written."""
    units = SlowUnits()
    step = Step(units, "t1", 1)
    step.leave(says("made"), fact=True)
    await cancelled(asyncio.create_task(step.flush()))
    look = asyncio.create_task(step.flush())
    await asyncio.sleep(0)
    units.free.set()
    await look
    assert units.committed == ["made"]


async def test_what_could_not_be_written_late_is_tried_again() -> None:
    """The alarm rings again until it is written or the drive ends."""
    units = SlowUnits()
    units.free.set()
    units.fails = True
    step = Step(units, "t1", 1)
    step.leave(says("made"), fact=True)
    async with asyncio.timeout(20 * WAITS_SECONDS):
        await units.written.wait()
    step.leave(says("too late"))
    step.close()
    assert units.committed == ["made"]
    units.epoch = 2
    step.leave(says("a fact"), fact=True)
    with pytest.raises(Fenced):
        await step.flush()
    assert units.committed == ["made", "a fact"]

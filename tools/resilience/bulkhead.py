"""A bulkhead: a slow tool holds its own slots and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tools.faults import Busy

QUEUE_PER_SLOT = 16
"""Callers that may wait for each slot; more are turned away at once."""


class Bulkhead:
    """The slots of one tool in one process."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._free = asyncio.Semaphore(slots)
        self.in_use = 0
        self.waiting = 0

    @asynccontextmanager
    async def slot(self, longest_wait_seconds: float) -> AsyncIterator[None]:
        """Hold one slot. Raises `Busy` when none gets free in time."""
        await self._enter(longest_wait_seconds)
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
            self._free.release()

    async def _enter(self, longest_wait_seconds: float) -> None:
        if not self._free.locked():
            await self._free.acquire()  # at once
            return
        if self.waiting >= self.slots * QUEUE_PER_SLOT:
            raise Busy(self._words("and too many wait for one"))
        self.waiting += 1
        try:
            async with asyncio.timeout(longest_wait_seconds):
                await self._free.acquire()
        except TimeoutError as late:
            raise Busy(self._words(f"for {longest_wait_seconds:g} s")) from late
        finally:
            self.waiting -= 1

    def _words(self, how: str) -> str:
        return f"all {self.slots} slots are taken {how}"

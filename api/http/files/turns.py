"""Whose files are taken in and read at the same time: nobody's may hold up another's.

A side is one tenant's own systems and people, or the strangers on its websites. What one side sends
waits for the rest of the same side; for all others together it waits a second at most.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Side = tuple[str, bool]
"""The tenant, and whether a stranger sends it."""
COMING_AT_ONCE = 8
"""Files of one side that come in at the same time: a slow sender holds one of its own side's places."""
READ_AT_ONCE = 3
"""Files that one process has read at the same time, each by a program of its own."""
WHOLE_AT_ONCE = 8
"""Files that one process holds in memory as a whole: those that are read, and those that are only stored."""
OWN_SECONDS = 10.0
"""How long a file waits for those of its own side to be read."""
OTHERS_SECONDS = 1.0
"""The same for those of all others. Then it is stored and not read."""


@dataclass
class Turns:
    """The places of one process. All methods belong to one event loop."""

    _coming: dict[Side, asyncio.Semaphore] = field(default_factory=dict)
    _reading: dict[Side, asyncio.Lock] = field(default_factory=dict)
    _users: Counter[Side] = field(default_factory=Counter)
    _read_now: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))
    _whole_now: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WHOLE_AT_ONCE))

    @asynccontextmanager
    async def coming(self, side: Side) -> AsyncIterator[None]:
        """A place for one that comes in; all else about it is asked within."""
        self._users[side] += 1
        try:
            async with self._coming.setdefault(side, asyncio.Semaphore(COMING_AT_ONCE)):
                yield
        finally:
            self._users[side] -= 1
            if not self._users[side]:  # nobody waits for it: sides come and go
                del self._users[side]
                self._coming.pop(side, None)
                self._reading.pop(side, None)

    @asynccontextmanager
    async def reading(self, side: Side) -> AsyncIterator[bool]:
        """Whether it may be read: not where too many of others, or of its own, were before it."""
        own = self._reading.setdefault(side, asyncio.Lock())
        if not await _within(OWN_SECONDS, own):
            yield False
            return
        try:
            if not await _within(OTHERS_SECONDS, self._read_now):
                yield False
                return
            try:
                yield True
            finally:
                self._read_now.release()
        finally:
            own.release()

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[None]:
        """A place in memory, until it is stored; no sender is waited for within, so it is free soon."""
        async with self._whole_now:
            yield


async def _within(seconds: float, place: asyncio.Lock | asyncio.Semaphore) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await place.acquire()
            return True
    return False

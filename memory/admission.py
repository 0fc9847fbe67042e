"""Work of this process's own takes turns at the processors, and no clock runs while it waits.

A search, a mind or the encoder needs a processor and nothing else. More of them at once than
there are processors end no sooner, and all of them late: so each waits for its turn, and its
time limit counts from then on. Limits of whoever called it stand still meanwhile.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_WAIT_SECONDS = 600.0
"""For a turn; whoever waits longer is told that the process is overwhelmed."""


def _processors() -> int:
    """Those that this process may use, which may be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


class Overwhelmed(TimeoutError):
    """No processor was free in time."""


@dataclass
class Admission:
    """The turns of one process. All methods belong to one event loop."""

    slots: int = field(default_factory=_processors)
    waiting: int = 0
    away: int = 0
    """Tickets that wait for somebody outside, and so for nothing of this process."""
    on_leave: Callable[[], object] = lambda: None
    """Told whenever one more of them does."""
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.slots)

    def share(self, told: Callable[[int], object]) -> Share:
        """What one ticket may hold of it: with twenty searches at once, half at most."""
        return Share(self, asyncio.Semaphore(max(1, self.slots // 2)), told)

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do it in a thread once there is a turn. Raises `Overwhelmed`.

        A thread cannot be stopped: where the caller gives up, its turn ends with the thread.
        """
        self.waiting += 1
        try:
            await _taken(self._free)
        finally:
            self.waiting -= 1
        thread = asyncio.ensure_future(asyncio.to_thread(work, *args, **named))
        thread.add_done_callback(self._ended)
        return await asyncio.shield(thread)

    def _ended(self, thread: asyncio.Future[T]) -> None:
        self._free.release()
        if not thread.cancelled():
            thread.exception()  # whoever still waits for it is told; nobody else asks


@dataclass
class Share:
    """The turns of one ticket."""

    admission: Admission
    places: asyncio.Semaphore
    told: Callable[[int], object]
    """Told `outside` when the ticket begins to wait there, and when it goes on."""
    outside: int = 0
    """What of the ticket waits for somebody outside."""

    def leave(self) -> None:
        """One more part of it does."""
        self.outside += 1
        if self.outside == 1:
            self.admission.away += 1
            self.told(self.outside)
            self.admission.on_leave()

    def come_back(self) -> None:
        """One part of it goes on."""
        self.outside -= 1
        if not self.outside:
            self.admission.away -= 1
            self.told(self.outside)

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do it in a thread once the ticket and the process have a turn. Raises `Overwhelmed`."""
        await _taken(self.places)
        try:
            return await self.admission.run(work, *args, **named)
        finally:
            self.places.release()


async def _taken(places: asyncio.Semaphore) -> None:
    """One of the places, in turn; no limit counts the wait. Raises `Overwhelmed`."""
    if not places.locked():
        await places.acquire()  # at once
        return
    try:
        with standing_still():
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await places.acquire()
    except TimeoutError as late:
        raise Overwhelmed(f"no processor was free for {LONGEST_WAIT_SECONDS:g} s") from late


_SHARE: ContextVar[Share | None] = ContextVar("share", default=None)
_CLOCKS: ContextVar[tuple[Clock, ...]] = ContextVar("clocks", default=())


async def compute(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Do it in a thread, in turn where this task was admitted by `taking_turns`."""
    share = _SHARE.get()
    if share is None:
        return await asyncio.to_thread(work, *args, **named)
    return await share.run(work, *args, **named)


@contextmanager
def taking_turns(
    admission: Admission, told: Callable[[int], object] = lambda _outside: None
) -> Iterator[None]:
    """Whatever is computed within, for one ticket, takes turns with that of others; for `told` see `Share`."""
    token = _SHARE.set(admission.share(told))
    try:
        yield
    finally:
        _SHARE.reset(token)


@contextmanager
def waiting_outside() -> Iterator[None]:
    """A model or a service has the word, so that another ticket may go on in the place of this task's."""
    share = _SHARE.get()
    if share is None:
        yield
        return
    share.leave()
    try:
        yield
    finally:
        share.come_back()


@dataclass
class Clock:
    """A time limit that stands still while somebody within it waits for a turn."""

    timeout: asyncio.Timeout
    _still: int = 0
    _left: float = 0.0

    def stand(self) -> None:
        """Stop; as often as it is called, `go` must be."""
        self._still += 1
        when = self.timeout.when()
        if self._still == 1 and when is not None and not self.timeout.expired():
            self._left = when - asyncio.get_running_loop().time()
            self.timeout.reschedule(None)

    def go(self) -> None:
        """Run on with what was left."""
        self._still -= 1
        if self._still == 0 and self.timeout.when() is None and not self.timeout.expired():
            self.timeout.reschedule(asyncio.get_running_loop().time() + self._left)


@asynccontextmanager
async def limited(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """`asyncio.timeout`, but waiting for a turn does not count. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds) as timeout:
        token = _CLOCKS.set((*_CLOCKS.get(), Clock(timeout)))
        try:
            yield timeout
        finally:
            _CLOCKS.reset(token)


@contextmanager
def standing_still() -> Iterator[None]:
    """No limit around counts what is waited for within."""
    clocks = [clock for clock in _CLOCKS.get() if not clock.timeout.expired()]
    for clock in clocks:
        clock.stand()
    try:
        yield
    finally:
        for clock in clocks:
            clock.go()

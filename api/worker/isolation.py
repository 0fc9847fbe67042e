"""Drives run side by side, but a ticket that a worker may have died of runs alone.

So the next death tells which ticket it was, and no innocent one is lost with it. Those that are
suspected most go last: the others have come to their end by then. The others go as they came, tenant
by tenant, but for those that a dead worker had begun: they have waited before, and go first. A tenant
of which nothing runs has a place beyond those that others may have filled.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

PATIENCE_SECONDS = 5.0
"""How long a suspect lets others begin before it."""
LAST_PATIENCE_SECONDS = 20.0
"""The same for the one that is suspected most: whoever comes meanwhile goes before it."""
QUIET_SECONDS = 1.5
"""How long nothing may have run or come before it begins."""
LOOK_SECONDS = 0.1
"""How often one that waits looks at the clock."""

SPARE = 1
"""Places beyond the others for tenants of which nothing runs."""

_Place = tuple[bool, int, int]
"""Whether it came without being begun before, in which round, and as which it came."""


@dataclass(eq=False)
class _Waiting:
    since: float
    last: bool


@dataclass
class Isolation:
    """Who may run now. All methods belong to one event loop."""

    now: Callable[[], float] = time.monotonic
    may_run: Callable[[int], bool] = lambda _running: True
    """Whether one more may run beside so many."""
    running: int = 0
    _alone: bool = False
    _stirred: float = 0.0
    """When somebody came or went last."""
    _suspects: list[_Waiting] = field(default_factory=list)
    _places: list[_Place] = field(default_factory=list)
    """Who waits to run beside others, in their order."""
    _sleeping: dict[_Place, asyncio.Future[None]] = field(default_factory=dict)
    _clock: asyncio.TimerHandle | None = None
    _fresh: list[_Place] = field(default_factory=list)
    """Those of them that came while nothing of their tenant ran."""
    _came: Iterator[int] = field(default_factory=itertools.count)
    _round: int = 0
    """Of whoever went in last. A tenant has one place in each round, so that none waits for all of
    another one's."""
    _rounds: dict[str, int] = field(default_factory=dict)
    """The last round in which each present tenant has a place."""
    _present: Counter[str] = field(default_factory=Counter)
    """How many of each tenant wait or run, and of them"""
    _runs: Counter[str] = field(default_factory=Counter)
    """those that run."""

    @asynccontextmanager
    async def entered(
        self, *, suspect: bool, last: bool = False, first: bool = False, tenant: str = ""
    ) -> AsyncIterator[None]:
        """Run beside others or, as a suspect, alone; `last`, after every other suspect.

        `first`: before the others that wait to run beside others.
        """
        self._stirred = self.now()
        with self._counted(self._present, tenant):
            await (
                self._await_turn(last=last) if suspect else self._await_place(tenant, first=first)
            )
            self.running, self._alone = self.running + 1, suspect
            try:
                with self._counted(self._runs, tenant):
                    yield
            finally:
                self.running -= 1
                self._alone, self._stirred = False, self.now()
                self.let_in()

    @contextmanager
    def _counted(self, counts: Counter[str], tenant: str) -> Iterator[None]:
        counts[tenant] += 1
        try:
            yield
        finally:
            counts[tenant] -= 1
            if not counts[tenant]:
                del counts[tenant]
                if counts is self._present:
                    self._rounds.pop(tenant, None)

    async def _await_place(self, tenant: str, *, first: bool) -> None:
        turn = max(self._round, self._rounds.get(tenant, 0)) + 1
        self._rounds[tenant] = turn
        mine = (not first, turn, next(self._came))
        among = [self._places]
        if tenant and not self._runs[tenant]:
            among.append(self._fresh)
        for places in among:
            insort(places, mine)
        try:
            while self._alone or self._is_due() or not self._has_room(mine, tenant):
                await self._sleep(mine)
        finally:
            for places in among:
                del places[bisect_left(places, mine)]
        self._round = max(self._round, turn)

    async def _sleep(self, mine: _Place) -> None:
        """Until somebody is let in, perhaps this one: hundreds that look by themselves are all that a loop does."""
        loop = asyncio.get_running_loop()
        self._sleeping[mine] = loop.create_future()
        self._clock = self._clock or loop.call_later(LOOK_SECONDS, self._ring)
        try:
            await self._sleeping[mine]
        finally:
            del self._sleeping[mine]

    def _ring(self) -> None:
        # Beside the wake-ups: time counts too, and whoever was woken and is cancelled wakes nobody.
        self._clock = None
        if self._sleeping:
            self._clock = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._ring)
            self.let_in()

    def let_in(self) -> None:
        """Wake those that may find room now, each of whom looks for itself."""
        for places, spare in ((self._places, 0), (self._fresh, SPARE)):
            for ahead, one in enumerate(places):
                if not self.may_run(self.running + ahead - spare):
                    break
                sleeping = self._sleeping.get(one)
                if sleeping is not None and not sleeping.done():
                    sleeping.set_result(None)

    def _has_room(self, mine: _Place, tenant: str) -> bool:
        """Also if all that are to go before it go in."""
        if self.may_run(self.running + bisect_left(self._places, mine)):
            return True
        spare = bool(tenant) and not self._runs[tenant]
        return spare and self.may_run(self.running + bisect_left(self._fresh, mine) - SPARE)

    async def _await_turn(self, *, last: bool) -> None:
        mine = _Waiting(self.now(), last)
        self._suspects.append(mine)
        try:
            while self.running or not self._is_next(mine):  # noqa: ASYNC110 - time counts too
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._suspects.remove(mine)

    def _is_due(self) -> bool:
        """Whether a suspect has let enough others begin."""
        return any(self._waited(one) > _patience(one) for one in self._suspects)

    def _waited(self, one: _Waiting) -> float:
        return self.now() - one.since

    def _is_next(self, mine: _Waiting) -> bool:
        first = min(self._suspects, key=lambda one: (one.last, one.since))
        quiet = self.now() - self._stirred >= QUIET_SECONDS
        return mine is first and (not mine.last or quiet or self._waited(mine) > _patience(mine))


def _patience(one: _Waiting) -> float:
    return LAST_PATIENCE_SECONDS if one.last else PATIENCE_SECONDS

"""Whose step goes first where tickets of several tenants are under way in one process.

Their steps share one event loop. In plain order the ticket of a tenant that sends one now and then
takes as many times longer as there are others under way. So the steps of each tenant are counted; a
tenant that had nothing under way begins a ticket's steps behind, and while one that is behind is at
work, the steps of the others wait. Who waits for a model or a person is not at work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from memory.admission import standing_still

CREDIT = 24
"""Steps by which a tenant is behind that had nothing under way."""
SLACK = 8
"""Steps behind that count for nothing: tenants that are equally busy do not wait for each other."""
AT_WORK_SECONDS = 0.05
"""So long after a step began or ended: the next one is about to, unless it waits for something."""
LONGEST_SECONDS = 0.25
"""That one step waits."""
LOOK_SECONDS = 0.005


@dataclass(eq=False)
class Lane:
    """The steps of one tenant's tickets."""

    steps: int
    at: float
    """When the last one began."""
    tickets: int = 0


@dataclass
class StepTurns:
    """The turns of one process. All methods belong to one event loop."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _lanes: dict[str, Lane] = field(default_factory=dict)

    @contextmanager
    def under_way(self, tenant: str) -> Iterator[None]:
        """A ticket of the tenant is; `step_turn` within takes its turns."""
        if tenant not in self._lanes:
            least = min((one.steps for one in self._lanes.values()), default=0)
            self._lanes[tenant] = Lane(least - CREDIT, self.now())
        lane = self._lanes[tenant]
        lane.tickets += 1
        token = _PLACE.set((self, lane))
        try:
            yield
        finally:
            _PLACE.reset(token)
            lane.tickets -= 1
            if not lane.tickets:
                del self._lanes[tenant]

    async def begin(self, lane: Lane) -> None:
        """Let those that are behind go first, and count the step."""
        if self._goes_later(lane):
            await self._others(lane)
        lane.steps += 1
        lane.at = self.now()

    async def _others(self, lane: Lane) -> None:
        until = self.now() + LONGEST_SECONDS
        with standing_still():
            while self._goes_later(lane) and self.now() < until:
                await self.pause(LOOK_SECONDS)

    def _goes_later(self, lane: Lane) -> bool:
        since = self.now() - AT_WORK_SECONDS
        return any(
            one.steps + SLACK < lane.steps and one.at > since for one in self._lanes.values()
        )


_PLACE: ContextVar[tuple[StepTurns, Lane] | None] = ContextVar("place", default=None)


async def step_turn() -> None:
    """A step of this task's ticket begins, in turn where it is `under_way`."""
    if (place := _PLACE.get()) is not None:
        turns, lane = place
        await turns.begin(lane)

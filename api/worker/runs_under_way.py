"""The runs of this worker, whoever has begun them: what outlasts its grace is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Run = Callable[..., Awaitable[str]]
"""`TicketDriver.run`, with the arguments of a queue entry."""
CUT_SECONDS = 1.5
"""How long runs that were cut off may take to let go."""


class RunsUnderWay:
    """Every run of a ticket in one event loop, begun by us or by the engine."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, *given: object) -> str:
        """Run one, which is the whole of its task."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await self._run(*given)

    async def cut_off(self) -> None:
        """End what outlasts the worker's grace, before anything that it stands on is taken away.

        It is left as a death leaves it, for whoever takes over. What it would meet while the process
        ends around it is no failure of the ticket, and must not lead it to a person.
        """
        left = set(self._tasks)
        for one in left:
            one.cancel()
        if left:
            await asyncio.wait(left, timeout=CUT_SECONDS)

"""Takes runs out of their queue while this worker has room, and hands them to the engine.

The engine's own look at a queue with lanes costs some seven milliseconds, and so does each run's
end. So the rows are changed in plain SQL, with the ledger's other commits; what a job is, how it runs
and what happens to it after a death is the engine's business as before.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from dbos._core import execute_dequeued_workflow
from dbos._dbos import _get_dbos_instance
from dbos._utils import GlobalParams

from api.telemetry.outages import Outage
from memory.storage.database import MemoryFault
from memory.storage.queue import TICKETS
from memory.storage.runs_queue import RunsQueue, Taken
from memory.storage.units import Statements, Units

log = structlog.get_logger()

TAKE_SECONDS = 120.0
"""How long taking runs may last: longer than whatever the ledger waits for."""


@dataclass(frozen=True)
class Share:
    """How many runs this worker has at once, in all and of one lane."""

    at_once: int
    lane_at_once: int


class RunTaker:
    """The queue's looks of one worker, which happen in a thread of their own."""

    def __init__(
        self,
        units: Units,
        queue: RunsQueue,
        share: Share,
        loop: asyncio.AbstractEventLoop,
        outage: Outage,
    ) -> None:
        """`loop`: in which the ledger is written, and the runs run."""
        self._outage = outage
        self._units = units
        self._queue = queue
        self._share = share
        self._loop = loop

    def look(self) -> bool:
        """Take what there is room for, and begin it; whether the ledger answered.

        The thread lives on, whatever goes wrong.
        """
        engine = _get_dbos_instance()
        taken = self._taken(engine)
        for one in taken or ():
            try:
                execute_dequeued_workflow(engine, one.status, one.owner)  # type: ignore[arg-type]
            except Exception:  # the other runs begin all the same, and the sweeper finds this one
                log.exception("run_not_begun", job=one.status["workflow_uuid"])
        return taken is not None

    def _taken(self, engine: Any) -> list[Taken] | None:
        active = engine._active_workflows_set  # noqa: SLF001 - no other way
        room = self._share.at_once - active.count_for_queue(TICKETS)
        if room <= 0:
            return []

        def free(lane: str) -> int:
            return self._share.lane_at_once - int(active.count_for_partition(TICKETS, lane))

        taking = self._take(room, free, GlobalParams.executor_id)
        try:
            found = asyncio.run_coroutine_threadsafe(taking, self._loop).result(TAKE_SECONDS)
        except MemoryFault as error:
            self._outage.failed(str(error), chore="look")
        except Exception:  # as the engine does: the next look tries again
            log.exception("look_failed")
        else:
            self._outage.worked()
            return found
        return None

    async def _take(self, room: int, free: Callable[[str], int], executor: str) -> list[Taken]:
        lanes = [
            (one, found)
            for one in await self._units.look(self._queue.lanes_in)
            if (found := free(one)) > 0
        ]
        if not lanes:
            return []
        random.shuffle(lanes)  # no lane comes first again and again

        def take(do: Statements) -> list[Taken]:
            taken: list[Taken] = []
            for lane, found in lanes:
                least = min(found, room - len(taken))
                taken += self._queue.take_in(do, lane, least, executor) if least > 0 else []
            return taken

        return await self._units.write(take)

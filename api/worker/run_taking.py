"""Takes runs out of their queue while this worker has room, and runs them.

The engine's own look at a queue with lanes costs some seven milliseconds, and it sends each run through
two threads. So the rows are changed in plain SQL, with the ledger's other commits, and a run is a task
of the event loop. The engine counts it as its own until it ends, brings it back after a death, and
has the last word on one that failed or was begun too often.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from dbos._core import execute_dequeued_workflow
from dbos._dbos import _get_dbos_instance
from dbos._serialization import deserialize_args
from dbos._utils import GlobalParams

from api.telemetry.outages import Outage
from api.worker.run_ends import RunEnd, ending
from api.worker.runs_under_way import Run
from memory.faults import MemoryFault
from memory.storage.errors import CommitUnknown
from memory.storage.queue import RUN_TICKET, TICKETS
from memory.storage.runs_queue import RunsQueue, Taken
from memory.storage.units import Statements, Units

log = structlog.get_logger()

TAKE_SECONDS = 120.0
"""How long taking runs may last: longer than whatever the ledger waits for."""
AGAIN_SECONDS = 1.0
"""How often is tried to write that a run is over."""
RECOVERIES = 10
"""Deaths of a worker that one job may survive before the sweeper takes the ticket."""


@dataclass(frozen=True)
class Share:
    """How many runs this worker has at once, in all and of one lane."""

    at_once: int
    lane_at_once: int


class RunTaker:
    """The queue's looks of one worker, which happen in a thread of their own."""

    def __init__(
        self, units: Units, queue: RunsQueue, share: Share, run: Run, outage: Outage
    ) -> None:
        """To be called in the event loop that writes the ledger: there the runs run."""
        self._outage = outage
        self._units = units
        self._queue = queue
        self._share = share
        self._run = run
        self._loop = asyncio.get_running_loop()
        self.running: set[asyncio.Task[None]] = set()
        """What it has begun and has not ended."""
        self.freed = threading.Event()
        """Set whenever a run has ended: there is room for another one."""

    def look(self) -> bool:
        """Take what there is room for, and begin it; whether the ledger answered.

        The thread lives on, whatever goes wrong.
        """
        looking = asyncio.run_coroutine_threadsafe(self._look(), self._loop)
        try:
            looking.result(TAKE_SECONDS)
        except MemoryFault as error:
            self._outage.failed(str(error), chore="look")
        except Exception:  # as the engine does: the next look tries again
            log.exception("look_failed")
        else:
            self._outage.worked()
            return True
        return False

    async def _look(self) -> None:
        engine: Any = _get_dbos_instance()
        active = engine._active_workflows_set  # noqa: SLF001 - no other way
        room = self._share.at_once - active.count_for_queue(TICKETS)
        if room <= 0:
            return

        def free(lane: str) -> int:
            return self._share.lane_at_once - int(active.count_for_partition(TICKETS, lane))

        for one in await self._take(room, free, GlobalParams.executor_id):
            self._keep(self._begun(engine, one))

    async def _take(self, room: int, free: Callable[[str], int], executor: str) -> list[Taken]:
        lanes = [
            (one, found)
            for one in await self._units.look(self._queue.lanes_in)
            if (found := free(one)) > 0
        ]
        if not lanes:
            return []
        random.shuffle(lanes)  # no lane comes first again and again

        taken: list[Taken] = []

        def take(do: Statements) -> list[Taken]:
            taken.clear()
            for lane, found in lanes:
                least = min(found, room - len(taken))
                taken.extend(self._queue.take_in(do, lane, least, executor) if least > 0 else [])
            return taken

        try:
            return await self._units.write(take)
        except CommitUnknown:  # if they are ours by their rows, nobody else would begin them
            self._keep(self._put_back(tuple(taken)))
            raise

    async def _put_back(self, taken: Sequence[Taken]) -> None:
        await _insist(
            lambda: self._units.write(lambda do: self._queue.put_back_in(do, taken)), "taken"
        )

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self.running.add(task)  # the loop itself would forget it
        task.add_done_callback(self.running.discard)

    async def _begun(self, engine: Any, one: Taken) -> None:
        status = one.status
        if status["name"] != RUN_TICKET or status["recovery_attempts"] > RECOVERIES + 1:
            await asyncio.to_thread(_left_to_the_engine, engine, one)
            return
        job, lane = status["workflow_uuid"], status["queue_partition_key"]
        entry = engine._active_workflows_set.add(job, TICKETS, lane)  # noqa: SLF001 - no other way
        try:
            await self._ran(engine, job, one)
        finally:
            entry.release()
            self.freed.set()

    async def _ran(self, engine: Any, job: str, one: Taken) -> None:
        end, state = RunEnd(self._queue, job, one.owner), "SUCCESS"
        try:
            given = deserialize_args(
                one.status["inputs"],
                one.status["serialization"],
                engine._serializer,  # noqa: SLF001 - no other way
            )
            with ending(end):
                await self._run(*given["args"])
        except Exception:  # the sweeper takes the ticket, once the row says that nobody runs it
            log.exception("run_failed", job=job)
            state = "ERROR"
        if not end.is_known:
            system = engine._sys_db  # noqa: SLF001 - no other way
            write = partial(system.update_workflow_outcome, job, state, owner_xid=one.owner)
            await _insist(lambda: asyncio.to_thread(write), job)


async def _insist(write: Callable[[], Awaitable[object]], what: str) -> None:
    """Until it is written: while a row says that we run it, nobody else takes the ticket up."""
    told = False
    while True:
        try:
            await write()
        except Exception as error:  # noqa: BLE001 - the engine goes on where a server is away, no more
            if not told:
                log.warning("run_end_not_written", of=what, error=type(error).__name__)
            told = True
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


def _left_to_the_engine(engine: Any, one: Taken) -> None:
    try:
        execute_dequeued_workflow(engine, one.status, one.owner)  # type: ignore[arg-type]
    except Exception:  # the other runs go on all the same, and the sweeper finds this one
        log.exception("run_not_begun", job=one.status["workflow_uuid"])

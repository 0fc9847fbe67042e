"""Takes over the jobs of dead workers: of those whose lock is free.

A worker holds its lock from before the engine is launched until its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

import structlog
from dbos import DBOS

from memory.workers.contract import WorkerLocks

log = structlog.get_logger()

RETAKE_SECONDS = 1.5
"""After a server of locks was gone, how long the others may take to hold theirs again."""


class Leases:
    """One worker's view of the locks of all."""

    def __init__(
        self, locks: WorkerLocks, executor: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._locks = locks
        self._executor = executor
        self._clock = clock
        self._retaken: float | None = None

    def take(self) -> None:
        """Hold one's own lock. Must come before the engine is launched."""
        self._locks.take(self._executor)

    def give_back(self) -> None:
        """Release it: whatever this worker still owns is free for the others."""
        self._locks.give_back()

    def recover(self, on_death: Callable[[str], object], known: Collection[str]) -> list[str]:
        """Take over the jobs of every executor whose lock is free; their names.

        `on_death` is told of each before its jobs begin again. `known` are those that have jobs
        or drive something.

        One's own lock comes first: where the connection that held it has ended, the others may
        have taken this worker's jobs over, and the fence stops what it still does for them. If
        the server was restarted, the others have lost theirs as well and get a moment to take
        them again, or each would take the living for dead.
        Raises `StorageUnavailable`.
        """
        if self._locks.take(self._executor):
            self._retaken = self._clock()
        if self._retaken is not None and self._clock() - self._retaken < RETAKE_SECONDS:
            return []
        others = {*known} - {self._executor}
        return [name for name in others if self._take_over(name, on_death)]

    def _take_over(self, name: str, on_death: Callable[[str], object]) -> bool:
        # Held while the jobs are enqueued again, so that two workers do not both do it.
        with self._locks.trying(name) as free:
            if free:
                on_death(name)
                DBOS._recover_pending_workflows([name])  # noqa: SLF001 - the engine offers no other way
        if free:
            log.info("jobs_recovered", executor=name)
        return free

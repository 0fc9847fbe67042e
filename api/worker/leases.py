"""Who is alive: each worker holds a lock for as long as it lives, and tries those of others.

The operating system gives the lock of a killed process back at once, so a dead worker's jobs
are found within a poll, without a clock and without a heartbeat that a busy worker could miss.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import structlog
from dbos import DBOS, WorkflowStatusString
from filelock import FileLock, Timeout

log = structlog.get_logger()

MOST_PENDING = 1_000
"""Pending jobs looked at in one poll."""


class Leases:
    """The lock files of all workers on one data folder."""

    def __init__(self, folder: Path, executor: str) -> None:
        self._folder = folder
        self._executor = executor
        self._own = FileLock(self._path(executor))

    def take(self) -> None:
        """Hold one's own lease. Must come before the engine is launched."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own.acquire(timeout=0)

    def give_back(self) -> None:
        """Release it: whatever this worker still owns is free for the others."""
        self._own.release()

    def recover(self, on_death: Callable[[str], object], known: Collection[str] = ()) -> list[str]:
        """Take over the jobs of every executor whose lease is free; their names.

        `on_death` is told of each before its jobs begin again. `known` are further executors
        that may be dead, such as those that were driving something.
        """
        others = {*self._others(), *known} - {self._executor}
        return [name for name in others if self._take_over(name, on_death)]

    def _others(self) -> set[str]:
        pending = DBOS.list_workflows(
            status=WorkflowStatusString.PENDING.value, limit=MOST_PENDING, load_input=False
        )
        return {status.executor_id for status in pending if status.executor_id}

    def _take_over(self, name: str, on_death: Callable[[str], object]) -> bool:
        lock = FileLock(self._path(name))
        try:
            with lock.acquire(timeout=0):
                # Held while the jobs are enqueued again, so that two workers do not both do it.
                on_death(name)
                DBOS._recover_pending_workflows([name])  # noqa: SLF001 - the engine offers no other way
        except Timeout:
            return False
        self._path(name).unlink(missing_ok=True)
        log.info("jobs_recovered", executor=name)
        return True

    def _path(self, executor: str) -> Path:
        return self._folder / f"{executor}.lock"

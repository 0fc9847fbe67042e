"""Who is alive: each worker holds a lock for as long as it lives, and tries those of others.

The operating system, or Postgres, gives the lock of a dead process back at once, so its jobs are
found within a poll, without a clock and without a heartbeat that a busy worker could miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout


class WorkerLocks(Protocol):
    """The locks of all workers of one installation, by the workers' names."""

    def take(self, name: str) -> bool:
        """Hold one's own lock until `give_back`; taking it again makes sure that one has it.

        False if it was held all the while.
        """
        ...

    def give_back(self) -> None:
        """Release one's own lock: whatever this worker still owns is free for the others."""
        ...

    def trying(self, name: str) -> AbstractContextManager[bool]:
        """Whether another worker's lock was free; if so it is held meanwhile."""
        ...

    def any_held(self) -> bool:
        """Whether a worker is alive."""
        ...


class FileLocks:
    """Files in one folder, for workers on one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: FileLock | None = None

    def take(self, name: str) -> bool:
        """See `WorkerLocks.take`."""
        if self._own is not None:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._path(name))
        lock.acquire(timeout=0)
        self._own = lock
        return True

    def give_back(self) -> None:
        """See `WorkerLocks.give_back`."""
        if self._own is not None:
            self._own.release()
            self._own = None

    @contextmanager
    def trying(self, name: str) -> Iterator[bool]:
        """See `WorkerLocks.trying`."""
        lock = FileLock(self._path(name))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        with lock:
            lock.release()  # the `with` holds it once more
            yield True
        self._path(name).unlink(missing_ok=True)

    def any_held(self) -> bool:
        """See `WorkerLocks.any_held`."""
        for path in self._folder.glob("*.lock"):
            try:
                FileLock(path).acquire(timeout=0).lock.release()
            except Timeout:
                return True
        return False

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


def open_locks(url: str, folder: Path) -> WorkerLocks:
    """In `folder` where the ledger is a file, in the ledger where it is on Postgres."""
    if url.startswith("sqlite"):
        return FileLocks(folder)
    from memory.workers.postgres_locks import PostgresLocks

    return PostgresLocks(url)

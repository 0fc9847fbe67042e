"""Who is alive: each worker holds a lock for as long as it lives, and tries those of others.

The operating system, or Postgres, gives the lock of a dead process back at once, so its jobs are
found within a poll, without a clock and without a heartbeat that a busy worker could miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from typing_extensions import override

from memory.workers.contract import WorkerLocks


class FileLocks(WorkerLocks):
    """Files in one folder, for workers on one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: FileLock | None = None

    @override
    def take(self, name: str) -> bool:
        if self._own is not None:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._path(name))
        lock.acquire(timeout=0)
        self._own = lock
        return True

    @override
    def give_back(self) -> None:
        if self._own is not None:
            self._own.release()
            self._own = None

    @contextmanager
    @override
    def trying(self, name: str) -> Iterator[bool]:
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

    @override
    def any_held(self) -> bool:
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

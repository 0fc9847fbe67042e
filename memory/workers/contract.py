"""What tells of a worker that it lives."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


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

"""The end of a run on record with its last commit, so that nobody need write it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from memory.storage.runs_queue import RunsQueue
from memory.storage.units import Statements


@dataclass
class RunEnd:
    """The end of the run that the caller is in."""

    queue: RunsQueue
    job: str
    owner: str
    is_known: bool = False
    """Whether it is on record."""
    _is_written: bool = False

    def write(self, do: Statements) -> None:
        """With the unit of which the run comes to rest."""
        self._is_written = self.queue.end_in(do, self.job, self.owner)

    def tell(self) -> None:
        """The unit is committed."""
        self.is_known = self._is_written


_PRESENT: ContextVar[RunEnd | None] = ContextVar("run_end", default=None)


@contextmanager
def ending(end: RunEnd) -> Iterator[None]:
    """What runs in here is the run of which this is the end."""
    before = _PRESENT.set(end)
    try:
        yield
    finally:
        _PRESENT.reset(before)


def present_end() -> RunEnd | None:
    """Of the run in which the caller works; None outside of one, as where an eval drives a ticket."""
    return _PRESENT.get()

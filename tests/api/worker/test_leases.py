"""Who is taken for dead, and when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from api.worker import leases
from api.worker.leases import RETAKE_SECONDS, Leases
from memory.workers.contract import WorkerLocks


@dataclass
class Locks(WorkerLocks):
    """Locks of a server that can forget all of them."""

    held: set[str] = field(default_factory=set)

    @override
    def take(self, name: str) -> bool:
        anew = name not in self.held
        self.held.add(name)
        return anew

    @override
    def give_back(self) -> None: ...

    @contextmanager
    @override
    def trying(self, name: str) -> Iterator[bool]:
        yield name not in self.held

    @override
    def any_held(self) -> bool:
        return bool(self.held)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An engine with no pending jobs; the names whose jobs were started again."""
    again: list[str] = []

    class Jobs:
        @staticmethod
        def list_workflows(**_: object) -> list[object]:
            return []

        @staticmethod
        def _recover_pending_workflows(names: list[str]) -> None:
            again.extend(names)

    monkeypatch.setattr(leases, "DBOS", Jobs)
    return again


def test_a_dead_worker_is_taken_over_at_the_next_look(engine: list[str]) -> None:
    """Its death is told before its jobs begin again."""
    told: list[str] = []
    locks, died = Locks({"living"}), _noting(told)
    mine = Leases(locks, "me", Clock())
    mine.take()
    assert mine.recover(died, {"dead", "living"}) == ["dead"]
    assert (told, engine) == (["dead"], ["dead"])


def test_after_a_restart_of_the_server_the_living_are_not_taken_for_dead(
    engine: list[str],
) -> None:
    """They get a moment to hold their locks again; whoever does not is dead."""
    locks, clock = Locks({"living", "dead"}), Clock()
    mine = Leases(locks, "me", clock)
    mine.take()
    locks.held.clear()
    assert mine.recover(_noting([]), {"living", "dead"}) == []
    locks.take("living")
    assert mine.recover(_noting([]), {"living", "dead"}) == []
    clock.now += RETAKE_SECONDS
    assert mine.recover(_noting([]), {"living", "dead"}) == ["dead"]
    assert engine == ["dead"]


def _noting(told: list[str]) -> Callable[[str], object]:
    return told.append

"""Workers' locks: the same contract for files and for Postgres."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from memory.storage.errors import StorageUnavailable
from memory.workers.contract import WorkerLocks
from memory.workers.locks import open_locks
from memory.workers.postgres_locks import PostgresLocks
from tests.postgres import copy_of

Open = Callable[[], WorkerLocks]

HOLDER = """
import sys, time
from pathlib import Path
from memory.workers.locks import open_locks
locks = open_locks(sys.argv[1], Path(sys.argv[2]))
locks.take("dying")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """The ledger's address and the folder of an installation."""
    template: Path = request.getfixturevalue(f"{request.param}_template")
    return copy_of(template, tmp_path / "home"), tmp_path / "locks"


@pytest.fixture
def opened(place: tuple[str, Path]) -> Iterator[Open]:
    """Opens the locks as one worker after another does; all are given back at the end."""
    made: list[WorkerLocks] = []

    def another() -> WorkerLocks:
        made.append(open_locks(*place))
        return made[-1]

    yield another
    for one in made:
        one.give_back()


def is_free(locks: WorkerLocks, name: str) -> bool:
    """Whether nobody holds it, by trying."""
    with locks.trying(name) as free:
        return free


def test_a_living_worker_cannot_be_taken_over(opened: Open) -> None:
    """Its lock is free once it has given it back, and not before."""
    living, other = opened(), opened()
    living.take("a")
    assert not is_free(other, "a")
    living.give_back()
    assert is_free(other, "a")


def test_taking_again_keeps_it(opened: Open) -> None:
    """A worker makes sure of its lock as often as it likes."""
    living, other = opened(), opened()
    living.take("a")
    living.take("a")
    living.give_back()
    assert is_free(other, "a")


def test_of_two_that_take_over_one_does(opened: Open) -> None:
    """While one recovers the jobs of a dead worker, the other one finds it held."""
    one, other = opened(), opened()
    with one.trying("dead") as first, other.trying("dead") as second:
        assert (first, second) == (True, False)
    assert is_free(other, "dead")


def test_somebody_is_alive(opened: Open) -> None:
    """As long as any worker holds its lock."""
    living, looker = opened(), opened()
    assert not looker.any_held()
    living.take("a")
    assert looker.any_held()
    living.give_back()
    assert not looker.any_held()


def test_a_killed_worker_is_found(opened: Open, place: tuple[str, Path]) -> None:
    """Nobody has to give its lock back, and no clock has to run out."""
    command = [sys.executable, "-c", HOLDER, place[0], str(place[1])]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        other = opened()
        assert not is_free(other, "dying")
        process.send_signal(signal.SIGKILL)
        process.wait()
        while not is_free(other, "dying"):
            pass  # bounded by the test's timeout


@pytest.fixture
def postgres_url(postgres_template: Path, tmp_path: Path) -> str:
    """A fresh ledger on Postgres."""
    return copy_of(postgres_template, tmp_path / "home")


def cut(url: str) -> None:
    """End every other connection to the database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_worker_takes_its_lock_again_after_a_cut(postgres_url: str) -> None:
    """The next look finds that the connection has ended, and opens another."""
    living, other = PostgresLocks(postgres_url), PostgresLocks(postgres_url)
    living.take("a")
    cut(postgres_url)
    living.take("a")
    assert not is_free(other, "a")
    living.give_back()
    other.give_back()


def test_a_worker_that_is_taken_over_waits(postgres_url: str) -> None:
    """Where another one has its lock after a cut, it says so and tries again later."""
    living, other = PostgresLocks(postgres_url), PostgresLocks(postgres_url)
    living.take("a")
    cut(postgres_url)
    with other.trying("a") as free:
        assert free
        with pytest.raises(StorageUnavailable, match="taken over"):
            living.take("a")
    living.take("a")
    living.give_back()
    other.give_back()

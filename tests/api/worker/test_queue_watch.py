"""The engine looks at its queues when a job waits in them."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.worker import queue_watch
from api.worker.queue_watch import (
    QUIET_SECONDS,
    REST_SECONDS,
    PostgresJobs,
    QueueWatch,
    Wake,
    jobs_of,
)
from memory.storage.database import Database
from memory.storage.queue import CHORES, INDEX_ARTICLES, TICKETS, Queue
from memory.tables import now
from tests.postgres import copy_of
from tests.waiting import LONGEST_SECONDS

AT_ONCE = 0.0
"""Seconds that a look waits at least, in these tests."""


@dataclass
class Told:
    """`Jobs` by a script of (changed, waiting)."""

    script: Iterator[tuple[bool, bool]]
    asked: int = 0
    now: tuple[bool, bool] = field(default=(False, False))

    def rest(self) -> float:
        """None."""
        return 0.0

    def changed(self) -> bool:
        """The next line of the script."""
        self.now = next(self.script)
        return self.now[0]

    def waiting(self) -> bool:
        """What the line says; counted."""
        self.asked += 1
        return self.now[1]

    def close(self) -> None:
        """Hold nothing."""


def test_it_is_asked_once_after_each_change_while_nothing_waits() -> None:
    """And for as long as a job does."""
    jobs = Told(
        iter(
            [
                (True, False),
                (False, True),
                (False, True),
                (True, True),
                (False, True),
                (True, False),
            ]
        )
    )
    wake = Wake(threading.Event(), jobs)
    assert [wake._has_reason() for _ in range(6)] == [False, False, False, True, True, False]
    assert jobs.asked == 4


def test_without_a_change_it_is_asked_after_the_longest_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A job whose delay ends is found all the same."""
    monkeypatch.setattr(queue_watch, "LONGEST_SECONDS", 0.0)
    wake = Wake(threading.Event(), Told(iter([(True, False), (False, True)])))
    assert wake.wait(AT_ONCE) is False


def test_it_stops_when_told() -> None:
    """At once, and without another look."""
    stop = threading.Event()
    stop.set()
    wake = Wake(stop, Told(iter([])))
    began = time.monotonic()
    assert (wake.is_set(), wake.wait(10.0)) == (True, True)
    assert time.monotonic() - began < LONGEST_SECONDS


def test_a_place_that_is_free_ends_the_pause_of_those_who_wait() -> None:
    """And only theirs: where nothing waits, an end is no reason to ask."""
    freed = threading.Event()
    wake = Wake(threading.Event(), Told(iter([(True, True), (True, False), (True, True)])), freed)
    freed.set()
    began = time.monotonic()
    assert wake.wait(10 * LONGEST_SECONDS) is False
    assert time.monotonic() - began < LONGEST_SECONDS
    assert not wake._has_reason()
    freed.set()
    assert wake.wait(AT_ONCE) is False
    assert freed.is_set()


async def test_a_job_waits_in_its_own_queue(template: Path, tmp_path: Path) -> None:
    """On either engine, once it is committed."""
    url = copy_of(template, tmp_path)
    database, queue = Database(url), Queue(url)
    chores, tickets = jobs_of(url, CHORES), jobs_of(url, TICKETS)
    assert (chores.waiting(), tickets.waiting()) == (False, False)
    async with database.transaction() as session:
        await queue.chore(session, "chore", INDEX_ARTICLES, "acme")
        assert not chores.waiting()
    assert (chores.waiting(), tickets.waiting()) == (True, False)
    for one in (chores, tickets, queue):
        one.close()
    await database.close()


async def test_a_job_whose_delay_has_ended_waits_from_now_on(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On either engine, and not before."""
    url = copy_of(template, tmp_path)
    database, queue, jobs = Database(url), Queue(url), jobs_of(url, TICKETS)
    async with database.transaction() as session:
        await queue.after(60).run_ticket(session, "tkt_1", 1, "acme", "accepted")
    assert not jobs.waiting()
    later = now() + timedelta(seconds=61)
    monkeypatch.setattr(queue_watch, "now", lambda: later)
    assert jobs.waiting()
    monkeypatch.undo()
    assert jobs.waiting()
    for one in (jobs, queue):
        one.close()
    await database.close()


def test_a_file_changes_with_a_write_of_others(tmp_path: Path) -> None:
    """By any process; a file that cannot be read looks changed, and as if a job waited."""
    path = tmp_path / "ledger.db"
    jobs = jobs_of(f"sqlite:///{path}", TICKETS)
    with closing(sqlite3.connect(path)) as other:
        assert [jobs.changed(), jobs.changed()] == [True, False]
        other.execute("CREATE TABLE rows (id INTEGER)")
        other.commit()
    assert [jobs.changed(), jobs.changed()] == [True, False]
    path.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    assert (jobs.changed(), jobs.waiting()) == (True, True)
    jobs.close()


def test_a_server_is_asked_less_often_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a quiet time there is a rest between two looks; a job that comes ends it."""
    moment, waits = 0.0, True
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    jobs = PostgresJobs("postgresql://nobody@127.0.0.1:1/none", TICKETS)
    monkeypatch.setattr(jobs, "_waits", lambda: waits)
    assert (jobs.waiting(), jobs.rest()) == (True, 0.0)
    moment, waits = QUIET_SECONDS, False
    assert (jobs.waiting(), jobs.rest()) == (False, REST_SECONDS)
    waits = True
    assert (jobs.waiting(), jobs.rest()) == (True, 0.0)


def test_a_server_that_is_away_looks_as_if_a_job_waited() -> None:
    """So that the engine looks, and says what is wrong."""
    jobs = jobs_of("postgresql://nobody@127.0.0.1:1/none", TICKETS)
    assert (jobs.changed(), jobs.waiting()) == (True, True)


def test_a_ledger_that_does_not_answer_is_asked_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within a bound, and as often as ever as soon as it answers."""
    waits: list[float] = []
    answers = iter([True, False, False, False, False, False, False, True, True])

    def wait(_wake: Wake, timeout: float) -> bool:
        waits.append(timeout)
        return len(waits) > 9

    queue = SimpleNamespace(_polling_interval_sec=0.1, database_backed_queue=True)
    engine = SimpleNamespace(_sys_db=SimpleNamespace(get_queue=lambda _name: queue))
    monkeypatch.setattr(queue_watch, "_get_dbos_instance", lambda: engine)
    monkeypatch.setattr(queue_watch, "jobs_of", lambda *_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(Wake, "wait", wait)
    taker = SimpleNamespace(look=lambda: next(answers), freed=None)
    QueueWatch("")._look("tickets", taker)
    assert waits == [0.1, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 0.1, 0.1]

"""A worker takes the runs that it has room for, and each end is written once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from api.telemetry.outages import Outage
from api.worker import run_taking
from api.worker.run_ends import present_end
from api.worker.run_taking import RECOVERIES, RunTaker, Share
from api.worker.runs_under_way import Run
from memory.storage.database import Database
from memory.storage.errors import CommitUnknown, StorageUnavailable
from memory.storage.queue import Queue
from memory.storage.runs_queue import RunsQueue
from tests.postgres import copy_of


class Busy:
    """The engine's list of what it executes, by script."""

    def __init__(self, queue: int, **lanes: int) -> None:
        self.queue, self.lanes = queue, lanes
        self.began: list[str] = []

    def count_for_queue(self, _queue: str) -> int:
        """In all."""
        return self.queue

    def count_for_partition(self, _queue: str, lane: str) -> int:
        """Of a lane."""
        return self.lanes.get(lane, 0)

    def add(self, _job: str, _queue: str, lane: str) -> SimpleNamespace:
        """One more."""
        self.began.append(lane)
        self.queue += 1
        return SimpleNamespace(release=self._ended)

    def _ended(self) -> None:
        self.queue -= 1


class Engine:
    """What is asked of the engine, and told to it."""

    refuses = 0
    """How often it cannot write what it is told."""

    def __init__(self, busy: Busy) -> None:
        self._active_workflows_set = busy
        self._serializer = None
        self._sys_db = SimpleNamespace(update_workflow_outcome=self._outcome)
        self.told: list[tuple[str, str]] = []

    def _outcome(self, job: str, state: str, *, owner_xid: str) -> bool:
        assert owner_xid
        if self.refuses:
            self.refuses -= 1
            raise OSError("the disk takes nothing")
        self.told.append((job, state))
        return True


@pytest.fixture
async def waiting(template: Path, tmp_path: Path) -> AsyncIterator[tuple[Database, RunsQueue]]:
    """A ledger in which three runs wait for each of two tenants."""
    url = copy_of(template, tmp_path)
    database, queue = Database(url), Queue(url)
    async with database.transaction() as session:
        for number in range(3):
            for tenant in ("acme", "bird"):
                await queue.run_ticket(session, f"{tenant}-{number}", 1, tenant, "accepted")
    yield database, RunsQueue(url)
    queue.close()
    await database.close()


async def begun(
    waiting: tuple[Database, RunsQueue],
    monkeypatch: pytest.MonkeyPatch,
    busy: Busy,
    share: Share,
    run: Run | None = None,
) -> Engine:
    """The engine after one look, and after what it has begun."""
    database, runs = waiting
    engine = Engine(busy)
    monkeypatch.setattr(run_taking, "_get_dbos_instance", lambda: engine)

    async def at_once(*_given: object) -> str:
        return "finished"

    taker = RunTaker(database.units, runs, share, run or at_once, Outage("chore_failed"))
    await asyncio.to_thread(taker.look)
    while taker.running:
        await asyncio.wait(taker.running)
    return engine


@pytest.mark.parametrize(
    ("busy", "share", "lanes"),
    [
        (Busy(0), Share(10, 2), ["acme", "acme", "bird", "bird"]),
        (Busy(1, acme=1), Share(10, 2), ["acme", "bird", "bird"]),
        (Busy(2, acme=2), Share(10, 2), ["bird", "bird"]),
        (Busy(4), Share(4, 2), []),
    ],
    ids=["idle", "one", "full-lane", "full"],
)
async def test_a_look_takes_what_there_is_room_for(
    waiting: tuple[Database, RunsQueue],
    monkeypatch: pytest.MonkeyPatch,
    busy: Busy,
    share: Share,
    lanes: list[str],
) -> None:
    """Of each lane, and in all."""
    before = busy.queue
    await begun(waiting, monkeypatch, busy, share)
    assert (sorted(busy.began), busy.queue) == (lanes, before)


async def test_the_worker_as_a_whole_takes_no_more_than_its_share(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever lane comes first."""
    busy = Busy(1)
    await begun(waiting, monkeypatch, busy, Share(4, 2))
    assert len(busy.began) == 3


async def test_an_end_that_is_on_record_is_not_written_again(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither as a success nor by the next run; one that failed, or wrote none, is told to the engine."""
    database, _ = waiting

    async def run(ticket: str, _number: int, _cause: str) -> str:
        end = present_end()
        assert end is not None
        if ticket == "acme-0":
            raise RuntimeError(ticket)
        if ticket != "acme-1":
            await database.units.write(end.write)
            end.tell()
        return "finished"

    engine = await begun(waiting, monkeypatch, Busy(0), Share(10, 3), run)
    assert sorted(engine.told) == [("ticket:acme-0:1", "ERROR"), ("ticket:acme-1:1", "SUCCESS")]
    assert present_end() is None


async def test_an_end_is_written_as_soon_as_it_can_be(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the row says that the run goes on, so that nobody would take its ticket up."""
    monkeypatch.setattr(run_taking, "AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(Engine, "refuses", 3)
    busy = Busy(0)
    with capture_logs() as logs:
        engine = await begun(waiting, monkeypatch, busy, Share(1, 1))
    assert (len(engine.told), busy.queue) == (1, 0)
    assert [one["event"] for one in logs] == ["run_end_not_written"]


async def test_what_may_have_been_taken_is_put_back(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the commit's answer was lost: by their rows they are this worker's, and it knows of none."""
    database, _ = waiting
    written = database.units.write
    lost = iter([True])

    async def answerless(unit: Any) -> Any:
        found = await written(unit)
        if next(lost, False):
            raise CommitUnknown("the answer was lost", "4711")
        return found

    monkeypatch.setattr(database.units, "write", answerless)
    busy = Busy(0)
    await begun(waiting, monkeypatch, busy, Share(10, 3))
    assert busy.began == []
    await begun(waiting, monkeypatch, busy, Share(10, 3))
    assert len(busy.began) == 6


async def test_what_was_begun_too_often_is_left_to_the_engine(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It puts the job aside, and the sweeper finds the ticket; the other runs go on."""
    database, runs = waiting
    left: list[str] = []

    def execute(_engine: object, status: dict[str, Any], _owner: str) -> None:
        left.append(status["workflow_uuid"])
        raise RuntimeError("too often")

    monkeypatch.setattr(run_taking, "execute_dequeued_workflow", execute)
    table = runs._sql("{schema}workflow_status")
    often = f"UPDATE {table} SET recovery_attempts = ? WHERE workflow_uuid = ?"  # noqa: S608 - our own names
    await database.units.write(lambda do: do.run(often, (RECOVERIES + 1, "ticket:acme-0:1")))
    busy = Busy(0)
    await begun(waiting, monkeypatch, busy, Share(10, 3))
    assert (left, len(busy.began)) == (["ticket:acme-0:1"], 5)


@pytest.mark.parametrize("error", [StorageUnavailable("away"), RuntimeError("broke")], ids=repr)
async def test_a_look_that_fails_ends_no_thread(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It takes nothing, and the next one tries again."""

    async def away(_unit: object) -> None:
        raise error

    monkeypatch.setattr(waiting[0].units, "look", away)
    busy = Busy(0)
    await begun(waiting, monkeypatch, busy, Share(10, 2))
    assert busy.began == []
    monkeypatch.undo()
    await begun(waiting, monkeypatch, busy, Share(10, 2))
    assert len(busy.began) == 4


async def test_a_ledger_that_is_away_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked; who asks learns that there was no answer."""

    class Away:
        async def look(self, _unit: object) -> object:
            raise StorageUnavailable("the database cannot be reached")

    async def unused(*_given: object) -> str:
        raise AssertionError

    engine = Engine(Busy(0))
    monkeypatch.setattr(run_taking, "_get_dbos_instance", lambda: engine)
    runs = cast("RunsQueue", SimpleNamespace(lanes_in=None))
    taker = RunTaker(cast("Any", Away()), runs, Share(1, 1), unused, Outage("chore_failed"))
    with capture_logs() as lines:
        answered = [await asyncio.to_thread(taker.look) for _ in range(20)]
    assert not any(answered)
    assert [line["event"] for line in lines] == ["chore_failed"]

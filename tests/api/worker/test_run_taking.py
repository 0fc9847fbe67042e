"""A worker takes the runs that it has room for, and the engine is told of ends that are written."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from api.telemetry.outages import Outage
from api.worker import run_ends, run_taking
from api.worker.run_ends import RunEnd, RunEnds
from api.worker.run_taking import RunTaker, Share
from memory.storage.database import Database, StorageUnavailable
from memory.storage.queue import Queue
from memory.storage.runs_queue import RunsQueue
from memory.storage.units import Statements
from tests.postgres import copy_of


class Busy:
    """The engine's list of what it executes, by script."""

    def __init__(self, queue: int, **lanes: int) -> None:
        self.queue, self.lanes = queue, lanes

    def count_for_queue(self, _queue: str) -> int:
        """In all."""
        return self.queue

    def count_for_partition(self, _queue: str, lane: str) -> int:
        """Of a lane."""
        return self.lanes.get(lane, 0)


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
    broken: str = "",
) -> list[str]:
    """The lanes of the runs that one look has begun."""
    database, runs = waiting
    found: list[str] = []

    def execute(_engine: object, status: dict[str, Any], _owner: str) -> None:
        if status["workflow_uuid"] == broken:
            raise RuntimeError(broken)
        found.append(status["queue_partition_key"])

    monkeypatch.setattr(
        run_taking, "_get_dbos_instance", lambda: SimpleNamespace(_active_workflows_set=busy)
    )
    monkeypatch.setattr(run_taking, "execute_dequeued_workflow", execute)
    taker = RunTaker(
        database.units, runs, share, asyncio.get_running_loop(), Outage("chore_failed")
    )
    await asyncio.to_thread(taker.look)
    return sorted(found)


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
    assert await begun(waiting, monkeypatch, busy, share) == lanes


async def test_the_worker_as_a_whole_takes_no_more_than_its_share(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever lane comes first."""
    assert len(await begun(waiting, monkeypatch, Busy(1), Share(4, 2))) == 3


async def test_a_run_that_cannot_begin_holds_up_no_other(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays with this worker, and the sweeper finds it."""
    found = await begun(waiting, monkeypatch, Busy(0), Share(10, 3), broken="ticket:acme-0:1")
    assert len(found) == 5


@pytest.mark.parametrize("error", [StorageUnavailable("away"), RuntimeError("broke")], ids=repr)
async def test_a_look_that_fails_ends_no_thread(
    waiting: tuple[Database, RunsQueue], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It takes nothing, and the next one tries again."""

    async def away(_unit: object) -> None:
        raise error

    monkeypatch.setattr(waiting[0].units, "look", away)
    assert await begun(waiting, monkeypatch, Busy(0), Share(10, 2)) == []
    monkeypatch.undo()
    assert len(await begun(waiting, monkeypatch, Busy(0), Share(10, 2))) == 4


def test_the_engine_writes_no_end_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for each end that is on record; the others it writes itself."""
    written: list[str] = []

    def write(job: str, status: str, *, output: str | None = None) -> bool:
        del status, output
        written.append(job)
        return True

    system = SimpleNamespace(update_workflow_outcome=write)
    monkeypatch.setattr(run_ends, "_get_dbos_instance", lambda: SimpleNamespace(_sys_db=system))
    context = SimpleNamespace(workflow_id="job", owner_xid="me")
    monkeypatch.setattr(run_ends, "get_local_dbos_context", lambda: context)
    ends = RunEnds(RunsQueue("sqlite:///nowhere"))
    assert ends.present() is None  # nobody would ask
    ends.install()
    end = ends.present()
    assert isinstance(end, RunEnd)
    end.tell()  # nothing is on record yet
    monkeypatch.setattr(RunsQueue, "end_in", lambda *_: True)
    assert system.update_workflow_outcome("job", "SUCCESS")
    end.write(cast("Statements", None))
    end.tell()
    assert system.update_workflow_outcome("job", "SUCCESS", output="x")
    assert system.update_workflow_outcome("job", "SUCCESS", output="x")
    assert written == ["job", "job"]


def test_outside_of_a_job_there_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the evals, which drive a ticket without the engine."""
    system = SimpleNamespace(update_workflow_outcome=None)
    monkeypatch.setattr(run_ends, "_get_dbos_instance", lambda: SimpleNamespace(_sys_db=system))
    ends = RunEnds(RunsQueue("sqlite:///nowhere"))
    ends.install()
    assert ends.present() is None


async def test_a_ledger_that_is_away_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked; who asks learns that there was no answer."""

    class Away:
        async def look(self, _unit: object) -> object:
            raise StorageUnavailable("the database cannot be reached")

    engine = SimpleNamespace(_active_workflows_set=Busy(0))
    monkeypatch.setattr(run_taking, "_get_dbos_instance", lambda: engine)
    loop, runs = asyncio.get_running_loop(), cast("RunsQueue", SimpleNamespace(lanes_in=None))
    taker = RunTaker(cast("Any", Away()), runs, Share(1, 1), loop, Outage("chore_failed"))
    with capture_logs() as lines:
        answered = [await asyncio.to_thread(taker.look) for _ in range(20)]
    assert not any(answered)
    assert [line["event"] for line in lines] == ["chore_failed"]

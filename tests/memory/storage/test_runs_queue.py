"""A run is taken out of the queue, and ends, by the engine's own rules."""

import pytest

from memory.storage.queue import BULK
from memory.storage.runs_queue import RunsQueue, Taken
from tests.memory.ledgers import TENANT, Ledger

WORKER = "worker-1"


@pytest.fixture
def runs(url: str) -> RunsQueue:
    """The queue of the ledger's runs."""
    return RunsQueue(url)


async def take(ledger: Ledger, runs: RunsQueue, room: int, worker: str = WORKER) -> list[Taken]:
    """In a unit of its own."""
    return await ledger.database.units.write(lambda do: runs.take_in(do, TENANT, room, worker))


async def test_a_lane_is_seen_while_a_run_waits_in_it(ledger: Ledger, runs: RunsQueue) -> None:
    """Once, however many wait; one whose moment has not come does not."""
    async with ledger.database.transaction() as session:
        for number, tenant in enumerate(["b", "a", "b", "a/1"]):
            await ledger.queue.run_ticket(session, f"t{number}", 1, tenant, "accepted")
        await ledger.queue.after(60).run_ticket(session, "t9", 1, "later", "accepted")
    assert await ledger.database.units.read(runs.lanes_in) == ["a", "a/1", "b"]


async def test_the_first_are_taken_and_nobody_takes_them_again(
    ledger: Ledger, runs: RunsQueue
) -> None:
    """By priority, then by age; no more than there is room for."""
    async with ledger.database.transaction() as session:
        for name, bulk in [("bulk", True), ("one", False), ("two", False)]:
            await ledger.queue.run_ticket(session, name, 1, TENANT, "accepted", bulk=bulk)
        await ledger.queue.run_ticket(session, "other", 1, "elsewhere", "accepted")
    first, second = await take(ledger, runs, 2), await take(ledger, runs, 5, "worker-2")
    names = [[one.status["workflow_uuid"] for one in taken] for taken in (first, second)]
    assert sorted(names[0]) == ["ticket:one:1", "ticket:two:1"]
    assert (names[1], second[0].status["priority"]) == (["ticket:bulk:1"], BULK)
    assert await take(ledger, runs, 5) == []
    assert {one.status["executor_id"] for one in first} == {WORKER}


async def test_it_is_known_as_the_engine_reads_it(ledger: Ledger, runs: RunsQueue) -> None:
    """Every name and every value, also of a job that came through the engine's client."""
    async with ledger.database.transaction() as session:
        await ledger.queue.run_ticket(session, "one", 1, TENANT, "accepted")
    taken = await take(ledger, runs, 1)
    system = ledger.queue.client._sys_db
    assert system.get_workflow_statuses(["ticket:one:1"]) == [taken[0].status]
    assert (taken[0].status["status"], taken[0].status["recovery_attempts"]) == ("PENDING", 1)


async def test_it_ends_once_and_for_its_owner_alone(ledger: Ledger, runs: RunsQueue) -> None:
    """One that was given to another worker meanwhile ends for that one; nothing of it stays behind."""
    async with ledger.database.transaction() as session:
        await ledger.queue.run_ticket(session, "one", 1, TENANT, "accepted")
    (taken,) = await take(ledger, runs, 1)
    job = "ticket:one:1"

    async def ended(owner: str) -> bool:
        return await ledger.database.units.write(lambda do: runs.end_in(do, job, owner))

    assert [await ended(one) for one in ("nobody", taken.owner, taken.owner)] == [
        False,
        True,
        False,
    ]
    assert ledger.queue.client._sys_db.get_workflow_statuses([job]) == []


async def test_what_is_put_back_was_never_taken(ledger: Ledger, runs: RunsQueue) -> None:
    """Another worker has it next, and no death of a worker is counted; another's is not put back."""
    async with ledger.database.transaction() as session:
        await ledger.queue.run_ticket(session, "one", 1, TENANT, "accepted")

    async def put_back(one: Taken) -> int:
        return await ledger.database.units.write(lambda do: runs.put_back_in(do, [one]))

    (first,) = await take(ledger, runs, 1)
    assert await put_back(first) == 1
    (second,) = await take(ledger, runs, 1, "worker-2")
    assert second.status["recovery_attempts"] == 1
    assert await put_back(first) == 0
    assert await take(ledger, runs, 1) == []

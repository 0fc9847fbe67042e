"""Where a run waits in the queue: by tenant, by weight, and what nobody waits for last."""

from collections.abc import AsyncIterator

import pytest
from dbos import EnqueueOptions
from sqlalchemy import text

from memory.storage.database import Database
from memory.storage.queue import APPLICATION_VERSION, BULK, RUN_TICKET, TICKETS, Queue, lane
from memory.tickets import intake
from memory.workers import drives
from tests.memory.ledgers import TENANT, Ledger

HEAVY = "heavy"


@pytest.fixture
async def weighted(url: str) -> AsyncIterator[Ledger]:
    """A ledger whose queue gives one tenant three times the share of the others."""
    queue = Queue(url, lambda tenant: 3 if tenant == HEAVY else 1)
    opened = Ledger(Database(url), queue)
    yield opened
    queue.close()
    await opened.database.close()


async def test_a_heavy_tenant_waits_in_several_lanes(weighted: Ledger) -> None:
    """All of them are its own, and a tenant of weight one has the lane that it always had."""
    for _ in range(30):
        await weighted.accept(tenant=HEAVY)
    await weighted.accept()
    lanes = {partition for _, _, partition, _ in await weighted.jobs()}
    assert lanes == {HEAVY, f"{HEAVY}/1", f"{HEAVY}/2", TENANT}


@pytest.mark.parametrize(("bulk", "delay"), [(False, 0.0), (True, 5.0)])
async def test_a_job_stands_as_the_engines_own_client_writes_it(
    ledger: Ledger, *, bulk: bool, delay: float
) -> None:
    """Every column of both tables, but the moments and the engine's random token."""
    queue = ledger.queue.after(delay)
    async with ledger.database.transaction() as session:
        await queue.run_ticket(session, "ours", 1, TENANT, "accepted", bulk=bulk)
    options: EnqueueOptions = {
        "workflow_name": RUN_TICKET,
        "queue_name": TICKETS,
        "workflow_id": "ticket:engine:1",
        "queue_partition_key": TENANT,
        "app_version": APPLICATION_VERSION,
    }
    options |= {"priority": BULK} if bulk else {}
    options |= {"delay_seconds": delay} if delay else {}
    await ledger.queue.client.enqueue_async(options, "ours", 1, "accepted")
    ours, theirs = await rows_of(ledger, "ticket:ours:1"), await rows_of(ledger, "ticket:engine:1")
    assert ours == theirs
    assert ours["status"] == ("DELAYED" if delay else "ENQUEUED")


async def rows_of(ledger: Ledger, name: str) -> dict[str, object]:
    """A job's columns in both tables, with moments and tokens told by their kind."""
    schema = "" if ledger.database.is_sqlite else "dbos."
    found: dict[str, object] = {}
    async with ledger.database.engine.connect() as connection:
        for table in ("workflow_status", "workflow_input"):
            query = text(f"SELECT * FROM {schema}{table} WHERE workflow_uuid = :name")  # noqa: S608
            found |= (await connection.execute(query, {"name": name})).mappings().one()
    varying = {name for name in found if name.endswith(("_at", "_xid", "_ms", "_timestamp"))}
    kinds = {name: type(found[name]).__name__ for name in varying}
    empty = {name: None for name, value in found.items() if value == "null"}
    return {**found, **kinds, **empty, "workflow_uuid": ""}


async def test_a_second_job_of_one_name_is_the_first(ledger: Ledger) -> None:
    """Whoever does a step again enqueues nothing twice."""
    for _ in range(2):
        async with ledger.database.transaction() as session:
            await ledger.queue.run_ticket(session, "t", 1, TENANT, "accepted")
    assert len(await ledger.jobs()) == 1


def test_lanes_share_a_tenants_jobs_evenly() -> None:
    """So that each weight of a tenant has about as much to do."""
    lanes = [lane("acme", 4, f"tkt_{number}") for number in range(4_000)]
    counts = [lanes.count(one) for one in set(lanes)]
    assert len(counts) == 4
    assert max(counts) < 1.2 * min(counts)


async def test_what_nobody_waits_for_goes_last(ledger: Ledger) -> None:
    """Of two tickets the one that is not bulk has the better priority, though it came later."""
    ids = []
    for bulk in (True, False):
        async with ledger.database.transaction() as session:
            accepted = await intake.accept(
                session,
                ledger.queue,
                tenant=TENANT,
                new=intake.NewTicket("", "hello", bulk=bulk),
                key=None,
                digest="d",
            )
        ids.append(accepted.ticket.id)
    table = "workflow_status" if ledger.database.is_sqlite else "dbos.workflow_status"
    async with ledger.database.engine.connect() as connection:
        found = await connection.execute(
            text(f"SELECT workflow_uuid, priority FROM {table}")  # noqa: S608 - fixed names
        )
        priorities = {name.split(":")[1]: priority for name, priority in found.all()}
    assert [priorities[one] for one in ids] == [BULK, 0]


async def test_who_has_a_job_under_way_is_known(ledger: Ledger) -> None:
    """A job that waits belongs to nobody; one that was taken up, to its worker, as does what one drives."""
    async with ledger.database.transaction() as session:
        await ledger.queue.run_ticket(session, "t1", 1, "acme", "accepted")
    units, schema = ledger.database.units, "" if ledger.database.is_sqlite else "dbos."
    assert await units.read(ledger.queue.owners_in) == set()
    taken = f"UPDATE {schema}workflow_status SET status = 'PENDING', executor_id = 'w1'"  # noqa: S608
    await units.write(lambda do: do.run(taken))
    assert await units.read(ledger.queue.owners_in) == {"w1"}
    ticket = await ledger.accept()
    await units.write(lambda do: drives.begin(do, "w2", ticket))
    assert await units.read(ledger.queue.owners_in) == {"w1", "w2"}

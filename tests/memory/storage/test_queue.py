"""Where a run waits in the queue: by tenant, by weight, and what nobody waits for last."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from memory.storage.database import Database
from memory.storage.queue import BULK, Queue, lane
from memory.tickets import intake
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

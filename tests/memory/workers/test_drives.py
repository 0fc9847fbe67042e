"""What is held against a ticket whose worker died, and what is not."""

from collections.abc import Mapping
from functools import partial

import pytest

from memory.storage.database import Database
from memory.tables import DeathCause, Ticket
from memory.workers import drives
from memory.workers.drives import MOST_CRASHES, MOST_KILLS, Death, Record, Step
from tests.memory.ledgers import Ledger


async def begun(database: Database, worker: str, *some: Ticket) -> None:
    """A worker drives these tickets."""
    for ticket in some:
        await database.units.write(partial(drives.begin, worker=worker, ticket=ticket))


async def dead(
    database: Database, worker: str, cause: DeathCause, steps: Mapping[str, Step] | None = None
) -> list[Death]:
    """Deaths written down."""
    async with database.transaction() as session:
        return await drives.died(session, worker, cause, steps or {})


async def test_a_death_counts_against_every_ticket_under_way(ledger: Ledger) -> None:
    """Most of all against the one whose step had begun last."""
    first, second = await ledger.accept(), await ledger.accept()
    await begun(ledger.database, "w1", first, second)
    steps = {first.id: Step("plan", latest=False), second.id: Step("draft", latest=True)}
    found = {
        one.ticket.id: one for one in await dead(ledger.database, "w1", DeathCause.CRASH, steps)
    }
    assert found[first.id].record == Record(crashes=1, kills=1)
    assert found[second.id].record == Record(crashes=1, kills=1, latest=True)
    assert found[second.id].node == "draft"
    assert await dead(ledger.database, "w1", DeathCause.CRASH) == []


async def test_who_waited_outside_did_not_do_it(ledger: Ledger) -> None:
    """Unless nobody was at work: then it may have been any of them."""
    waiting, working = await ledger.accept(), await ledger.accept()
    steps = {one.id: Step("draft", latest=False, away=one is waiting) for one in (waiting, working)}
    await begun(ledger.database, "w1", waiting, working)
    found = {
        one.ticket.id: one for one in await dead(ledger.database, "w1", DeathCause.CRASH, steps)
    }
    assert found[waiting.id].record == Record(kills=1)
    assert found[working.id].record.suspect
    await begun(ledger.database, "w2", waiting)
    [alone] = await dead(ledger.database, "w2", DeathCause.CRASH, steps)
    assert alone.record.suspect


@pytest.mark.parametrize(
    ("cause", "enough"),
    [
        (DeathCause.SILENT, MOST_CRASHES),
        (DeathCause.MEMORY, MOST_CRASHES),
        (DeathCause.OUTSIDE, MOST_KILLS),
    ],
)
async def test_it_is_guilty_after_a_bounded_number(
    ledger: Ledger, cause: DeathCause, enough: int
) -> None:
    """Kills from outside say less than a worker's own doing."""
    ticket = await ledger.accept()
    verdicts = []
    for number in range(enough):
        await begun(ledger.database, f"w{number}", ticket)
        [death] = await dead(ledger.database, f"w{number}", cause)
        verdicts.append(death.record.guilty)
    assert verdicts == [False] * (enough - 1) + [True]


async def test_a_drive_that_came_to_its_end_is_not_held_against_it(ledger: Ledger) -> None:
    """Neither one that ended, nor one that a stopping worker left, nor one that was replaced."""
    ended, left, replaced = [await ledger.accept() for _ in range(3)]
    await begun(ledger.database, "w1", ended, replaced)
    await begun(ledger.database, "w2", left)
    await ledger.database.units.write(lambda do: drives.end(do, "w1", ended.id, ended.epoch))
    async with ledger.database.transaction() as session:
        await drives.leave(session, "w2")
        stored = await session.get_one(Ticket, replaced.id)
        stored.epoch += 1
        session.add(stored)
    assert await dead(ledger.database, "w1", DeathCause.CRASH) == []
    assert await dead(ledger.database, "w2", DeathCause.CRASH) == []


async def test_what_came_to_rest_is_forgiven(ledger: Ledger) -> None:
    """It is driven beside others again."""
    ticket = await ledger.accept()
    await begun(ledger.database, "w1", ticket)
    await dead(ledger.database, "w1", DeathCause.CRASH)
    units = ledger.database.units
    assert (await units.read(lambda do: drives.record_read(do, ticket.id))).suspect
    await units.write(lambda do: drives.forgive(do, ticket.id))
    assert await units.read(lambda do: drives.record_read(do, ticket.id)) == Record()

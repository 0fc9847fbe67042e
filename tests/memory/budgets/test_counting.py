"""A drive counts by itself what costs nothing, and nobody is given more than the ceilings say."""

import asyncio

import pytest
from sqlmodel import select

from memory.budgets.amounts import Amounts, BudgetRefused, Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.budgets.ledger import turn_account
from memory.storage.database import Database
from memory.storage.step import Step, leaving_to
from memory.tables import BudgetReservation, Ticket
from tests.memory.budgets.books import Clock, budget, granted, held, scope

CALL = Amounts(tool_calls=1)


@pytest.fixture
async def database(database: Database) -> Database:
    """A ledger with two tickets."""
    async with database.transaction() as session:
        session.add_all([Ticket(id=f"t{n}", tenant="acme", subject="") for n in range(2)])
    return database


async def reservations(database: Database) -> int:
    """How many rows hold anything, or have held it."""
    async with database.reading() as session:
        return len((await session.exec(select(BudgetReservation.id))).all())


async def spend(made: LedgerBudget, calls: int = 1) -> bool:
    """Whether a call was granted; it is settled at once, and left `calls` times."""
    reserved = await made.reserve(scope(), CALL)
    if isinstance(reserved, BudgetRefused):
        return False
    await made.settle(reserved, Amounts(tool_calls=calls))
    return True


async def test_a_drive_counts_free_calls_without_a_row_for_each(database: Database) -> None:
    """They are charged with its commit, to turn, ticket and day."""
    made, step = (
        budget(database, Clock(), turn=Ceiling(tool_calls=3)),
        Step(database.units, "t1", 1),
    )
    with leaving_to(step):
        granted_of_five = [await spend(made) for _ in range(5)]
        await step.flush()
    assert granted_of_five == [True, True, True, False, False]
    assert await reservations(database) == 0
    accounts = (turn_account(scope()), "ticket:t1", "day:acme:2026-11-22")
    assert [(await held(database, one))["tool_calls"] for one in accounts] == [(3, 0)] * 3


async def test_branches_of_a_drive_share_one_count(database: Database) -> None:
    """Of many that ask at once, as many are granted as the ceiling says."""
    made, step = (
        budget(database, Clock(), turn=Ceiling(tool_calls=3)),
        Step(database.units, "t1", 1),
    )
    with leaving_to(step):
        found = await asyncio.gather(*(made.reserve(scope(), CALL) for _ in range(20)))
        await step.flush()
    assert sum(isinstance(one, BudgetRefused) for one in found) == 17


async def test_what_was_charged_before_counts_in_the_next_drive(database: Database) -> None:
    """Also what others reserved in the ticket's account, and what is dear in the same drive."""
    made = budget(database, Clock(), turn=Ceiling(tool_calls=4))
    await granted(made, CALL)
    for drive in (1, 2):
        step = Step(database.units, "t1", drive)
        with leaving_to(step):
            assert await spend(made)
            await step.flush()
    step = Step(database.units, "t1", 3)
    with leaving_to(step):
        dear = Amounts(money_micros=5, tool_calls=1)
        assert await spend(made, calls=0)
        await granted(made, dear)
        assert not await spend(made)
        await step.flush()


async def test_a_call_that_never_left_is_given_back(database: Database) -> None:
    """It takes nothing from the next one."""
    made, step = (
        budget(database, Clock(), turn=Ceiling(tool_calls=1)),
        Step(database.units, "t1", 1),
    )
    with leaving_to(step):
        assert await spend(made, calls=0)
        assert await spend(made)
        await step.flush()


async def test_what_other_tickets_share_is_reserved(database: Database) -> None:
    """A day's ceiling on calls holds over all drives at once."""
    made = budget(database, Clock(), day=Ceiling(tool_calls=1))
    steps = [Step(database.units, f"t{n}", 1) for n in range(2)]
    found = []
    for step in steps:
        with leaving_to(step):
            found.append(await made.reserve(scope(step.ticket_id), CALL))
            await step.flush()
    assert [isinstance(one, BudgetRefused) for one in found] == [False, True]
    assert await reservations(database) == 1

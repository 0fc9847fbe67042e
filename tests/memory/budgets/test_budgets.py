"""Budgets on a real file: never overspent, whoever asks at once and whoever dies."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.budgets import budgets, expiry, ledger
from memory.budgets.amounts import RESOURCES, Amounts, BudgetRefused, Ceiling, Reserved
from memory.storage.database import Database
from tests.desks import empty_ledger
from tests.memory.budgets.books import DAY, NOON, Clock, budget, granted, held, scope


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


async def test_what_was_not_taken_is_given_back(database: Database, clock: Clock) -> None:
    """Reserve the most, settle what it was; nothing taken is a refund."""
    made = budget(database, clock, turn=Ceiling(money_micros=100))
    first = await granted(made, Amounts(money_micros=80, tool_calls=1))
    assert (await held(database))["money_micros"] == (0, 80)
    assert isinstance(await made.reserve(scope(), Amounts(money_micros=21)), BudgetRefused)
    await made.settle(first, Amounts(money_micros=30, tool_calls=1))
    assert (await held(database))["money_micros"] == (30, 0)
    second = await granted(made, Amounts(money_micros=70))
    await made.settle(second, Amounts())
    assert (await held(database))["money_micros"] == (30, 0)


async def test_settling_twice_is_settling_once(database: Database, clock: Clock) -> None:
    """A repeated settlement changes nothing."""
    made = budget(database, clock)
    reserved = await granted(made, Amounts(tokens=10))
    for _ in range(3):
        await made.settle(reserved, Amounts(tokens=4))
    assert (await held(database))["tokens"] == (4, 0)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("account", ["turn", "ticket", "day"])
async def test_each_limit_holds_and_says_so(
    database: Database, clock: Clock, account: str, resource: str
) -> None:
    """The refusal names the account, the resource and the numbers, and takes nothing."""
    made = budget(database, clock, **{account: Ceiling(**{resource: 5})})
    await granted(made, Amounts(**{resource: 3}))
    refused = await made.reserve(scope(), Amounts(**{resource: 3}))
    assert refused == BudgetRefused(account, resource.replace("_", " "), 3, 3, 5)
    money = resource == "money_micros"
    assert ("0.0000 of 0.0000" if money else "3 of 5 taken, 3 wanted") in refused.reason
    for key in (DAY, "turn:t1:1", "ticket:t1"):
        assert (await held(database, key))[resource] == (0, 3)


async def test_a_turn_has_its_own_account_and_the_day_is_shared(
    database: Database, clock: Clock
) -> None:
    """Another turn begins at nothing; the tenant's day counts them all, until midnight."""
    made = budget(database, clock, turn=Ceiling(tool_calls=1), day=Ceiling(tool_calls=3))
    for where in (scope(), scope(turn=2), scope("t2")):
        await granted(made, Amounts(tool_calls=1), where)
    assert isinstance(await made.reserve(scope("t3"), Amounts(tool_calls=1)), BudgetRefused)
    clock.moment = NOON + timedelta(hours=12)
    await granted(made, Amounts(tool_calls=1), scope("t3"))


async def test_a_ticket_has_one_account_for_all_its_turns(database: Database, clock: Clock) -> None:
    """A customer who writes on for ever spends no more than the ticket may."""
    made = budget(database, clock, ticket=Ceiling(money_micros=2_000_000))
    for turn in (1, 2):
        first = await granted(made, Amounts(money_micros=1_000_000), scope(turn=turn))
        await made.settle(first, Amounts(money_micros=1_000_000))
    refused = await made.reserve(scope(turn=3), Amounts(money_micros=10_000))
    assert isinstance(refused, BudgetRefused)
    assert refused.reason == (
        "the budget of this ticket for money is used up: 2.0000 of 2.0000 taken, 0.0100 wanted"
    )
    await granted(made, Amounts(money_micros=1_000_000), scope("t2"))


async def test_old_reservations_go_and_accounts_stay_for_longer(
    database: Database, clock: Clock
) -> None:
    """A turn that waits for a person for weeks keeps what it has spent."""
    made = budget(database, clock)
    await made.settle(await granted(made, Amounts(tokens=5)), Amounts(tokens=5))
    later = datetime.now(UTC) + timedelta(days=30)
    async with database.transaction() as session:
        gone = await expiry.prune(session, later, datetime.now(UTC) - timedelta(days=30))
    assert gone == 1
    assert (await held(database, "ticket:t1"))["tokens"] == (5, 0)


async def test_nothing_wanted_is_never_refused(database: Database, clock: Clock) -> None:
    """A free call passes an account that is used up."""
    made = budget(database, clock, turn=Ceiling(money_micros=0))
    await granted(made, Amounts(tool_calls=1))


async def test_fifty_at_once_for_twenty(database: Database, clock: Clock) -> None:
    """Fifty reservations race for a budget of twenty: twenty get one."""
    made = budget(database, clock, day=Ceiling(money_micros=200))
    asked = (made.reserve(scope(f"t{n}"), Amounts(money_micros=10)) for n in range(50))
    outcomes = await asyncio.gather(*asked)
    assert sum(isinstance(one, Reserved) for one in outcomes) == 20
    assert (await held(database))["money_micros"] == (0, 200)


async def test_two_hundred_tickets_with_a_budget_for_fifty(
    database: Database, clock: Clock
) -> None:
    """Two workers, reserving more than they take: at no moment beyond, and fifty get through."""
    async with Database(database.url) as other:
        workers = [budget(one, clock, day=Ceiling(money_micros=500)) for one in (database, other)]

        async def one(number: int) -> bool:
            made = workers[number % 2]
            reserved = await made.reserve(scope(f"t{number}"), Amounts(money_micros=10))
            if isinstance(reserved, BudgetRefused):
                return False
            spent, promised = (await held(database))["money_micros"]
            assert spent + promised <= 500
            await made.settle(reserved, Amounts(money_micros=10))
            return True

        outcomes = await asyncio.gather(*(one(number) for number in range(200)))
        assert sum(outcomes) == 50
        assert (await held(database))["money_micros"] == (500, 0)


async def test_what_a_dead_process_held_is_charged(database: Database, clock: Clock) -> None:
    """After its time a reservation is charged in full, once, and told."""
    made = budget(database, clock, day=Ceiling(money_micros=100))
    await granted(made, Amounts(money_micros=60))
    clock.moment = NOON + timedelta(seconds=budgets.RESERVED_SECONDS + 1)
    for expected in (1, 0):
        async with database.transaction() as session:
            expired = await expiry.expire(session, clock.moment)
        assert len(expired) == expected
    assert (await held(database))["money_micros"] == (60, 0)
    assert isinstance(await made.reserve(scope(), Amounts(money_micros=41)), BudgetRefused)


async def test_one_that_was_only_slow_is_corrected(database: Database, clock: Clock) -> None:
    """A settlement after the expiry charges what was really taken."""
    made = budget(database, clock)
    reserved = await granted(made, Amounts(money_micros=60))
    clock.moment = NOON + timedelta(hours=1)
    async with database.transaction() as session:
        await expiry.expire(session, clock.moment)
    for _ in range(2):
        await made.settle(reserved, Amounts(money_micros=25))
    assert (await held(database))["money_micros"] == (25, 0)


async def test_a_young_reservation_does_not_expire(database: Database, clock: Clock) -> None:
    """A call under way keeps what it holds."""
    await granted(budget(database, clock), Amounts(tokens=9))
    async with database.transaction() as session:
        assert await expiry.expire(session, NOON + timedelta(seconds=5)) == []
    assert (await held(database))["tokens"] == (0, 9)


async def test_old_rows_are_forgotten_and_open_ones_kept(database: Database, clock: Clock) -> None:
    """What is settled and old goes; an account with a call under way stays."""
    made = budget(database, clock)
    await made.settle(await granted(made, Amounts(tokens=5), scope("t1")), Amounts(tokens=5))
    await granted(made, Amounts(tokens=7), scope("t2"))
    async with database.transaction() as session:
        assert await expiry.prune(session, datetime(2000, 1, 1, tzinfo=UTC)) == 0
        # one reservation and two accounts of t1; the day is shared with t2
        assert await expiry.prune(session, datetime(2100, 1, 1, tzinfo=UTC)) == 3
    assert (await held(database, "turn:t1:1"))["tokens"] == (0, 0)
    assert (await held(database, "turn:t2:1"))["tokens"] == (0, 7)
    assert (await held(database))["tokens"] == (5, 7)


DIES = """
import asyncio, os, sys
from memory.budgets.amounts import Amounts, BudgetScope, Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.storage.database import Database
async def main():
    made = LedgerBudget(Database(sys.argv[1]), turn=Ceiling(), day=Ceiling(money_micros=100))
    for n in range(int(sys.argv[2])):
        await made.reserve(BudgetScope("acme", f"t{n}", 1), Amounts(money_micros=10))
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""


async def test_killed_holders_never_make_room(database: Database) -> None:
    """Processes killed in the middle: what they held stays taken, and nothing beyond is given."""
    for _ in range(3):
        command = [sys.executable, "-c", DIES, database.url, "4"]
        process = await asyncio.to_thread(subprocess.run, command, check=False)
        assert process.returncode == -9
    today = ledger.day_account("acme", datetime.now(UTC))
    assert (await held(database, today))["money_micros"] == (0, 100)
    later = datetime.now(UTC) + timedelta(hours=1)
    async with database.transaction() as session:
        assert len(await expiry.expire(session, later)) == 10
    assert (await held(database, today))["money_micros"] == (100, 0)


STEPS = st.lists(
    st.tuples(st.just("reserve"), st.integers(1, 40))
    | st.tuples(st.sampled_from(["settle", "expire"]), st.integers(0, 40)),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_the_books_always_balance(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Whatever the order: spent and held equal what is owed, and stay within the limit."""
    database, clock = await empty_ledger(tmp_path_factory.mktemp("b") / "x.db"), Clock()
    made = budget(database, clock, day=Ceiling(money_micros=100))
    open_ones: list[tuple[Reserved, int]] = []
    charged = 0
    for what, number in steps:
        if what == "reserve":
            got = await made.reserve(scope(), Amounts(money_micros=number))
            owed = charged + sum(most for _, most in open_ones)
            assert isinstance(got, Reserved) is (owed + number <= 100)
            if isinstance(got, Reserved):
                open_ones.append((got, number))
        elif what == "settle" and open_ones:
            reserved, most = open_ones.pop()
            charged += min(number, most)
            await made.settle(reserved, Amounts(money_micros=min(number, most)))
        elif what == "expire":
            async with database.transaction() as session:
                await expiry.expire(session, NOON + timedelta(days=1))
            charged += sum(most for _, most in open_ones)
            open_ones.clear()
        spent, promised = (await held(database))["money_micros"]
        assert (spent, promised) == (charged, sum(most for _, most in open_ones))
    await database.close()

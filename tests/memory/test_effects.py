"""The effect ledger on a real file: one proceeds, the others are told what is known."""

import asyncio

import pytest

from memory import effects
from memory.effects import Begun, EffectLedger, Effects, Intent
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.tables import Effect, EffectStatus, Ticket
from tools.adapters.fakes import ListedLedger

INTENDED, DONE = EffectStatus.INTENDED, EffectStatus.DONE
FAILED, UNKNOWN = EffectStatus.FAILED, EffectStatus.UNKNOWN


def intent(key: str = "k1", epoch: int = 1, ticket: str = "t1") -> Intent:
    """An effect that drive `epoch` of a ticket wants."""
    return Intent(key, ticket, "acme", 1, "refund", "f", epoch)


@pytest.fixture(params=["sqlite", "memory"])
def ledger(request: pytest.FixtureRequest, database: Database) -> Effects:
    """The real ledger and its twin."""
    return EffectLedger(database) if request.param == "sqlite" else ListedLedger()


async def row(database: Database, key: str = "k1") -> Effect:
    """The effect's row."""
    async with database.reading() as session:
        return await session.get_one(Effect, key)


async def test_the_first_to_begin_proceeds(ledger: Effects) -> None:
    """And whoever comes later finds an effect in doubt."""
    assert await ledger.begin(intent()) == Begun(INTENDED)
    assert await ledger.begin(intent()) == Begun(UNKNOWN)
    assert await ledger.begin(intent("k2")) == Begun(INTENDED)


async def test_what_is_done_stays_done(ledger: Effects) -> None:
    """The result is given to everyone after, and no later report unsays it."""
    await ledger.begin(intent())
    await ledger.done("k1", {"id": "R1"})
    await ledger.failed("k1", "late", 1)
    await ledger.unknown("k1", "late")
    assert await ledger.begin(intent()) == Begun(DONE, {"id": "R1"})
    assert await ledger.again(intent()) == Begun(DONE, {"id": "R1"})


async def test_what_failed_for_certain_may_begin_anew(ledger: Effects) -> None:
    """One of those who try it again proceeds."""
    await ledger.begin(intent())
    await ledger.failed("k1", "rejected: 422", 1)
    assert await ledger.begin(intent()) == Begun(INTENDED)
    assert await ledger.begin(intent()) == Begun(UNKNOWN)


async def test_one_takes_up_an_unknown_effect(ledger: Effects) -> None:
    """The second that tries finds it taken."""
    await ledger.begin(intent())
    await ledger.unknown("k1", "timeout")
    assert await ledger.again(intent()) == Begun(INTENDED)
    assert await ledger.again(intent()) == Begun(UNKNOWN)


async def test_a_failed_attempt_says_nothing_of_the_next(ledger: Effects) -> None:
    """A zombie's refusal does not hide what its successor has begun to send."""
    stale = await ledger.begin(intent())
    await ledger.begin(intent())  # the successor finds it in doubt
    mine = await ledger.again(intent())
    assert (stale.attempt, mine.attempt) == (1, 2)
    await ledger.failed("k1", "rejected: 422", stale.attempt)
    assert await ledger.begin(intent()) == Begun(UNKNOWN)
    await ledger.failed("k1", "rejected: 422", mine.attempt)
    assert await ledger.begin(intent()) == Begun(INTENDED)


async def test_twenty_begin_at_once(ledger: Effects) -> None:
    """Exactly one proceeds."""
    begun = await asyncio.gather(*(ledger.begin(intent()) for _ in range(20)))
    assert sum(one.proceed for one in begun) == 1
    assert {one.status for one in begun} == {INTENDED, UNKNOWN}


async def test_twenty_take_up_at_once(ledger: Effects) -> None:
    """Exactly one proceeds with what was left in doubt."""
    await ledger.begin(intent())
    await ledger.begin(intent())
    begun = await asyncio.gather(*(ledger.again(intent()) for _ in range(20)))
    assert sum(one.proceed for one in begun) == 1


async def test_the_intention_is_committed_before_the_call(database: Database) -> None:
    """Another connection sees it as soon as `begin` has returned."""
    await EffectLedger(database).begin(intent())
    found = await row(database)
    assert (found.status, found.attempts, found.result) == (INTENDED, 1, None)


async def test_attempts_and_errors_are_kept(database: Database) -> None:
    """The row tells how often it was taken up and what was wrong last."""
    ledger = EffectLedger(database)
    await ledger.begin(intent())
    await ledger.unknown("k1", "timeout: no answer within 5 s")
    assert (await row(database)).error == "timeout: no answer within 5 s"
    await ledger.again(intent())
    await ledger.done("k1", {"id": "R1"})
    found = await row(database)
    assert (found.status, found.attempts, found.error) == (DONE, 2, None)
    assert found.settled_at is not None
    async with database.reading() as session:
        assert [one.key for one in await effects.of_ticket(session, "t1")] == ["k1"]


async def accepted(database: Database, epoch: int) -> None:
    """Ticket t1, driven `epoch` times."""
    async with database.transaction() as session:
        session.add(Ticket(id="t1", tenant="acme", subject="x", epoch=epoch))


@pytest.mark.parametrize("epoch", [1, 2])
async def test_a_zombie_is_fenced_off(database: Database, epoch: int) -> None:
    """With a newer drive on record nothing is begun or taken up, and no row is left."""
    await accepted(database, 3)
    ledger = EffectLedger(database)
    with pytest.raises(Fenced, match="replaced by drive 3"):
        await ledger.begin(intent(epoch=epoch))
    assert await ledger.begin(intent(epoch=3)) == Begun(INTENDED)
    with pytest.raises(Fenced):
        await ledger.again(intent(epoch=epoch))


async def test_a_zombie_may_still_report_a_fact(database: Database) -> None:
    """What it did before it was replaced has happened, and its successor learns of it."""
    await accepted(database, 1)
    ledger = EffectLedger(database)
    await ledger.begin(intent(epoch=1))
    async with database.transaction() as session:
        (await session.get_one(Ticket, "t1")).epoch = 2
    assert await ledger.begin(intent(epoch=2)) == Begun(UNKNOWN)
    await ledger.done("k1", {"id": "R1"})
    assert await ledger.again(intent(epoch=2)) == Begun(DONE, {"id": "R1"})


async def test_two_processes_race(database: Database) -> None:
    """Two databases on one file, as two workers have: one proceeds."""
    async with Database(database.url) as other:
        ledgers = [EffectLedger(one) for one in (database, other) for _ in range(10)]
        begun = await asyncio.gather(*(ledger.begin(intent()) for ledger in ledgers))
        assert sum(one.proceed for one in begun) == 1

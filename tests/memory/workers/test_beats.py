"""Who lives, by what each worker wrote last."""

from datetime import timedelta

import pytest

from memory.tables import WorkerBeat, now
from memory.workers import beats
from tests.memory.ledgers import Ledger


def row(worker: str) -> WorkerBeat:
    """A worker's row."""
    return WorkerBeat(worker=worker, pid=1, host="here", slots=4)


async def test_a_worker_is_silent_after_some_seconds_and_forgotten_after_a_minute(
    ledger: Ledger,
) -> None:
    """Its row stands until another worker takes it away."""
    async with ledger.database.transaction() as session:
        await beats.beat(session, row("w1"))
        await beats.beat(session, row("w2"))
        [first, second] = await beats.all_rows(session)
    assert not beats.is_silent(first, now())
    assert beats.is_silent(second, now() + beats.SILENT * 2)
    assert beats.SILENT * 5 < beats.FORGOTTEN <= timedelta(minutes=1)
    async with ledger.database.transaction() as session:
        old = await session.get_one(WorkerBeat, "w1")
        old.beat_at = now() - beats.FORGOTTEN - timedelta(seconds=1)
        session.add(old)
        await session.flush()
        await beats.beat(session, row("w2"))
        assert [one.worker for one in await beats.all_rows(session)] == ["w2"]


async def test_a_worker_that_ends_takes_its_row_along(ledger: Ledger) -> None:
    """So that nobody waits for it to be silent."""
    async with ledger.database.transaction() as session:
        await beats.beat(session, row("w1"))
        await beats.forget(session, "w1")
        assert list(await beats.all_rows(session)) == []


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)], ids=["behind", "ahead"])
async def test_a_clock_that_is_wrong_makes_no_worker_look_dead(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    """Neither its own nor the others, and its row says how far it is off."""
    async with ledger.database.transaction() as session:
        await beats.beat(session, row("w1"))
        monkeypatch.setattr(beats, "own_now", lambda: now() + off)
        await beats.beat(session, row("w2"))
    async with ledger.database.reading() as session:
        at, found = await beats.present(session), await beats.all_rows(session)
    assert sorted(one.worker for one in found) == ["w1", "w2"]
    assert not any(beats.is_silent(one, at) for one in found)
    skews = {one.worker: round(beats.skew(one, at) / timedelta(minutes=1)) for one in found}
    assert skews == {"w1": 0, "w2": off / timedelta(minutes=1)}


@pytest.mark.parametrize("before", [8, 0], ids=["on the way there", "on the way back"])
async def test_a_slow_network_is_no_clock_that_is_off(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    """The database's clock was read some time between the question and the answer."""
    shown = iter([timedelta(seconds=-before), timedelta(seconds=8 - before)])
    monkeypatch.setattr(beats, "own_now", lambda: now() + next(shown))
    async with ledger.database.transaction() as session:
        await beats.beat(session, row("w1"))
        at, [found] = await beats.present(session), await beats.all_rows(session)
    assert abs(beats.skew(found, at)) < timedelta(seconds=1)

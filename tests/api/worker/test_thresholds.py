"""The threshold of a drive, from the table."""

from dataclasses import replace

from api.worker.thresholds import row_of, stored, threshold_of
from graph.desk.model import Desk
from graph.minds.local.confidence.assessor import default_threshold, model_version
from graph.thresholds import Threshold
from memory.knowledge import calibrations
from memory.storage.database import Database
from tests import thresholds

MINE = replace(thresholds.MINE, model=model_version())
DESK = Desk(tenant="acme", company="Acme")


async def _store(database: Database, tenant: str, threshold: Threshold) -> bool:
    async with database.transaction() as session:
        return await calibrations.add(session, row_of(tenant, threshold, "import"))


async def test_a_calibration_holds_from_the_moment_it_is_stored(database: Database) -> None:
    """Without it the default does; another tenant's changes nothing."""
    await _store(database, "other", MINE)
    before = await threshold_of(DESK, database, "enc")
    assert (before.value, before.source) == (default_threshold(0.05).threshold, "default")
    assert await _store(database, "acme", MINE)
    after = await threshold_of(DESK, database, "enc")
    assert (after.value, after.source) == (0.71, "calibration")


async def test_the_same_calibration_is_stored_once(database: Database) -> None:
    """Importing a file twice is the same as once."""
    assert await _store(database, "acme", MINE)
    assert not await _store(database, "acme", MINE)
    async with database.reading() as session:
        rows = await calibrations.listed(session, "acme")
    assert [stored(row) for row in rows] == [MINE]


async def test_the_newest_of_equals_holds(database: Database) -> None:
    """A later calibration takes the place of an earlier one, whatever the order of imports."""
    newer = replace(MINE, date="2026-11-21", threshold=0.75)
    for one in (newer, MINE):
        await _store(database, "acme", one)
    assert (await threshold_of(DESK, database, "enc")).value == 0.75


async def test_a_calibration_for_another_encoder_does_not_hold(database: Database) -> None:
    """Its numbers mean something else."""
    await _store(database, "acme", MINE)
    assert (await threshold_of(DESK, database, "another")).source == "default"

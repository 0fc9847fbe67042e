"""How channels stand is told by the database's clock, whatever the machines' own clocks show."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from memory.channels import states
from memory.channels.standing import standing
from memory.storage.database import Database
from memory.tables import now
from memory.workers import beats
from tests.postgres import copy_of

HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh ledger of either engine."""
    template: Path = request.getfixturevalue(f"{request.param}_template")
    async with Database(copy_of(template, tmp_path / "home")) as opened:
        yield opened


@pytest.mark.parametrize("off", [-HOUR, HOUR], ids=["behind", "ahead"])
async def test_the_clock_of_a_channels_machine_may_be_wrong(
    database: Database, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    """One that is behind does not look silent, one that is ahead is not taken for alive for an hour."""
    monkeypatch.setattr(states, "now", lambda: now() + off, raising=False)
    async with database.transaction() as session:
        await states.show(session, [("acme", "mail", "in")])
        await states.tell(session, "acme", "mail", "out", "the password is refused")
        await states.pause(session, "acme", "widget", by="lea")
    async with database.reading() as session:
        at, rows = await beats.present(session), await states.all_rows(session)
        found = await standing(session, "acme", "mail")
        never = await standing(session, "acme", "widget")
    for row in rows:
        assert abs(at - row.seen_at) < timedelta(minutes=1)
        assert abs(at - row.since) < timedelta(minutes=1)
    assert found.silent_for is not None
    assert timedelta(0) <= found.silent_for < timedelta(minutes=1)
    assert never.silent_for is None

"""A machine whose clock is wrong goes by its server's, so that it ends nothing that others hold."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from memory.storage import server_clock
from memory.storage.database import Database
from memory.tables import base, now
from tests.postgres import copy_of

NEAR = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _set_right() -> Iterator[None]:
    yield
    base.runs_ahead(timedelta(0))


@pytest.mark.parametrize("hours", [9, -9])
async def test_moments_are_of_the_servers_clock(
    postgres_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """From the first look on, also by the mapper; once the machine's clock is set right it is its own again."""
    monkeypatch.setattr(server_clock, "CLOCK_SECONDS", 0.0)
    own = base.own_now
    async with Database(copy_of(postgres_template, tmp_path)) as database:
        with monkeypatch.context() as wrong:
            wrong.setattr(base, "own_now", lambda: own() + timedelta(hours=hours))
            assert abs(now() - own()) > NEAR
            async with database.reading():
                assert abs(now() - own()) < NEAR
        assert abs(now() - own()) > NEAR
        await database.units.look(lambda do: do.row("SELECT 1"))
        assert abs(now() - own()) < NEAR


async def test_a_slow_answer_moves_no_clock(
    postgres_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's moment lies between two of ours, however far they are apart."""
    own = base.own_now
    shown = iter([own(), own() + timedelta(seconds=40)])
    monkeypatch.setattr(base, "own_now", lambda: next(shown, own()))
    async with Database(copy_of(postgres_template, tmp_path)) as database:
        await database.units.look(lambda do: do.row("SELECT 1"))
    assert abs(now() - own()) < NEAR

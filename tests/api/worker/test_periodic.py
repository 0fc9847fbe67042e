"""Chores of a worker fall on common moments."""

import asyncio
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from api.telemetry.outages import Outage
from api.worker import periodic
from api.worker.periodic import until_next
from memory.storage.errors import StorageUnavailable


@pytest.mark.parametrize(
    ("moment", "seconds", "left"),
    [(7.25, 0.5, 0.25), (7.25, 2.0, 0.75), (7.5, 0.5, 0.5), (7.49, 0.5, 0.51)],
    ids=["often", "seldom", "just_done", "too_near"],
)
def test_the_next_round_is_a_common_moment(
    monkeypatch: pytest.MonkeyPatch, moment: float, seconds: float, left: float
) -> None:
    """Unless it is so near that it would be the same one, as where a timer wakes a moment early."""
    loop = SimpleNamespace(time=lambda: moment)
    monkeypatch.setattr(periodic, "PHASE", 0.0)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    assert until_next(seconds) == pytest.approx(left)


async def test_a_chore_that_fails_is_named_and_tried_again() -> None:
    """Also one that was given its arguments beforehand."""
    tries: list[str] = []

    async def look(ledger: str) -> None:
        tries.append(ledger)
        raise StorageUnavailable("away")

    with capture_logs() as told, suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await periodic.every(0.1, partial(look, "one"), Outage("chore_failed"))
    assert len(tries) > 1
    assert [one["chore"] for one in told if one["event"] == "chore_failed"][:1] == ["look"]

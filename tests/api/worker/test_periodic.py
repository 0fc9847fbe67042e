"""Chores of a worker fall on common moments."""

import asyncio
from types import SimpleNamespace

import pytest

from api.worker import periodic
from api.worker.periodic import until_next


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

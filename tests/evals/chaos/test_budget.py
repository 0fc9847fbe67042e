"""What counts as a breach of a budget."""

from dataclasses import replace
from typing import Any

import pytest

from evals.chaos.budget import Figures

WELL = Figures(
    tickets=10,
    money_for=5,
    kills=0,
    price=100,
    limit=500,
    ended=10,
    answered=5,
    told=5,
    served=500,
    booked=500,
    highest=500,
)


def test_a_run_within_its_budget_has_no_breach() -> None:
    """Everybody ended, and the money is accounted for."""
    assert WELL.breaches == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"served": 501, "booked": 501},
        {"highest": 501},
        {"booked": 400},
        {"ended": 9},
        {"other": 1},
        {"answered": 0},
        {"answered": 6},
    ],
)
def test_each_breach_is_found(wrong: dict[str, Any]) -> None:
    """One cent is enough."""
    assert replace(WELL, **wrong).breaches

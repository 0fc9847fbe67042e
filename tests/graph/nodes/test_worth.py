"""A sum above what the named record holds is put before a person and not proposed."""

from typing import Any, Literal

import pytest

from graph.desk.model import Desk
from graph.nodes.worth import in_doubt, overdrawn, proposals, units_of
from graph.state import StepResult
from tools.contract import ToolSpec

NUMBER = {"bill": {"type": "string", "pattern": "^B-[0-9]{3}$"}}
DESK = Desk(
    tenant="acme",
    company="Acme",
    tools=(
        ToolSpec(
            name="pay_back",
            description="Pays back.",
            effect="write",
            arguments={**NUMBER, "amount": {"type": "number", "description": "Euro"}},
        ),
    ),
)


def result(
    tool: str, status: Literal["ok", "proposed"], arguments: dict[str, Any], answer: str | None
) -> StepResult:
    """What a step brought."""
    return {
        "step_id": tool,
        "ask_id": "ask-1",
        "kind": "tool",
        "tool": tool,
        "arguments": arguments,
        "status": status,
        "evidence": [],
        "answer": answer,
        "error": None,
        "fingerprint": tool,
    }


def asked(amount: float, bill: str = "B-100") -> list[StepResult]:
    """A record of 60 EUR, and a wish to be paid back `amount`."""
    return [
        result("look_up", "ok", {"bill": "B-100"}, "Bill B-100 is for 60.00 EUR."),
        result("pay_back", "proposed", {"bill": bill, "amount": amount}, None),
    ]


@pytest.mark.parametrize(
    ("amount", "bill", "over"),
    [
        (60.0, "B-100", 0),
        (12.5, "B-100", 0),
        (60_000.0, "B-100", 1),
        (61.0, "B-100", 1),
        (61.0, "B-200", 0),
    ],
)
def test_only_more_than_its_own_record_holds_is_doubted(
    amount: float, bill: str, over: int
) -> None:
    """Of another number nothing is known."""
    assert len(overdrawn(asked(amount, bill), DESK)) == over


def test_a_doubted_sum_is_told_in_both_readings_and_not_proposed() -> None:
    """Where only one reading is possible, one is told."""
    results = asked(60_000.0)
    [found] = overdrawn(results, DESK)
    told = in_doubt(found, DESK, "pay back 60.000 EUR")
    assert "60,000.00" in told
    assert "; 60.00 may be meant" in told
    assert "may be meant" not in in_doubt(found, DESK, "pay back 60000 EUR")
    gathered = {one["step_id"]: one for one in results}
    held_back: Any = {"gathered": gathered, "assessed": {"overdrawn": [found]}}
    assert proposals(held_back) == []
    assert [one["tool"] for one in proposals({"gathered": gathered})] == ["pay_back"]


@pytest.mark.parametrize(
    ("promised", "told", "unit"),
    [
        ({"currency": {"enum": ["SEK"]}}, "Bill B-100 is for 60.00.", "SEK"),
        ({}, "Bill B-100 is for 60.00 EUR.", "EUR"),
        ({"currency": {"enum": ["SEK", "NOK"]}}, "Bill B-100 is for € 60.", "€"),
        ({}, "Bill B-100 is paid.", ""),
    ],
)
def test_a_sum_is_shown_with_the_currency_that_is_known(
    promised: dict[str, Any], told: str, unit: str
) -> None:
    """From the tool's contract, else from the record; else the sum stands alone."""
    tool = DESK.tools[0].model_copy(update={"returns": {"properties": promised}})
    desk = DESK.model_copy(update={"tools": (tool,)})
    state: Any = {"gathered": {"1": result("look_up", "ok", {"bill": "B-100"}, told)}}
    asked_for = result("pay_back", "proposed", {"bill": "B-100", "amount": 5.0}, None)
    assert units_of(asked_for, state, desk) == ({"amount": unit} if unit else {})

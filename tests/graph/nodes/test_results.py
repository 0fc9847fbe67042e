"""After an approved action the suggested reply says what was done."""

from typing import Any

import pytest

from graph.desk.model import Desk
from graph.nodes.act import _told
from graph.nodes.deliver import sending, with_results
from tools.contract import ToolSpec

DONE = "48.00 EUR are on their way; the reference is R-7."


@pytest.mark.parametrize(
    ("text", "results", "sent"),
    [
        (
            "Hello Ann,\n\nRefunds take 3 days.",
            [DONE],
            f"Hello Ann,\n\n{DONE}\n\nRefunds take 3 days.",
        ),
        ("Hello Ann,\nall done.", [DONE], f"Hello Ann,\n\n{DONE}\n\nall done."),
        ("Refunds take 3 days.", [DONE], f"{DONE}\n\nRefunds take 3 days."),
        (f"Hello Ann,\n\nGood news: {DONE}", [DONE], f"Hello Ann,\n\nGood news: {DONE}"),
        ("Hello Ann,\n\nRefunds take 3 days.", [], "Hello Ann,\n\nRefunds take 3 days."),
    ],
)
def test_what_was_done_comes_first(text: str, results: list[str], sent: str) -> None:
    """Behind the greeting; nothing changes where nothing was done."""
    assert with_results(text, results) == sent


@pytest.mark.parametrize(("tells", "first"), [(True, DONE), (False, "Hello.")])
def test_a_decision_says_whether_results_are_told(tells: bool, first: str) -> None:
    """An approved suggestion tells them; one's own words where that is wished for."""
    done = {"fingerprint": "f", "tool": "pay_back", "status": "ok", "detail": DONE}
    decided = {"kind": "reply", "text": "Hello.", "tell_results": tells, "handoff_id": "h"}
    state: Any = {
        "turn": 1,
        "decided": decided,
        "acted": {"actions": [done], "failed": False},
    }
    call = sending(state)
    assert call is not None
    assert call["arguments"]["text"].startswith(first)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"amount": 48.0, "refund_id": "R-7"}, "48.00 EUR are paid back as R-7."),
        ({"amount": 48.0}, ""),
        ({"amount": None, "refund_id": "R-7"}, ""),
        (None, ""),
    ],
)
def test_a_result_is_told_whole_or_not_at_all(value: dict[str, object] | None, told: str) -> None:
    """No customer reads of an unknown amount."""
    spec = ToolSpec(
        name="pay_back",
        description="Pays back.",
        answer="{amount} EUR are paid back as {refund_id}.",
        effect="write",
    )
    desk = Desk(tenant="acme", company="Acme", tools=(spec,))
    assert _told(desk, "pay_back", value) == told

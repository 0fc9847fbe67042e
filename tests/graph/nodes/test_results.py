"""After an approved action the suggested reply says what was done."""

from typing import Any

import pytest

from graph.desk.model import Desk
from graph.nodes.act import _told, foretold
from graph.nodes.deliver import sending, with_results
from graph.nodes.gather import worded
from memory.journal.codes import Cause
from tools.contract import ToolCall, ToolSpec


def _call(tool: str, **arguments: str) -> ToolCall:
    return {"tool": tool, "arguments": arguments, "step_id": "s", "cause": Cause.APPROVED}


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
    assert _told(desk, _call("pay_back"), value) == told


def test_what_a_record_said_before_is_not_sent_after_the_deed() -> None:
    """An approved suggestion does not call a bill paid that has been paid back; one's own words stay."""
    before = "Your bill B-1 is paid."
    read = {
        "status": "ok",
        "arguments": {"bill": "B-1"},
        "answer": before,
        "fingerprint": "r",
        "evidence": [],
    }
    other = {**read, "arguments": {"bill": "B-2"}, "answer": "Your bill B-2 is open."}
    asked = {**read, "status": "proposed", "answer": None, "fingerprint": "f"}
    text = f"Hello,\n\n{before}\n\n{other['answer']}\n\nRegards"
    done = {"fingerprint": "f", "tool": "pay_back", "status": "ok", "detail": DONE}
    state: Any = {
        "turn": 1,
        "gathered": {"1": read, "2": asked, "3": other},
        "drafted": {"text": text, "kind": "reply", "claims": []},
        "decided": {"kind": "approve", "text": text, "tell_results": True, "handoff_id": "h"},
        "acted": {"actions": [done], "failed": False},
    }
    call = sending(state)
    assert call is not None
    assert call["arguments"]["text"] == f"Hello,\n\n{DONE}\n\n{other['answer']}\n\nRegards"
    state["decided"]["kind"] = "reply"
    own = sending(state)
    assert own is not None
    assert before in own["arguments"]["text"]


def test_what_will_be_told_is_known_before_but_for_its_result() -> None:
    """A person approves the sentence with the action."""
    spec = ToolSpec(
        name="pay_back",
        description="Pays back.",
        arguments={"amount": {"type": "number"}, "bill": {"type": "string"}},
        returns={"properties": {"currency": {"enum": ["CHF"]}}},
        answer="{amount} {currency} of {bill} are paid back as {refund_id}.",
        effect="write",
    )
    desk = Desk(tenant="acme", company="Acme", tools=(spec,))
    said = foretold(desk, "pay_back", {"amount": 48, "bill": "B-1"})
    assert said == "48.00 CHF of B-1 are paid back as ...."
    assert foretold(desk, "unknown", {}) == ""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"at": "sea", "carrier": "Bo"}, "It is at sea. Bo has it as unknown. Thanks."),
        ({"at": "sea", "carrier": None, "number": None}, "It is at sea. Thanks."),
    ],
)
def test_a_sentence_without_anything_known_is_left_out(value: dict[str, Any], told: str) -> None:
    """What has not left has no carrier, and nobody is told of an unknown one."""
    spec = ToolSpec(
        name="look",
        description="Looks.",
        answer="It is at {at}. {carrier} has it as {number}. Thanks.",
    )
    assert worded(Desk(tenant="acme", company="Acme", tools=(spec,)), "look", value) == told


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ({"status": {}}, "Your rental K-1 is ready. It is K-1."),
        ({"status": {}, "rental": {}}, "Your rental unknown is ready."),
    ],
)
def test_what_was_asked_for_is_told_where_no_record_repeats_it(
    returned: dict[str, Any], told: str
) -> None:
    """A service that gives the status alone leaves no "order unknown"; what it may tell, it tells."""
    spec = ToolSpec(
        name="look",
        description="Looks.",
        arguments={"rental": {"type": "string"}},
        returns={"properties": returned},
        answer="Your rental {rental} is {status}. It is {rental}.",
    )
    desk = Desk(tenant="acme", company="Acme", tools=(spec,))
    assert worded(desk, "look", {"status": "ready"}, {"rental": "K-1"}) == told


def test_an_action_tells_what_it_was_asked_for() -> None:
    """The sentence that a person approved with the action is the one that is sent."""
    spec = ToolSpec(
        name="pay_back",
        description="Pays back.",
        arguments={"bill": {"type": "string"}},
        returns={"properties": {"refund_id": {}}},
        answer="{bill} is paid back as {refund_id}.",
        effect="write",
    )
    desk = Desk(tenant="acme", company="Acme", tools=(spec,))
    assert (
        _told(desk, _call("pay_back", bill="B-1"), {"refund_id": "R"}) == "B-1 is paid back as R."
    )

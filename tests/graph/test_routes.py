"""Routes: a table of states and where they lead."""

from typing import Any

import pytest
from langgraph.types import Send

from graph import routes
from graph.state import TicketState

FAILED = {"node": "plan", "kind": "node_failed", "message": ""}


@pytest.mark.parametrize(
    ("route", "state", "target"),
    [
        (routes.enter, {}, "triage"),
        (routes.enter, {"decided": None}, "triage"),
        (routes.enter, {"decided": {"kind": "return"}}, "triage"),
        (routes.enter, {"decided": {"kind": "reply"}}, "act"),
        (routes.enter, {"decided": {"kind": "close"}}, "act"),
        (routes.after_triage, {"triaged": {"stop": None}}, "plan"),
        (routes.after_triage, {"triaged": {"stop": "injection"}}, "hand_off"),
        (routes.after_triage, {"triaged": None}, "hand_off"),
        (routes.after_triage, {"triaged": {"stop": None, "ends": "confirmed"}}, "remember"),
        (routes.after_triage, {"triaged": {"stop": None}, "failure": FAILED}, "hand_off"),
        (routes.after_plan, {"planned": {"steps": []}}, "assess"),
        (routes.after_assess, {"assessed": {"verdict": "draft"}}, "draft"),
        (routes.after_assess, {"assessed": {"verdict": "clarify"}}, "draft"),
        (routes.after_assess, {"assessed": {"verdict": "replan"}}, "plan"),
        (routes.after_assess, {"assessed": {"verdict": "hand_off"}}, "hand_off"),
        (routes.after_check, {"checked": {"verdict": "pass"}}, "deliver"),
        (routes.after_check, {"checked": {"verdict": "revise"}}, "draft"),
        (routes.after_check, {"checked": {"verdict": "hand_off"}}, "hand_off"),
        (routes.after_human, {"decided": {"kind": "return"}}, "plan"),
        (routes.after_human, {"decided": {"kind": "approve"}}, "act"),
        (routes.after_act, {"acted": {"failed": True}, "decided": {"kind": "close"}}, "hand_off"),
        (routes.after_act, {"acted": {"failed": False}, "decided": {"kind": "close"}}, "remember"),
        (routes.after_act, {"acted": {"failed": False}, "decided": {"kind": "reply"}}, "deliver"),
    ],
)
def test_a_state_leads_to_one_place(route: Any, state: TicketState, target: str) -> None:
    """Routers look, they do not judge."""
    assert route(state) == target


def test_each_step_of_a_plan_gets_a_branch() -> None:
    """In the order of the plan."""
    steps: Any = [{"id": "s1", "ask_id": "a1"}, {"id": "s2", "ask_id": "a1"}]
    state: Any = {
        "planned": {"steps": steps, "asks": [{"id": "a1", "intent": None}]},
        "turn": 1,
        "ticket_id": "t",
        "triaged": {"classification": {"intent": None}},
    }
    branches = routes.after_plan(state)
    assert all(isinstance(one, Send) and one.node == "gather" for one in branches)
    assert [one.arg["step"]["id"] for one in branches if isinstance(one, Send)] == ["s1", "s2"]

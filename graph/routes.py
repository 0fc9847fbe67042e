"""Where to go next. Pure functions of state: the judgment is in state before they look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from langgraph.types import Send

from graph.state import Step, StepInput, TicketState, intent_of


def enter(state: TicketState) -> Literal["triage", "act"]:
    """A decision that no interrupt waits for enters at `act`; everything else is triaged."""
    decided = state.get("decided")
    return "act" if decided is not None and decided["kind"] != "return" else "triage"


def after_triage(state: TicketState) -> Literal["plan", "hand_off", "remember"]:
    """What a person must see goes there at once; thanks end the turn."""
    triaged = state.get("triaged")
    if state.get("failure") is not None or triaged is None:
        return "hand_off"
    if triaged.get("ends") is not None:
        return "remember"
    return "plan" if triaged["stop"] is None else "hand_off"


def after_plan(state: TicketState) -> Sequence[Send] | Literal["assess"]:
    """One parallel branch for each step; without a new step there is nothing to gather."""
    planned = state["planned"]
    assert planned is not None
    if not planned["steps"]:
        return "assess"
    return [Send("gather", _branch(state, step)) for step in planned["steps"]]


def after_assess(
    state: TicketState,
) -> Literal["draft", "plan", "hand_off"]:
    """Answer, ask one question, look again, or hand off."""
    assessed = state["assessed"]
    assert assessed is not None
    match assessed["verdict"]:
        case "draft" | "clarify":
            return "draft"
        case "replan":
            return "plan"
        case _:
            return "hand_off"


def after_check(state: TicketState) -> Literal["deliver", "draft", "hand_off"]:
    """Only a draft without findings is delivered."""
    checked = state["checked"]
    assert checked is not None
    match checked["verdict"]:
        case "pass":
            return "deliver"
        case "revise":
            return "draft"
        case _:
            return "hand_off"


def after_human(state: TicketState) -> Literal["act", "plan"]:
    """A person either decides, or gives the ticket back with guidance."""
    decided = state["decided"]
    assert decided is not None
    return "plan" if decided["kind"] == "return" else "act"


def after_act(state: TicketState) -> Literal["deliver", "remember", "hand_off"]:
    """A reply follows the actions; a failed action goes back to a person."""
    acted, decided = state["acted"], state["decided"]
    assert acted is not None
    assert decided is not None
    if acted["failed"]:
        return "hand_off"
    return "remember" if decided["kind"] == "close" else "deliver"


def _branch(state: TicketState, step: Step) -> StepInput:
    return {"step": step, "intent": intent_of(state, step["ask_id"])}

"""The state of one ticket's thread as a whole, with the reducers that merge it."""

from __future__ import annotations

from typing import Annotated, TypedDict

from graph.state.outcomes import (
    Acted,
    Checked,
    Decided,
    Delivered,
    Drafted,
    Failure,
    HandedOff,
    Remembered,
)
from graph.state.understanding import MessageRecord, Triaged
from graph.state.work import Ask, Assessed, Planned, StepResult


def merge_steps(
    old: dict[str, StepResult] | None, new: dict[str, StepResult] | None
) -> dict[str, StepResult]:
    """Results by step id: parallel branches each add their own, none overwrites another.

    None begins anew, at the start of a turn.
    """
    return {} if new is None else {**(old or {}), **new}


def add_counts(old: dict[str, int] | None, new: dict[str, int] | None) -> dict[str, int]:
    """Counters of this turn, added up. None begins anew."""
    if new is None:
        return {}
    left = old or {}
    return {name: left.get(name, 0) + new.get(name, 0) for name in {*left, *new}}


class TicketState(TypedDict, total=False):
    """The thread's state. All but the first five keys belong to the present turn."""

    ticket_id: str
    tenant: str
    turn: int
    subject: str
    conversation: list[MessageRecord]
    """The whole of it so far; the input of each turn brings it anew from the tickets table."""
    headers: dict[str, str]
    has_sender: bool
    """Whether the customer's address is known; the address itself stays out of checkpoints."""
    triaged: Triaged | None
    planned: Planned | None
    gathered: Annotated[dict[str, StepResult] | None, merge_steps]
    assessed: Assessed | None
    drafted: Drafted | None
    checked: Checked | None
    handed_off: HandedOff | None
    decided: Decided | None
    acted: Acted | None
    delivered: Delivered | None
    remembered: Remembered | None
    failure: Failure | None
    spent: Annotated[dict[str, int] | None, add_counts]
    """Bounded counters of the stretch since the turn began or a person gave it back."""
    handoffs: int
    """Handoffs opened in this turn."""
    returns: int
    """Times a person gave this turn back."""


def asks_of(state: TicketState) -> list[Ask]:
    """The asks of the present plan."""
    planned = state.get("planned")
    return [] if planned is None else planned["asks"]


def results_of(state: TicketState) -> list[StepResult]:
    """What every step of this turn brought."""
    return list((state.get("gathered") or {}).values())


def intent_of(state: TicketState, ask_id: str) -> str | None:
    """The intent of one ask of the present plan."""
    return next((ask["intent"] for ask in asks_of(state) if ask["id"] == ask_id), None)


def intents_of(state: TicketState) -> list[str | None]:
    """Of the message as a whole and of each ask, as far as they are known."""
    triaged = state.get("triaged")
    whole = [] if triaged is None else [triaged["classification"]["intent"]]
    return whole + [ask["intent"] for ask in asks_of(state)]

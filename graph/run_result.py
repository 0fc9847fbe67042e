"""Where a drive came to rest, read from the state that it left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from langgraph.types import Interrupt, StateSnapshot

from graph.state import Decided, TicketState, Triaged

INTERRUPT = "__interrupt__"
"""Where LangGraph says, beside the state, what a run waits for."""


class NotAtRest(Exception):
    """The graph stopped where it neither waits nor has ended: nothing may be settled on it."""


@dataclass(frozen=True)
class RunResult:
    """Where a drive came to rest."""

    state: Literal["waiting", "finished"]
    handoff_id: str | None = None
    interrupt_id: str | None = None
    delivered: str | None = None
    """reply | clarification | None"""
    by: str | None = None
    """agent | person"""
    intent: str | None = None
    confidence: float | None = None
    reason: str | None = None
    ended: str | None = None
    """confirmed | nothing_asked, where the turn ended with nothing to say."""


def is_plainly_over(values: TicketState) -> bool:
    """Whether the agent has answered and done the last step: to look at the thread would tell no more."""
    open_still = INTERRUPT in values or values.get("handed_off") is not None
    done = values.get("delivered") is not None and values.get("remembered") is not None
    return done and not open_still


def is_at_rest(snapshot: StateSnapshot) -> bool:
    """It waits for a person; or nothing is left to do and the turn has an ending to show."""
    if snapshot.interrupts:
        return True
    decided: Decided | None = snapshot.values.get("decided")
    closed = decided is not None and decided["kind"] == "close"
    ended = closed or _ends(snapshot.values) is not None  # type: ignore[arg-type]
    return not snapshot.tasks and (ended or snapshot.values.get("delivered") is not None)


def _ends(values: TicketState) -> str | None:
    triaged: Triaged | None = values.get("triaged")
    return None if triaged is None else triaged.get("ends")


def rest_of(snapshot: StateSnapshot) -> RunResult:
    """Where it stands by its thread. Raises `NotAtRest`."""
    if not is_at_rest(snapshot):
        msg = (
            f"the run stopped before {', '.join(task.name for task in snapshot.tasks) or 'an end'}"
        )
        raise NotAtRest(msg)
    values: TicketState = snapshot.values  # type: ignore[assignment]
    return result_of(values, snapshot.interrupts[0] if snapshot.interrupts else None)


def result_of(values: TicketState, waiting: Interrupt | None = None) -> RunResult:
    """Where a state that has come to rest stands."""
    triaged, delivered = values.get("triaged"), values.get("delivered")
    handed_off, guess = values.get("handed_off"), triaged and triaged["classification"]
    return RunResult(
        state="finished" if waiting is None else "waiting",
        handoff_id=None if waiting is None else waiting.value["handoff_id"],
        interrupt_id=None if waiting is None else waiting.id,
        delivered=None if delivered is None else delivered["kind"],
        by=None if delivered is None else delivered["by"],
        intent=guess["intent"] if guess else None,
        confidence=guess["confidence"] if guess else None,
        reason=None if waiting is None or handed_off is None else handed_off["reason"],
        ended=_ends(values),
    )

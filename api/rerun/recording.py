"""What is known of a finished turn: its last checkpoint, and the numbers in its journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from graph.state import Step, StepResult, TicketState
from memory.journal.codes import Cause, Node, StepKind
from memory.journal.events import (
    AskWeighed,
    AssessRan,
    DraftRan,
    Event,
    PlanMade,
    PlanRan,
    Record,
    StepFailed,
    StepPlanned,
)
from memory.storage.checkpoints import Checkpoints


class NotReplayable(Exception):
    """What was recorded does not suffice; the message says why."""


@dataclass(frozen=True)
class Weighed:
    """What one look at the evidence gave for an ask."""

    ask: str
    confidence: float
    threshold: float


@dataclass(frozen=True)
class Recording:
    """One turn as it was."""

    state: TicketState
    records: Sequence[Record]
    """The turn's part of the journal."""
    rounds: list[list[Step]] = field(default_factory=list)
    """The steps of each plan."""
    looks: list[list[Weighed]] = field(default_factory=list)
    """Each look at the evidence, in order."""
    lacking: list[list[str]] = field(default_factory=list)
    """Actions that each plan could not propose yet, for want of an argument."""

    @property
    def events(self) -> list[Event]:
        """What happened in the turn."""
        return [one.event for one in self.records]

    @property
    def drafted(self) -> bool:
        """Whether the draft in the state is one that was to be sent, not a suggestion."""
        return any(
            isinstance(one, DraftRan | StepFailed) and one.name == Node.DRAFT for one in self.events
        )

    @property
    def results(self) -> dict[str, StepResult]:
        """What each step brought."""
        return self.state.get("gathered") or {}

    @property
    def threshold(self) -> float | None:
        """The confidence that an ask needed; None if none was weighed."""
        return self.looks[-1][0].threshold if self.looks and self.looks[-1] else None


async def read_state(checkpoints: Checkpoints, ticket_id: str) -> TicketState:
    """The state at rest, read without a lock and without writing. Raises `NotReplayable`."""
    found = await checkpoints.newest(ticket_id)
    if found is None:
        msg = f"the checkpoints of {ticket_id} are gone: its answers are no longer known"
        raise NotReplayable(msg)
    values: Any = found.checkpoint["channel_values"]
    state: TicketState = values
    return state


def recording(state: TicketState, records: Sequence[Record]) -> Recording:
    """The newest turn. Raises `NotReplayable` where parts of it were reset or never written."""
    turn = state.get("turn", 0)
    own = [one for one in records if one.turn == turn]
    told = [one.event for one in own]
    if state.get("triaged") is None:
        msg = "the ticket failed before anything was understood of it: there is nothing to replay"
        raise NotReplayable(msg)
    if state.get("returns", 0):
        msg = "a person gave this turn back: what was gathered before that is not kept"
        raise NotReplayable(msg)
    return Recording(state, own, _rounds(state, told), _looks(told), _lacking(told))


def _rounds(state: TicketState, turn: Sequence[Event]) -> list[list[Step]]:
    """Steps by plan, from the journal's row for each; the last plan's stand in the state."""
    planned, results = state.get("planned"), state.get("gathered") or {}
    if planned is None:
        return []
    found: list[list[Step]] = []
    for event in turn:
        match event:
            case PlanRan():
                found.append([])
            case StepPlanned(outcome=StepKind.ALREADY_DONE):
                continue
            case StepPlanned(cause=cause):
                known = results.get(event.fingerprint or "")
                if known is not None and found:
                    found[-1].append(_step(known, cause))
    if not any(found):
        last = {step["id"] for step in planned["steps"]}
        earlier = [_step(one, Cause.PLANNED) for key, one in results.items() if key not in last]
        found = [earlier] if earlier else []
        found.append(list(planned["steps"]))
    return found


def _lacking(turn: Sequence[Event]) -> list[list[str]]:
    return [list(one.lacking) for one in turn if isinstance(one, PlanMade)]


def _step(result: StepResult, cause: Cause) -> Step:
    return {
        "id": result["step_id"],
        "ask_id": result["ask_id"],
        "kind": result["kind"],
        "tool": result["tool"],
        "arguments": result["arguments"],
        "cause": _again(cause),
    }


def _again(cause: Cause) -> Literal["planned", "replan", "guidance"]:
    match cause:
        case Cause.REPLAN:
            return "replan"
        case Cause.GUIDANCE:
            return "guidance"
    return "planned"


def _looks(turn: Sequence[Event]) -> list[list[Weighed]]:
    found: list[list[Weighed]] = []
    for event in turn:
        match event:
            case AssessRan():
                found.append([])
            case AskWeighed(ask=ask, confidence=value, threshold=threshold) if found:
                found[-1].append(Weighed(ask, value, threshold))
    return found

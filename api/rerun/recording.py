"""What is known of a finished turn: its last checkpoint, and the numbers in its journal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.state import Step, StepResult, TicketState
from memory.storage.checkpoints import Checkpoints
from memory.tables import JournalRow

_MISSING = re.compile(r"arguments are missing for (.+)$")


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
    rows: Sequence[JournalRow]
    """The turn's part of the journal."""
    rounds: list[list[Step]] = field(default_factory=list)
    """The steps of each plan."""
    looks: list[list[Weighed]] = field(default_factory=list)
    """Each look at the evidence, in order."""
    lacking: list[list[str]] = field(default_factory=list)
    """Actions that each plan could not propose yet, for want of an argument."""

    @property
    def drafted(self) -> bool:
        """Whether the draft in the state is one that was to be sent, not a suggestion."""
        return any(row.kind == "step" and row.name == "draft" for row in self.rows)

    @property
    def results(self) -> dict[str, StepResult]:
        """What each step brought."""
        return self.state.get("gathered") or {}

    @property
    def threshold(self) -> float | None:
        """The confidence that an ask needed; None where none was weighed."""
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


def recording(state: TicketState, rows: Sequence[JournalRow]) -> Recording:
    """The newest turn. Raises `NotReplayable` where parts of it were reset or never written."""
    turn = state.get("turn", 0)
    own = [row for row in rows if row.turn == turn]
    if state.get("triaged") is None:
        msg = "the ticket failed before anything was understood of it: there is nothing to replay"
        raise NotReplayable(msg)
    if state.get("returns", 0):
        msg = "a person gave this turn back: what was gathered before that is not kept"
        raise NotReplayable(msg)
    return Recording(state, own, _rounds(state, own), _looks(own), _lacking(own))


def _rounds(state: TicketState, rows: Sequence[JournalRow]) -> list[list[Step]]:
    """Steps by plan, from the journal's row for each; the last plan's stand in the state."""
    planned, results = state.get("planned"), state.get("gathered") or {}
    if planned is None:
        return []
    found: list[list[Step]] = []
    for row in rows:
        if row.kind == "step" and row.name == "plan" and row.outcome != "failed":
            found.append([])
        known = results.get(row.fingerprint or "")
        planned_now = row.kind == "decision" and row.name == "step"
        if planned_now and row.outcome != "already_done" and known is not None and found:
            found[-1].append(_step(known, row.cause))
    if not any(found):
        last = {step["id"] for step in planned["steps"]}
        earlier = [_step(one, "planned") for key, one in results.items() if key not in last]
        found = [earlier] if earlier else []
        found.append(list(planned["steps"]))
    return found


def _lacking(rows: Sequence[JournalRow]) -> list[list[str]]:
    plans = [row.outcome for row in rows if row.kind == "decision" and row.name == "plan"]
    found = [_MISSING.search(plan) for plan in plans]
    return [[] if one is None else one[1].split(", ") for one in found]


def _step(result: StepResult, cause: str) -> Step:
    return {
        "id": result["step_id"],
        "ask_id": result["ask_id"],
        "kind": result["kind"],
        "tool": result["tool"],
        "arguments": result["arguments"],
        "cause": cause if cause in {"planned", "replan", "guidance"} else "planned",  # type: ignore[typeddict-item]
    }


def _looks(rows: Sequence[JournalRow]) -> list[list[Weighed]]:
    found: list[list[Weighed]] = []
    for row in rows:
        numbers = row.numbers or {}
        if row.kind == "step" and row.name == "assess" and row.outcome != "failed":
            found.append([])
        if row.kind == "decision" and row.name == "confidence" and found:
            found[-1].append(
                Weighed(str(numbers["ask"]), numbers["confidence"], numbers["threshold"])
            )
    return found

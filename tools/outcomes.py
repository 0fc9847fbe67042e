"""Outcomes and their rows in the journal, each made in one place."""

from __future__ import annotations

from memory.journal.codes import CallStatus, Cause, ErrorKind
from memory.journal.events import Fault, ToolCalled
from tools.contract import Json, OutcomeStatus, ToolError, ToolOutcome


def refused(tool: str, fingerprint: str, error: ToolError, duration_ms: float) -> ToolOutcome:
    """The call was not made."""
    return ended(tool, fingerprint, None, error, "refused", duration_ms=duration_ms)


def ended(
    tool: str,
    fingerprint: str,
    value: Json | None,
    error: ToolError | None,
    status: OutcomeStatus,
    *,
    duration_ms: float,
    attempts: int = 0,
    cost_micros: int = 0,
) -> ToolOutcome:
    """`status` holds where there is an error; then there is no value, whatever came back."""
    return {
        "status": status if error else "ok",
        "value": None if error else value,
        "error": error,
        "attempts": attempts,
        "duration_ms": duration_ms,
        "cost_micros": cost_micros,
        "fingerprint": fingerprint,
        "tool": tool,
    }


def suppressed(first: ToolOutcome, duration_ms: float) -> ToolOutcome:
    """An equal call's outcome, given again at no cost.

    Only a result is called suppressed; an error keeps its status, so that none is taken for
    a success.
    """
    status: OutcomeStatus = "suppressed" if first["error"] is None else first["status"]
    again: ToolOutcome = {**first, "status": status, "attempts": 0, "cost_micros": 0}
    return {**again, "duration_ms": duration_ms}


GATE = frozenset({ErrorKind.NOT_YOUR_RECORD, ErrorKind.NOT_VERIFIED})
"""Errors of the identity gate: whose record it is stands above why no tool answered."""


def with_fallback(first: ToolOutcome, second: ToolOutcome) -> ToolOutcome:
    """What the caller gets of a call and its fallback: one outcome, the sum of the effort.

    Where the fallback brings nothing either, the first error stands, since it is the one to be
    repaired. That a record is somebody else's stands above all.
    """
    failed = second["error"] is not None and second["error"]["kind"] not in GATE
    best: ToolOutcome = {**first, "error": _both(first, second)} if failed else second
    return {
        **best,
        "attempts": first["attempts"] + second["attempts"],
        "duration_ms": first["duration_ms"] + second["duration_ms"],
        "cost_micros": first["cost_micros"] + second["cost_micros"],
        "fingerprint": first["fingerprint"],
    }


def called(name: str, cause: Cause, outcome: ToolOutcome) -> ToolCalled:
    """The journal's row for a whole call."""
    error = outcome["error"]
    return ToolCalled(
        tool=name,
        cause=cause,
        outcome=CallStatus(outcome["status"]),
        fingerprint=outcome["fingerprint"],
        duration_ms=outcome["duration_ms"],
        cost_micros=outcome["cost_micros"],
        error=Fault(error["kind"], error["message"]) if error else None,
        attempts=outcome["attempts"],
    )


def _both(first: ToolOutcome, second: ToolOutcome) -> ToolError | None:
    if first["error"] is None or second["error"] is None:
        return first["error"]
    message = first["error"]["message"]
    words = f"{message}; its fallback {second['tool']}: {second['error']['message']}"
    return {**first["error"], "message": words}

"""What was asked of tools and models."""

from __future__ import annotations

from dataclasses import dataclass

from memory.journal.codes import CallStatus, Cause, MindDecision
from memory.journal.events.base import Named


@dataclass(frozen=True, kw_only=True)
class CallBase(Named):
    """A call of a tool or model, or one attempt of a tool."""

    cause: Cause = Cause.PLANNED
    outcome: CallStatus = CallStatus.OK


@dataclass(frozen=True, kw_only=True)
class ToolCalled(CallBase):
    """The whole call of a tool."""

    kind = "call"
    NAMED = ("tool", "")
    tool: str
    attempts: int = 0
    """That left; 0 if it was held back, or its result known."""


@dataclass(frozen=True, kw_only=True)
class ModelAsked(CallBase):
    """One request to a model."""

    kind = "call"
    NAMED = ("decision", "model:")
    decision: MindDecision
    model: str = ""
    prompt: str = ""
    """The prompt's version."""
    estimated: bool = False
    """Whether tokens and cost are our own estimate."""


@dataclass(frozen=True, kw_only=True)
class LocalAsked(CallBase):
    """A local mind in the place of a model that gave no valid answer; `error` says why."""

    kind = "call"
    NAMED = ("decision", "local:")
    decision: MindDecision


@dataclass(frozen=True, kw_only=True)
class Attempted(CallBase):
    """One attempt of a tool's call."""

    kind = "attempt"
    NAMED = ("tool", "")
    tool: str
    attempt: int | None = None
    held_seconds: float = 0.0
    """Held back by our own limits."""
    next_wait_seconds: float | None = None
    why: str = ""
    """Why it is repeated."""
    gave_up: str = ""
    """Why it is not."""

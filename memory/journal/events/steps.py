"""What the nodes of the graph did."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, TypeAlias

from memory.journal.codes import (
    CallStatus,
    Cause,
    CheckVerdict,
    DraftKind,
    Limit,
    Node,
    Reason,
    Verdict,
)
from memory.journal.events.base import Base, Named
from memory.tables import DecisionKind

Ok: TypeAlias = Literal["ok"]


@dataclass(frozen=True, kw_only=True)
class StepBase(Base, ABC):
    """A node that ran."""

    kind = "step"
    cause: Cause = Cause.PLANNED

    @property
    @abstractmethod
    def name(self) -> str:
        """The node's name; each class says its own."""


@dataclass(frozen=True, kw_only=True)
class StepFailed(Named, StepBase):
    """An attempt of a node that raised."""

    NAMED = ("node", "")
    node: Node
    outcome = "failed"


@dataclass(frozen=True, kw_only=True)
class TriageRan(StepBase):
    """The message was read; `outcome` is the reason why a person must take it at once."""

    name = Node.TRIAGE
    outcome: Ok | Reason = "ok"


@dataclass(frozen=True, kw_only=True)
class PlanRan(StepBase):
    """A plan was made."""

    name = Node.PLAN
    outcome = "ok"
    asks: int = 0
    steps: int = 0
    round: int = 1
    left_out: int = 0
    """Steps beyond the limits."""
    already_done: int = 0


@dataclass(frozen=True, kw_only=True)
class GatherRan(StepBase):
    """A step of the plan was carried out."""

    name = Node.GATHER
    outcome: CallStatus
    evidence: int = 0
    """Pieces found."""
    tool: str = ""
    ask: str = ""
    intent: str | None = None


@dataclass(frozen=True, kw_only=True)
class AssessRan(StepBase):
    """The evidence was weighed."""

    name = Node.ASSESS
    outcome: Ok | Verdict


@dataclass(frozen=True, kw_only=True)
class DraftRan(StepBase):
    """A reply was written."""

    name = Node.DRAFT
    outcome: Ok | DraftKind
    attempt: int = 1
    claims: int = 0


@dataclass(frozen=True, kw_only=True)
class CheckRan(StepBase):
    """The draft was checked."""

    name = Node.CHECK
    outcome: Ok | CheckVerdict
    findings: int = 0
    lowest_grounding: float | None = None
    grounding_limit: float | None = None


@dataclass(frozen=True, kw_only=True)
class HandOffRan(StepBase):
    """A person got the ticket."""

    name = Node.HAND_OFF
    outcome: Reason
    detail: str = ""
    """What is behind the reason, for people."""
    subject: tuple[str, ...] = ()
    """The tools it is about."""
    lacking: tuple[str, ...] = ()
    """Actions that lack an argument."""
    limit: Limit | None = None
    """That was reached."""
    grounding: float | None = None
    grounding_needed: float | None = None
    customer_told: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonAwaited(StepBase):
    """A person's decision was taken in."""

    name = Node.AWAIT_HUMAN
    outcome: DecisionKind


@dataclass(frozen=True, kw_only=True)
class ActRan(StepBase):
    """The approved actions were carried out."""

    name = Node.ACT
    outcome: Literal["ok", "failed"] = "ok"
    """Failed: not all of them certainly happened."""
    approved: int = 0
    done: int = 0


@dataclass(frozen=True, kw_only=True)
class DeliverRan(StepBase):
    """The reply was sent."""

    name = Node.DELIVER
    outcome = "ok"
    sources: int = 0


@dataclass(frozen=True, kw_only=True)
class RememberRan(StepBase):
    """The case was filed."""

    name = Node.REMEMBER
    outcome: Literal["ok", "nothing to keep"] = "ok"

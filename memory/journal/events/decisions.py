"""What was decided, with the figures behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from memory.journal.codes import Cause, Check, Node, Reason, StepKind, Verdict
from memory.journal.events.base import Base, Named
from memory.tables import CorrectionKind, DecisionKind

Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IntentNamed(Base):
    """What the customer wants; `outcome` is the intent, `none` where none of the desk's fits."""

    kind = "decision"
    name = "intent"
    cause = Cause.PLANNED
    outcome: str
    confidence: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True)
class Screened(Base):
    """Whether the agent may go on at all."""

    kind = "decision"
    name = "screen"
    cause = Cause.PLANNED
    outcome: Literal["go on"] | Reason
    injection: float | None = None
    language: str = ""
    personal_data: int = 0
    truncated: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanMade(Base):
    """The plan as a whole; `outcome` is the planner's word for how it came to it."""

    kind = "decision"
    name = "plan"
    cause: Cause = Cause.PLANNED
    outcome: str
    asks: int = 0
    steps: int = 0
    round: int = 1
    left_out: int = 0
    already_done: int = 0
    lacking: Names = ()
    """Actions that lack an argument."""


@dataclass(frozen=True, kw_only=True)
class StepPlanned(Base):
    """One step of a plan, or one that was left out as planned before."""

    kind = "decision"
    name = "step"
    cause: Cause = Cause.PLANNED
    outcome: StepKind
    ask: str = ""
    tool: str = ""
    intent: str | None = None


@dataclass(frozen=True, kw_only=True)
class AskWeighed(Base):
    """The evidence of one ask against its threshold."""

    kind = "decision"
    name = "confidence"
    cause = Cause.PLANNED
    outcome: Literal["supported", "not supported"]
    ask: str
    confidence: float
    threshold: float
    threshold_source: str = ""
    sources: Names | None = None
    """Articles and tools it would be answered from, best first; None if nobody wrote them."""
    approved: bool = False
    """Whether a person sent the first of them in answer to a question like it."""

    @property
    def supported(self) -> bool:
        """Whether the evidence reaches the threshold."""
        return self.outcome == "supported"


@dataclass(frozen=True, kw_only=True)
class TicketAssessed(Base):
    """What follows from all asks together."""

    kind = "decision"
    name = "assess"
    cause = Cause.PLANNED
    outcome: Verdict
    reason: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Objected(Named):
    """What a check had against a draft."""

    kind = "decision"
    NAMED = ("check", "check:")
    check: Check
    cause = Cause.PLANNED
    outcome = "finding"
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class GuidanceFollowed(Base):
    """What the agent did with what a person told it."""

    kind = "decision"
    name = "guidance"
    cause = Cause.GUIDANCE
    outcome: Literal["used", "nothing new"]
    searches: int = 0
    passages: int = 0
    articles: Names = ()
    tools: Names = ()
    statements: int = 0
    confidence: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True)
class PersonDecided(Base):
    """A person decided the handoff."""

    kind = "decision"
    name = "person"
    cause: DecisionKind
    outcome = "decided"
    refused: int = 0
    """Proposed actions that do not run."""


@dataclass(frozen=True, kw_only=True)
class LedToPerson(Base):
    """A node failed for good: a person takes over."""

    kind = "decision"
    name = "to_person"
    cause = Cause.FAILURE
    outcome: Reason
    node: str = ""


@dataclass(frozen=True, kw_only=True)
class RunGivenUp(Base):
    """A run was left where it stood: a person takes over."""

    kind = "decision"
    name = "give_up"
    cause = Cause.FAILURE
    outcome: Reason


@dataclass(frozen=True, kw_only=True)
class FoundDelivered(Base):
    """The run was over, but the reply had left."""

    kind = "decision"
    name = "finish"
    cause = Cause.FAILURE
    outcome = "already sent"


@dataclass(frozen=True, kw_only=True)
class StepForgone(Base):
    """A node after the delivery failed: it is left undone."""

    kind = "decision"
    name = "forgo"
    cause = Cause.FAILURE
    outcome: Node


@dataclass(frozen=True, kw_only=True)
class Corrected(Base):
    """A person said what was wrong, or took it back (`undone`)."""

    kind = "decision"
    name = "correction"
    cause: Cause = Cause.PERSON
    outcome: CorrectionKind

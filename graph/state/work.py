"""What is to be done for each ask, what it brought, and whether that is enough."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Ask(TypedDict):
    """One thing the customer wants."""

    id: str
    text: str
    """In the customer's words, personal data masked."""
    query: str
    """What to search for: the ask with the context it needs to stand alone."""
    intent: str | None


class Step(TypedDict):
    """One thing to do for an ask."""

    id: str
    """Fingerprint of kind, tool and arguments: the same step has the same id."""
    ask_id: str
    kind: Literal["search", "tool", "action"]
    """Search the knowledge base, call a read tool, or propose a write for approval."""
    tool: str
    arguments: dict[str, Any]
    cause: Literal["planned", "replan", "guidance"]


class Doubt(TypedDict):
    """What a tool needs was given in part, or, where a record is asked about, not at all."""

    ask_id: str
    tool: str
    argument: str
    said: str
    """As the customer wrote it; empty where nothing was."""
    among: NotRequired[list[str]]
    """Given in full, but of which one an action is wished for is open."""


class Planned(TypedDict):
    """Written by `plan`."""

    round: int
    """1 for the first plan of this turn."""
    asks: list[Ask]
    steps: list[Step]
    """The steps of this round only, none of which has run before."""
    reason: str
    overflow: bool
    """More asks or steps than the limits allow: the rest needs a person."""
    lacking: NotRequired[list[str]]
    """Writes that are asked for and lack an argument, which a record may still bring."""
    doubts: NotRequired[list[Doubt]]
    """What has to be asked before the tools can be used."""
    waiting: NotRequired[list[str]]
    """Reads that lack an argument which a record of this round may bring: they come after it."""


class Evidence(TypedDict):
    """A passage or a tool's result that may support a claim."""

    id: str
    kind: Literal["article", "tool", "memory", "guidance"]
    source: str
    """doc_id of an article, name of a tool, id of a memory."""
    title: str
    heading: str
    text: str
    score: float
    """Fused retrieval score for articles, 1.0 for a tool's result."""
    features: dict[str, float]
    """Numbers behind the score: dense, lexical, ranks ... (see memory/knowledge)."""


class StepError(TypedDict):
    """Why a step has no evidence."""

    kind: str
    message: str
    limit: NotRequired[str | None]
    """The `Limit` that was reached, where it was one."""


class StepResult(TypedDict):
    """What one step brought."""

    step_id: str
    ask_id: str
    kind: Literal["search", "tool", "action"]
    tool: str
    arguments: dict[str, Any]
    status: Literal["ok", "failed", "refused", "suppressed", "proposed", "unknown"]
    evidence: list[Evidence]
    answer: str | None
    """A tool's result in words for the customer."""
    error: StepError | None
    fingerprint: str


class AskAssessment(TypedDict):
    """Is this ask supported by its evidence?"""

    ask_id: str
    confidence: float
    """Calibrated probability that the evidence answers the ask."""
    threshold: float
    supported: bool
    evidence: list[str]
    """Ids of the evidence to answer from, best first."""
    question: str | None
    """A clarifying question, where the ask is too vague and a question would settle it."""
    why: str
    lacks: NotRequired[str]
    """What is missing, where nothing would answer it whatever is found."""
    approved: NotRequired[bool]
    """Whether a person sent the best article in answer to a question like it."""


class Overdrawn(TypedDict):
    """An action whose sum is above what its record holds: a person is told, it is not proposed."""

    fingerprint: str
    tool: str
    asked: float
    worth: float


class Assessed(TypedDict):
    """Written by `assess`."""

    verdict: Literal["draft", "replan", "clarify", "hand_off"]
    verify: NotRequired[bool]
    """The question is for the code that was sent to the address on file."""
    overdrawn: NotRequired[list[Overdrawn]]
    reason: str | None
    """A `Reason` code when the verdict is hand_off."""
    detail: str
    """The numbers behind the reason."""
    asks: list[AskAssessment]


class StepInput(TypedDict):
    """What one `gather` branch gets."""

    step: Step
    intent: str | None
    """Of the step's ask: it decides which tools may be used."""

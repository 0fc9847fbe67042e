"""The story of a handoff as a model: the graph builds it, the table keeps its JSON.

A story of any release is read: what one left out is empty, and what it had besides is kept.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from memory.tables import Handoff

Json = dict[str, Any]


class Part(BaseModel):
    """A part of a story."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Ask(Part):
    """One thing the customer wants."""

    id: str = ""
    text: str = ""
    intent: str | None = None


class Weighed(Part):
    """How well an ask is answered by its evidence."""

    ask_id: str = ""
    confidence: float | None = None
    threshold: float | None = None
    supported: bool = False
    evidence: list[str] = []
    question: str | None = None
    why: str = ""


class Passage(Part):
    """A piece of evidence."""

    id: str = ""
    kind: str = ""
    source: str = ""
    title: str = ""
    heading: str = ""
    text: str = ""
    score: float = 0.0


class StepError(Part):
    """Why a step has no evidence."""

    kind: str = ""
    message: str = ""


class Tried(Part):
    """One step that the agent took."""

    ask_id: str = ""
    kind: str = ""
    tool: str = ""
    arguments: Json = {}
    status: str = ""
    evidence: list[Passage] = []
    error: StepError | None = None


class Claim(Part):
    """One statement of the suggestion with the evidence it stands on."""

    text: str = ""
    ask_id: str = ""
    evidence: list[str] = []


class Suggestion(Part):
    """The reply that the agent would send."""

    text: str = ""
    claims: list[Claim] = []
    writer: str = ""
    confidence: float | None = None


class Finding(Part):
    """What a check has against it."""

    check: str = ""
    detail: str = ""
    claim: str = ""
    revisable: bool = False


class Action(Part):
    """An action that waits for an approval of its own."""

    fingerprint: str = ""
    tool: str = ""
    arguments: Json = {}
    units: dict[str, str] = {}
    """The currency of a sum, by the argument's name, where it is known."""
    told: str = ""
    """What the customer is told once it has run, with `...` for what only its result knows."""
    replaces: list[str] = []
    """What the suggested reply says of the same record as it stands before: that is left out then."""


class Similar(Part):
    """A settled ticket like this one."""

    ticket_id: str = ""
    question: str = ""
    answer: str = ""
    origin: str = ""
    score: float = 0.0


class Priority(Part):
    """Why it has its priority, in words."""

    because: list[str] = []


class Story(Part):
    """Everything a person needs to take over without asking again."""

    summary: str = ""
    conversation: str = ""
    """The conversation so far, in a few sentences."""
    question: str = ""
    """What was asked, masked."""
    intent: Json | None = None
    """The classification, with the intents that came next."""
    asks: list[Ask] = []
    assessments: list[Weighed] = []
    tried: list[Tried] = []
    findings: list[Finding] = []
    suggestion: Suggestion | None = None
    actions: list[Action] = []
    similar: list[Similar] = []
    missing: list[str] = []
    """Parts that could not be made, and why."""
    returns: int = 0
    """How often the agent had it back in this turn."""
    returns_allowed: int | None = None
    reply_sent: str | None = None
    """What the ledger knows of this very reply; see `EffectStatus`."""
    priority: Priority = Priority()

    @property
    def suggested(self) -> str:
        """The suggested reply; empty where there is none."""
        return "" if self.suggestion is None else self.suggestion.text

    @property
    def evidence(self) -> dict[str, Passage]:
        """Everything that was found, by id."""
        return {item.id: item for step in self.tried for item in step.evidence}

    def as_data(self) -> Json:
        """What is stored: the parts that there are."""
        return self.model_dump(mode="json", exclude_unset=True)


def story_of(handoff: Handoff) -> Story:
    """The story that the handoff was stored with."""
    return Story.model_validate(handoff.story)

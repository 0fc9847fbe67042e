"""Bodies of the handoff API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.text import Line, Text
from api.schemas.tickets import MessageOut, TicketSummary
from memory.handoffs import Decision
from memory.tables import DecisionKind

MAX_CLAIM_MINUTES = 480
"""A claim lasts a working day at most; it can be renewed."""
MAX_ACTIONS = 50
MAX_ACTION_CHARS = 100
MAX_REPLY_CHARS = 50_000

_MISFIT = "misfit"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ClaimIn(_Body):
    """How long the claim lasts."""

    minutes: int = Field(default=10, ge=1, le=MAX_CLAIM_MINUTES)


class DecisionIn(_Body):
    """What a person decided."""

    kind: Literal["approve", "reply", "return", "close"]
    """approve: send the suggested reply. reply: send `text`. return: give it back to the agent
    with `guidance`. close: end the ticket without a reply."""
    text: Annotated[Text, Field(max_length=MAX_REPLY_CHARS)] = ""
    guidance: Annotated[Text, Field(max_length=MAX_REPLY_CHARS)] = ""
    actions: list[Annotated[Line, Field(max_length=MAX_ACTION_CHARS)]] = Field(
        default_factory=list, max_length=MAX_ACTIONS
    )
    """Fingerprints of the proposed actions to run, as they stand in the handoff's story."""
    version: int | None = Field(default=None, ge=1)
    """The version you saw: the decision is refused where the handoff has changed since."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if message := self._misfit():
            raise PydanticCustomError(_MISFIT, "{message}", {"message": message})
        return self

    def _misfit(self) -> str | None:
        if self.kind == "reply" and not self.text.strip():
            return "text is blank: kind 'reply' needs the reply to send"
        if self.kind == "return" and not self.guidance.strip():
            return "guidance is blank: kind 'return' needs what the agent should do differently"
        if self.kind != "reply" and self.text.strip():
            return f"text is sent with kind 'reply' only, and this is kind {self.kind!r}"
        if self.kind != "return" and self.guidance.strip():
            return f"guidance goes with kind 'return' only, and this is kind {self.kind!r}"
        if self.kind in {"return", "close"} and self.actions:
            return f"actions run with kind 'approve' or 'reply' only, not with {self.kind!r}"
        return None

    def decision(self) -> Decision:
        """The same as memory keeps it."""
        return Decision(
            kind=DecisionKind(self.kind),
            text=self.text,
            guidance=self.guidance,
            actions=tuple(self.actions),
        )


class HandoffSummary(BaseModel):
    """A handoff in the queue."""

    id: str
    ticket_id: str
    turn: int
    status: str
    """opening | open | claimed | decided; a claim that ran out counts as open."""
    priority: str
    """urgent | high | normal | low"""
    reason: str
    explanation: str
    """The reason in words, with its numbers."""
    claimed_by: str | None
    claimed_until: datetime | None
    due_at: datetime | None
    """When the customer should have heard from a person."""
    decided_by: str | None
    decided_at: datetime | None
    version: int
    created_at: datetime


class HandoffOut(HandoffSummary):
    """A handoff with the whole story."""

    story: dict[str, Any]
    """asks, evidence, tried, findings, suggestion, actions and what else the agent left."""
    decision: dict[str, Any] | None
    ticket: TicketSummary
    customer: dict[str, str | None]
    """email and name, as the ticket brought them."""
    messages: list[MessageOut]


class HandoffPage(BaseModel):
    """Handoffs: most urgent first, then first due, then oldest."""

    items: list[HandoffSummary]
    next: str | None
    """Where the next page is; null on the last one."""

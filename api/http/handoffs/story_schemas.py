"""What people read of the story of a handoff: what was asked, tried, found and remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class PassageOut(BaseModel):
    """A piece of evidence."""

    id: str
    kind: str
    """article | tool | memory | guidance"""
    source: str
    """doc_id of an article, name of a tool, id of a memory."""
    title: str
    heading: str
    text: str
    score: float


class AskOut(BaseModel):
    """One thing the customer wants, with what was found for it."""

    id: str
    text: str
    intent: str | None
    confidence: float | None
    """Probability from 0 to 1 that the evidence answers it; null where nobody weighed it."""
    threshold: float | None
    supported: bool
    why: str
    evidence: list[PassageOut]
    nearest: list[PassageOut] = []
    """The articles that came first where the evidence holds none: a person sees what might help."""
    searched: list[str]
    """What was looked for, each once."""
    question: str | None
    """What the agent would ask the customer; null where no answer would help."""


class TriedOut(BaseModel):
    """One step that the agent took."""

    ask_id: str
    kind: str
    """search | tool | action"""
    tool: str
    arguments: dict[str, Any]
    status: str
    """ok | failed | refused | suppressed | proposed | unknown"""
    found: int
    """Pieces of evidence."""
    error: str | None


class SuggestionOut(BaseModel):
    """The reply that the agent would send, and what stands against it."""

    text: str
    confidence: float | None
    writer: str
    claims: list[dict[str, Any]]
    """[{"text", "ask_id", "evidence": [ids]}]"""
    citations: list[dict[str, str]]
    """[{"source", "title", "kind"}]"""
    findings: list[dict[str, Any]]
    """[{"check", "detail", "claim", "revisable"}]"""


class ActionOut(BaseModel):
    """An action that waits for an approval of its own."""

    fingerprint: str
    """Digest of tool and arguments: what an approval is bound to."""
    tool: str
    arguments: dict[str, Any]
    units: dict[str, str] = {}
    told: str = ""
    """What the customer is told once it has run, with `...` for what only its result knows."""
    replaces: list[str] = []
    """Paragraphs of the suggestion that are left out once it has run: they tell how it was before."""
    """The currency of a sum, by the argument's name, where it is known: `{"amount": "EUR"}`."""
    verdict: str | None
    """approved | refused | null while nobody decided."""


class PastTicketOut(BaseModel):
    """An earlier ticket of the same customer."""

    id: str
    subject: str
    title: str
    status: str
    outcome: str | None
    delivery: str | None = None
    """As of a ticket in a list."""
    intent: str | None
    created_at: datetime
    ended_at: datetime | None


class MemoryOut(BaseModel):
    """What is remembered of the same customer's settled tickets. Masked."""

    id: str
    ticket_id: str
    question: str
    answer: str
    origin: str
    """agent | person"""
    sources: list[str]
    """doc_ids the answer cited."""
    created_at: datetime
    expires_at: datetime


class SimilarOut(BaseModel):
    """A settled ticket like this one. Masked."""

    ticket_id: str
    question: str
    answer: str
    origin: str
    score: float
    """Cosine of the questions."""

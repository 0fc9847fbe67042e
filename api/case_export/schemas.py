"""Bodies of labelled cases; `evals/harness/rows.py` reads the same."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class CaseTurnOut(BaseModel):
    """A message before the one in question."""

    role: Literal["customer", "agent"]
    text: str


class CaseLabelOut(BaseModel):
    """What should have become of the ticket."""

    outcome: str | None
    """answer | clarify | person; null while no person has judged it."""
    intent: str | None
    """As a person stated it; `oos` for none of the desk's; null where nobody did."""
    articles: list[str]
    """doc_ids of which any one is a right source."""
    tools: list[str]
    must_not: list[str] = []
    reply: str
    """What was sent, where it was the right answer."""
    reason: str
    """What the label stands on."""


class CaseOut(BaseModel):
    """A ticket as a case for the eval harness, without personal data."""

    id: str
    """Ticket and turn."""
    subject: str
    body: str
    headers: dict[str, str]
    history: list[CaseTurnOut]
    label: CaseLabelOut

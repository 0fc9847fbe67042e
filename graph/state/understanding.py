"""What is said of the conversation and its newest message."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Priority = Literal["urgent", "high", "normal", "low"]


class MessageRecord(TypedDict):
    """One message of the conversation so far."""

    seq: int
    role: Literal["customer", "agent", "person"]
    kind: str
    """message | code | reply | clarification | notice"""
    text: str
    turn: NotRequired[int]
    """In which it was to be answered; unknown of what an older version has kept."""


class PersonalDatum(TypedDict):
    """Where structured personal data stands in a text."""

    kind: str
    """email | phone | card | iban | ip | national_id | secret"""
    start: int
    end: int


class Screening(TypedDict):
    """What can be said of a message before anything is understood of it."""

    text: str
    """The customer's own words: quoted threads and signatures cut, bounded in length."""
    masked: str
    """The same with personal data replaced by [kind]."""
    language: str
    """ISO 639-1 code; `und` where there is too little text."""
    automatic: str | None
    """Why it is automatic mail, or None."""
    injection: float
    """Probability from 0 to 1 that it carries instructions for the agent."""
    injected: list[str]
    """The sentences behind that number."""
    personal_data: list[PersonalDatum]
    """Spans in `text`."""
    empty: bool
    """Nothing is asked or said."""
    truncated: bool
    acts: NotRequired[dict[str, str]]
    """Sentences of `text` that are an act by their meaning, with its name."""


class IntentGuess(TypedDict):
    """An intent with its calibrated probability."""

    name: str
    confidence: float


class Classification(TypedDict):
    """What the customer wants. `intent` is None when no configured intent applies."""

    intent: str | None
    confidence: float
    """Probability from 0 to 1 that `intent` (or its absence) is right."""
    threshold: float
    ranked: list[IntentGuess]
    """At most five, best first."""


class Triaged(TypedDict):
    """Written by `triage`."""

    screening: Screening
    classification: Classification
    priority: Priority
    stop: str | None
    """A `Reason` code when a person must take it at once, else None."""
    stop_detail: str
    """The numbers behind it."""
    failed: NotRequired[list[str]]
    """Answers of ours, oldest first, that did not help: the question is looked into again."""
    again: NotRequired[bool]
    """Our last answer is wanted once more."""
    ends: NotRequired[Literal["confirmed", "nothing_asked"] | None]
    """How the turn ends at once, with nothing sent; None where there is something to do."""

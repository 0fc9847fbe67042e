"""Bodies of the insight API: figures, each with what it rests on."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from api.http.text import Body


class FeedbackIn(Body):
    """Whether the answer solved it, as the customer says."""

    solved: bool


class FeedbackOut(BaseModel):
    """What is stored."""

    ticket_id: str
    turn: int
    solved: bool
    at: datetime


class RateOut(BaseModel):
    """`hits` of `n` with Wilson's 95 % interval; the figures are null where n is 0."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


class SpanOut(BaseModel):
    """Seconds, within 2 %; null without any case."""

    n: int
    p50: float | None
    p90: float | None


class ReasonOut(BaseModel):
    """How often people got a ticket for one reason."""

    reason: str
    text: str
    """In words."""
    count: int


class OutcomesOut(BaseModel):
    """What became of the tickets accepted in the window."""

    tickets: int
    messages: int
    fates: dict[str, int]
    """Tickets by where they stand; they add up to `tickets`."""
    automated: RateOut
    handed_off: RateOut
    resolved: RateOut
    """Confirmed by the customer, or assumed after `quiet_hours`."""
    reopened: RateOut
    abandoned: RateOut
    wrong: RateOut
    """Of the agent's own answers, those a person marked as wrong."""
    unhelpful: RateOut
    """Of the answers customers judged, those that did not solve it."""
    reasons: list[ReasonOut]
    first_response: SpanOut
    resolution: SpanOut


class CoverageOut(BaseModel):
    """Asks that would have passed at this threshold."""

    threshold: float
    covered: RateOut


class ThresholdsOut(BaseModel):
    """The threshold in force, and what others would have let through."""

    current: float | None
    covered: RateOut
    grid: list[CoverageOut]
    histogram: list[int]
    """Asks by confidence in ten steps from 0 to 1."""


class SpendingOut(BaseModel):
    """What one tool, model or intent cost."""

    name: str
    calls: int
    tokens: int
    cost_micros: int


class CostsOut(BaseModel):
    """Tokens and millionths of the tenant's currency."""

    tokens: int
    cost_micros: int
    by_tool: list[SpendingOut]
    """Tools, and the decisions that models took (`model:...`)."""
    by_model: list[SpendingOut]
    by_intent: list[SpendingOut]


class SuggestionsOut(BaseModel):
    """What became of the drafts that waited for a person although they had passed every check."""

    channel: str
    """Empty on the first one, which counts all of them."""
    intent: str
    drafts: int
    """With `auto` each of them would have been sent."""
    waiting: int
    as_is: RateOut
    """Of those a person has decided: sent word for word."""
    edited: RateOut
    thrown_away: RateOut
    """Another reply, none, or given back."""
    auto_sends: RateOut
    """Of all handoffs of this channel and intent: those that `auto` would have kept from people."""


class InsightOut(BaseModel):
    """Everything the insight page shows."""

    since: datetime
    until: datetime
    quiet_hours: float
    truncated: bool
    """Whether tickets are left out that the workers have not counted yet; the newest are in it."""
    outcomes: OutcomesOut
    thresholds: ThresholdsOut
    suggestions: list[SuggestionsOut]
    """Empty where nothing was held back."""
    costs: CostsOut

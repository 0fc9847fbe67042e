"""What people read from the handoff API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api.http.handoffs.story_schemas import (
    ActionOut,
    AskOut,
    MemoryOut,
    PastTicketOut,
    SimilarOut,
    SuggestionOut,
    TriedOut,
)
from api.http.tickets.schemas import MessageOut, ThreadTicketOut, TicketSummary


class HandoffSummary(BaseModel):
    """A handoff in the queue."""

    id: str
    ticket_id: str
    turn: int
    subject: str
    title: str
    """The subject, or the first words of the first message where there is none."""
    customer_name: str | None
    """Name, or address where there is no name."""
    status: str
    """opening | open | claimed | snoozed | waiting_customer | decided | closed; a claim that ran
    out counts as open."""
    priority: str
    """urgent | high | normal | low"""
    reason: str
    explanation: str
    """The reason in words, with its numbers."""
    intent: str | None
    team: str
    """The team whose queue it is in; empty: everybody's."""
    skills: list[str]
    claimed_by: str | None
    """Who has it; while it is snoozed or waits for the customer: to whom it comes back."""
    lease_expires_at: datetime | None
    claimed_until: datetime | None
    """The same as `lease_expires_at`, under its older name."""
    snoozed_until: datetime | None
    """When it comes back by itself."""
    due_at: datetime | None
    """When the customer should have heard from a person."""
    resolve_by: datetime | None
    """When the ticket should be resolved."""
    responded_at: datetime | None
    """When a person first wrote to the customer."""
    overdue: bool
    """A target has passed that was not met."""
    unread: int
    """Messages of the customer that the holder (or anybody, if nobody holds it) has not read."""
    escalated_at: datetime | None
    escalated_to: str | None
    """The team's lead, once it was escalated."""
    merged_into: str | None
    """The handoff that this one is answered with."""
    decided_by: str | None
    decided_at: datetime | None
    closed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class NoteOut(BaseModel):
    """What staff wrote to each other."""

    id: str
    kind: str
    """note | transfer | takeover | close"""
    author: str
    text: str
    created_at: datetime


class EventOut(BaseModel):
    """Who did what, when."""

    id: int
    handoff_id: str
    ticket_id: str
    at: datetime
    who: str
    """The person's name; `agent`, `customer` or `clock` where it was none."""
    what: str
    status: str
    version: int
    details: dict[str, Any]


class LetterOut(BaseModel):
    """A question or notice to the customer on its way."""

    id: str
    purpose: str
    """ask | late | merged | handoff"""
    kind: str
    text: str
    author: str | None
    status: str
    """wanted | sent | failed | unknown | withdrawn"""
    error: str | None
    """Why it did not arrive; of a wanted one, why it could not leave yet: it is tried again."""
    created_at: datetime


class MergedOut(BaseModel):
    """A duplicate that is answered together with this one."""

    handoff_id: str
    ticket_id: str
    subject: str
    messages: list[MessageOut]


class CorrectionOut(BaseModel):
    """What a person said was wrong."""

    id: str
    kind: str
    """article_wrong | article_missing | gap_dismissed | intent_wrong | answer_wrong"""
    ticket_id: str
    handoff_id: str | None
    article: str | None
    intent: str | None
    was: str | None
    question: str
    note: str
    by: str
    created_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    """Null while the correction counts."""


class HandoffOut(HandoffSummary):
    """A handoff with the whole story."""

    reason_text: str
    """The reason without its numbers."""
    priority_because: list[str]
    """Why it has this priority, in words."""
    summary: str
    """The conversation so far, in a few sentences."""
    asks: list[AskOut]
    tried: list[TriedOut]
    suggestion: SuggestionOut | None
    actions: list[ActionOut]
    similar: list[SimilarOut]
    missing: list[str]
    """Parts of the story that could not be made, and why."""
    guidance: list[str]
    """What the agent did with what people told it on giving the ticket back, in words."""
    agent_answer: str
    """none | maybe_sent | sent: whether an answer of the agent in this turn reached the customer.
    After a takeover during a delivery it is maybe_sent until the service said so."""
    story: dict[str, Any]
    """All of it as the agent left it."""
    decision: dict[str, Any] | None
    """kind, text, guidance, redraft, actions, refused, tell_results; `difference` for an edited suggestion,
    `files` where some leave with it: id, name, media_type and size of each."""
    ticket: TicketSummary
    customer: dict[str, str | None]
    """email and name, as the ticket brought them."""
    vouched_by: str | None
    """The key that vouched for the address; null where nobody did."""
    history: list[PastTicketOut]
    thread: list[ThreadTicketOut]
    """What others wrote in the same mail thread, each a ticket of its own."""
    memories: list[MemoryOut]
    messages: list[MessageOut]
    merged: list[MergedOut]
    letters: list[LetterOut]
    notes: list[NoteOut]
    events: list[EventOut]
    corrections: list[CorrectionOut]


class HandoffPage(BaseModel):
    """Handoffs: most urgent first, then first due, then oldest."""

    items: list[HandoffSummary]
    next: str | None
    """Where the next page is; null on the last one."""


class CountsOut(BaseModel):
    """How many handoffs wait, by what. `team` and `priority` count those that are undecided."""

    status: dict[str, int]
    team: dict[str, int]
    priority: dict[str, int]
    intent: dict[str, int]
    reason: dict[str, int]
    overdue: int
    mine: int
    unassigned: int
    unread: int
    """Handoffs with messages nobody has seen."""


class BulkOut(BaseModel):
    """What became of each of several handoffs."""

    closed: list[str]
    refused: dict[str, str]
    """Why not, by id."""


class TakeoverOut(BaseModel):
    """A ticket taken from the agent."""

    handoff: HandoffSummary
    agent_answer: str
    """none: no answer of the agent went out or will. maybe_sent: one was on its way at the very
    moment; the handoff shows when it is known."""


class CorrectionPage(BaseModel):
    """Corrections, newest first."""

    items: list[CorrectionOut]
    next: str | None

"""Bodies of the ticket intake API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.files.schemas import AttachedOut
from api.http.text import (
    MAX_EMAIL_CHARS,
    MAX_HEADER_CHARS,
    MAX_HEADER_NAME_CHARS,
    MAX_HEADERS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_SUBJECT_CHARS,
    Body,
    Email,
    HeaderName,
    Line,
    Name,
    Text,
    is_blank,
)
from memory.files.message_files import MOST_OF_MESSAGE

FileIds = Annotated[
    list[Annotated[Line, Field(max_length=MAX_ID_CHARS)]], Field(max_length=MOST_OF_MESSAGE)
]
_BLANK = "blank"
_UNNAMED = "unnamed"


class CustomerIn(Body):
    """Who wrote, as your own system knows it; never taken from the text."""

    email: Annotated[Email, Field(max_length=MAX_EMAIL_CHARS)] | None = None
    """Without it no record of a customer can be looked up."""
    name: Annotated[Name, Field(max_length=MAX_NAME_CHARS)] | None = None
    verified: bool = False
    """Your system has made sure that the sender is the holder of `email`: by a login, or by a
    signature of the mail. Only then is a record of that address shown. It takes a key made with
    `--vouch`, whose name is kept beside the ticket."""

    @model_validator(mode="after")
    def _verifies_something(self) -> Self:
        if self.verified and self.email is None:
            msg = "verified without an address: send email too, or leave verified out"
            raise PydanticCustomError(_UNNAMED, msg)
        return self


class TicketIn(Body):
    """A new ticket."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "Where is my order?",
                    "text": "I ordered two clocks last week (FH-100001). When do they arrive?",
                    "customer": {"email": "ann@example.com", "name": "Ann Lee"},
                }
            ]
        }
    )

    text: Text
    """What the customer wrote. May be blank where the subject says it all."""
    subject: Annotated[Name, Field(max_length=MAX_SUBJECT_CHARS)] | None = None
    customer: CustomerIn = CustomerIn()
    headers: Annotated[
        dict[
            Annotated[HeaderName, Field(max_length=MAX_HEADER_NAME_CHARS)],
            Annotated[Line, Field(max_length=MAX_HEADER_CHARS)],
        ],
        Field(max_length=MAX_HEADERS),
    ] = Field(default_factory=dict)
    """Mail headers that tell automatic mail: Auto-Submitted, Precedence, ..."""
    files: FileIds = Field(default_factory=list)
    """Ids of files that came with it, as `POST /v1/files` gave them."""
    bulk: bool = False
    """Nobody waits for this one, as with an import: it goes after your other tickets."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text) and is_blank(self.subject or "") and not self.files:
            raise PydanticCustomError(_BLANK, "text and subject are both blank: send one of them")
        return self


class MessageIn(Body):
    """The customer's next message on a ticket."""

    text: Text
    files: FileIds = Field(default_factory=list)
    """Ids of files that came with it, as `POST /v1/files` gave them."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text) and not self.files:
            raise PydanticCustomError(_BLANK, "text is blank: send what the customer wrote")
        return self


class AcceptedOut(BaseModel):
    """A ticket is stored and will end; from here on nothing of it is lost."""

    id: str
    status: Literal["queued"] = "queued"
    """The state at acceptance; the status URL has the present one."""
    status_url: str
    events_url: str


class MessageAcceptedOut(BaseModel):
    """A message is stored and will be answered, by the agent or by the person on the ticket."""

    ticket_id: str
    seq: int
    """Its number within the conversation."""
    status_url: str
    events_url: str


class MessageOut(BaseModel):
    """One message of a conversation."""

    seq: int
    role: str
    """customer | agent | person"""
    kind: str
    """message | code | bounce | loop | other | reply | clarification | notice"""
    text: str
    citations: list[dict[str, Any]]
    """The articles and records a reply stands on: source, title, kind."""
    author: str | None
    """The person, for role person; for role customer whoever wrote, where it was somebody else."""
    at: datetime
    files: list[AttachedOut]
    """What came with it."""
    delivery: str | None = None
    """How far one of ours has come: wanted | intended | sent | failed | bounced | unknown |
    withdrawn; null where it leaves by no channel, or that is not known."""


class TicketSummary(BaseModel):
    """A ticket in a list."""

    id: str
    subject: str
    title: str
    """The subject, or the first words of the first message where there is none."""
    customer_name: str | None = None
    said: str | None = None
    """What was said around the words that were looked for; null where they stand elsewhere, or nothing
    was looked for."""
    status: str
    """queued | running | waiting | settled"""
    outcome: str | None
    """How the turn ended: delivered | clarifying | with_person | answered_by_person |
    closed_by_person | confirmed | nothing_asked | merged; null while it goes on, which an answer
    does until it has left."""
    delivery: str | None = None
    """How far the turn's answer has come, as of its message. Null where it leaves by no channel, or
    there is none."""
    reason: str | None
    """Why a person has it, as a code; null while the agent has it."""
    intent: str | None
    confidence: float | None
    """Probability from 0 to 1 that the intent is right."""
    turn: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    status_url: str


class ThreadTicketOut(BaseModel):
    """Another address's ticket in the same mail thread."""

    id: str
    title: str
    customer: str
    """Name and address."""
    status: str
    outcome: str | None
    delivery: str | None = None
    """As of a ticket in a list."""
    created_at: datetime


class TicketOut(TicketSummary):
    """A ticket with its conversation."""

    customer_name: str | None
    """As the customer gave it."""
    reason_text: str | None
    """The reason in words."""
    reply: str | None
    """The last reply or question sent to the customer, by the agent or a person."""
    citations: list[dict[str, Any]]
    """What that reply stands on."""
    messages: list[MessageOut]
    thread: list[ThreadTicketOut] = Field(default_factory=list)
    """What others wrote in its mail thread, each a ticket of its own; not told in lists."""
    events_url: str


class TicketPage(BaseModel):
    """Tickets, newest first."""

    items: list[TicketSummary]
    next: str | None
    """Where the next page is; null on the last one."""


class CustomerOut(BaseModel):
    """A customer with their tickets, newest first, each with all that was said."""

    name: str | None
    """As the newest ticket has it."""
    email: str | None
    items: list[TicketOut]
    next: str | None
    """Where the next page is; null on the last one."""


class JournalRowOut(BaseModel):
    """What happened once, why, how long it took and what it cost."""

    seq: int
    at: datetime
    turn: int
    epoch: int
    kind: str
    name: str
    cause: str
    outcome: str
    fingerprint: str | None
    duration_ms: float | None
    tokens_in: int
    tokens_out: int
    cost_micros: int
    error: str | None
    numbers: dict[str, Any]


class JournalPage(BaseModel):
    """A ticket's journal in order, with the same told in sentences."""

    ticket_id: str
    rows: list[JournalRowOut]
    story: list[str]
    """One sentence a row, as `deskhand why` prints them."""

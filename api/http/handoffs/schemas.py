"""What people send to the handoff API."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.text import MAX_COUNT, MAX_ID_CHARS, Body, Line, Text, is_blank
from api.http.tickets.schemas import FileIds
from memory.handoffs import Decision
from memory.handoffs.changing import LONGEST_LEASE
from memory.tables import DecisionKind

MAX_CLAIM_MINUTES = int(LONGEST_LEASE.total_seconds()) // 60
"""A claim lasts a working day at most; it can be renewed."""
MAX_ACTIONS = 50
MAX_ACTION_CHARS = 100
MAX_REPLY_CHARS = 50_000
MAX_NOTE_CHARS = 10_000
MAX_NAME_CHARS = 80
MAX_BULK = 100
"""Handoffs that one request may close."""

_MISFIT = "misfit"

Note = Annotated[Text, Field(max_length=MAX_NOTE_CHARS)]
Name = Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)]
Reply = Annotated[Text, Field(max_length=MAX_REPLY_CHARS)]
Version = Annotated[int, Field(ge=1, le=MAX_COUNT)] | None
"""The version you saw: the change is refused where the handoff has changed since."""
Fingerprint = Annotated[Line, Field(max_length=MAX_ACTION_CHARS)]
Fingerprints = Annotated[list[Fingerprint], Field(max_length=MAX_ACTIONS)]
Id = Annotated[Line, Field(min_length=1, max_length=MAX_ID_CHARS)]


class VersionIn(Body):
    """Which version the change is meant for."""

    version: Version = None


class ClaimIn(VersionIn):
    """How long the claim lasts."""

    minutes: int = Field(default=10, ge=1, le=MAX_CLAIM_MINUTES)


class AssignIn(VersionIn):
    """Who should have it."""

    to: Name
    """A person's name as it stands in their account or key."""


class TransferIn(VersionIn):
    """To whom it goes on, and what they should know."""

    to: Name | None = None
    team: Annotated[Line, Field(max_length=MAX_NAME_CHARS)] | None = None
    """A team of the desk; empty: everybody's queue."""
    note: Note = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.to is None) == (self.team is None):
            raise PydanticCustomError(_MISFIT, "send either `to` or `team`")
        return self


class SnoozeIn(VersionIn):
    """Until when it is put aside."""

    until: Annotated[AwareDatetime, Field(strict=False)]


class AskIn(VersionIn):
    """A question to the customer."""

    text: Reply
    until: Annotated[AwareDatetime, Field(strict=False)] | None = None
    """When it comes back without an answer; three days from now where nothing is said."""
    files: FileIds = Field(default_factory=list)
    """Ids of files that leave with the question, as `POST /v1/files` gave them to you."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text):
            raise PydanticCustomError(_MISFIT, "text is blank: send the question")
        if len(set(self.files)) < len(self.files):
            raise PydanticCustomError(_MISFIT, "files names a file twice")
        return self


class NoteIn(Body):
    """A note for colleagues; the customer never sees it."""

    text: Note

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text):
            raise PydanticCustomError(_MISFIT, "text is blank: send the note")
        return self


class SeenIn(Body):
    """Up to which message of the conversation the holder has read."""

    seq: int = Field(ge=0, le=MAX_COUNT)


class MergeIn(VersionIn):
    """The handoff of the same customer that this one is answered with."""

    into: Id


class BulkCloseIn(Body):
    """Handoffs to be closed without a reply."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_BULK)]
    note: Note = ""


class RedraftIn(VersionIn):
    """What the agent should do differently."""

    hint: Reply

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.hint):
            raise PydanticCustomError(_MISFIT, "hint is blank: say what to do differently")
        return self


class TakeoverIn(Body):
    """Why a person takes a ticket that the agent works on."""

    note: Note = ""
    minutes: int = Field(default=10, ge=1, le=MAX_CLAIM_MINUTES)


class CorrectionIn(Body):
    """What was wrong."""

    kind: Literal[
        "article_wrong", "article_missing", "gap_dismissed", "intent_wrong", "answer_wrong"
    ]
    article: Annotated[Line, Field(min_length=1, max_length=500)] | None = None
    """doc_id of the wrong article, for article_wrong."""
    intent: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)] | None = None
    """The right intent, for intent_wrong; null where none of the desk's applies. An intent is
    learnt from the ticket; null is counted, and only ends what an earlier correction taught."""
    ask: Id | None = None
    """The ask of a gap that needs no article, for gap_dismissed; null where the gap names none."""
    note: Note = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "article_wrong" and self.article is None:
            raise PydanticCustomError(_MISFIT, "kind 'article_wrong' needs the article's doc_id")
        if self.kind != "article_wrong" and self.article is not None:
            raise PydanticCustomError(_MISFIT, "article goes with kind 'article_wrong' only")
        if self.kind != "intent_wrong" and self.intent is not None:
            raise PydanticCustomError(_MISFIT, "intent goes with kind 'intent_wrong' only")
        if self.kind != "gap_dismissed" and self.ask is not None:
            raise PydanticCustomError(_MISFIT, "ask goes with kind 'gap_dismissed' only")
        return self


class DecisionIn(VersionIn):
    """What a person decided."""

    kind: Literal["approve", "reply", "return", "close"]
    """approve: send the suggested reply. reply: send `text`. return: give it back to the agent
    with `guidance`. close: end the ticket without a reply."""
    text: Reply = ""
    guidance: Reply = ""
    actions: Fingerprints = Field(default_factory=list)
    """Fingerprints of the proposed actions to run, as they stand in the handoff's story."""
    refused: Fingerprints = Field(default_factory=list)
    """Fingerprints of the proposed actions that the person refuses, to be kept as such."""
    tell_results: bool = False
    """With kind 'reply': say first, behind the greeting, what the approved actions came to, as an
    approved suggestion does."""
    files: FileIds = Field(default_factory=list)
    """Ids of files that leave with the answer, as `POST /v1/files` gave them to you."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if message := self._misfit():
            raise PydanticCustomError(_MISFIT, "{message}", {"message": message})
        return self

    def _misfit(self) -> str | None:
        if self.kind == "reply" and is_blank(self.text):
            return "text is blank: kind 'reply' needs the reply to send"
        if self.kind == "return" and is_blank(self.guidance):
            return "guidance is blank: kind 'return' needs what the agent should do differently"
        if self.kind != "reply" and not is_blank(self.text):
            return f"text is sent with kind 'reply' only, and this is kind {self.kind!r}"
        if self.kind != "return" and not is_blank(self.guidance):
            return f"guidance goes with kind 'return' only, and this is kind {self.kind!r}"
        return self._misfit_of_actions()

    def _misfit_of_actions(self) -> str | None:
        if self.kind in {"return", "close"} and self.actions:
            return f"actions run with kind 'approve' or 'reply' only, not with {self.kind!r}"
        if both := set(self.actions) & set(self.refused):
            return f"these actions are both approved and refused: {sorted(both)}"
        if self.kind in {"return", "close"} and self.files:
            return f"files leave with kind 'approve' or 'reply' only, not with {self.kind!r}"
        if len(set(self.files)) < len(self.files):
            return "files names a file twice"
        return None

    def decision(self, uploader: str) -> Decision:
        """The same as memory keeps it; `uploader` is whose uploads the files are."""
        return Decision(
            kind=DecisionKind(self.kind),
            text=self.text,
            guidance=self.guidance,
            actions=tuple(self.actions),
            refused=tuple(self.refused),
            tell_results=self.tell_results,
            files=tuple(self.files),
            uploader=uploader,
        )

"""Bodies between the website's script and the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.text import Body, Line, Text, is_blank
from api.http.tickets.schemas import FileIds

MAX_TEXT_CHARS = 4_000
MAX_IDENTITY_CHARS = 4_000
_BLANK = "blank"
ID = r"^[A-Za-z0-9-]{8,64}$"

Doing = Literal["new", "working", "person", "settled"]
"""Nothing was written yet; the agent is at work; a person has it; the last word is said."""


class WidgetOut(BaseModel):
    """How the window looks."""

    title: str
    greeting: str
    language: str
    words: dict[str, str]
    """What stands around the conversation, by name."""
    max_chars: int = MAX_TEXT_CHARS
    file_bytes: int
    """Of the largest file that is taken; 0 where none is."""


class VisitorMessageIn(Body):
    """What a visitor wrote."""

    id: Annotated[str, Field(pattern=ID)]
    """Made by the script: the same message sent again is the same message."""
    text: Annotated[Text, Field(max_length=MAX_TEXT_CHARS)]
    files: FileIds = Field(default_factory=list)
    """Ids of uploads of this visitor."""
    identity: Annotated[Line, Field(max_length=MAX_IDENTITY_CHARS)] = ""
    """The website's signed word on who is logged in there."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if is_blank(self.text) and not self.files:
            raise PydanticCustomError(_BLANK, "text is blank: send what the visitor wrote")
        return self


class ShownFileOut(BaseModel):
    """A file as the visitor sees it."""

    id: str | None
    """Of one that the visitor can save."""
    name: str
    size: int


class TakenOut(BaseModel):
    """The message is stored and will be answered."""

    id: str
    repeated: bool


class SourceOut(BaseModel):
    """What an answer stands on."""

    title: str
    url: str | None


class ShownOut(BaseModel):
    """One message as the visitor sees it."""

    seq: int
    id: str | None
    """The script's own id, of what the visitor wrote."""
    role: Literal["customer", "agent", "person"]
    kind: str
    text: str
    author: str | None
    sources: list[SourceOut]
    files: list[ShownFileOut]
    at: datetime


class ConversationOut(BaseModel):
    """What is new in the conversation, and what goes on."""

    items: list[ShownOut]
    doing: Doing
    last: int
    """Ask for what comes after it."""

"""Bodies about channels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.channels.connecting.channel_block import MOST_ANSWER_CHARS
from memory.storage.kept_secrets import MOST_BYTES

MOST_ANSWERS = 20
Answer = Annotated[str, Field(max_length=MOST_ANSWER_CHARS)]


class ChannelOut(BaseModel):
    """One channel of the desk, and how it stands."""

    name: str
    at: list[str]
    """The address of the mailbox or helpdesk, or the websites."""
    level: str
    """off | suggest | auto: what the agent may do by itself"""
    last_in: datetime | None
    """When the last message came in."""
    last_out: datetime | None
    """When the last message left; null for the widget, where visitors fetch theirs."""
    waiting: int
    """Messages that wait to leave."""
    trouble: str | None
    """Why it does not work, in words; null while it does."""
    trouble_since: datetime | None
    running: bool
    """Whether a process runs it; the widget is the API's own."""
    paused_by: str | None
    paused_since: datetime | None
    newest: str | None
    """The ticket that was begun last by it."""


class ChannelPage(BaseModel):
    """The channels of the desk."""

    items: list[ChannelOut]


class ChannelTried(BaseModel):
    """How a channel was tried."""

    well: bool
    lines: list[str]
    """What was found, and what to do about it."""


class QuestionOut(BaseModel):
    """One thing that a channel has to be asked for."""

    name: str
    label: str
    help: str
    default: str
    """What an empty answer means."""
    needed: bool
    secret: bool
    """Whether it is shown to nobody."""
    choices: list[str]
    """All that may be said; empty where anything may."""


class KindOut(BaseModel):
    """A channel that can be connected."""

    name: str
    title: str
    questions: list[QuestionOut]


class KindPage(BaseModel):
    """Those that the desk does not have."""

    items: list[KindOut]


class ConnectIn(BaseModel):
    """The answers to a channel's questions."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Answer] = Field(max_length=MOST_ANSWERS)
    """By the name of the question."""


class SecretIn(BaseModel):
    """The secret that a helpdesk shows for its webhooks."""

    model_config = ConfigDict(extra="forbid")

    secret: str = Field(min_length=1, max_length=MOST_BYTES)


class ConnectedOut(BaseModel):
    """How connecting went."""

    well: bool
    """Whether it works; if not, nothing was written."""
    lines: list[str]
    """What was found, and what to do about it."""
    written: bool
    """Whether desk.yaml has it now; running processes take it up by themselves within seconds."""
    block: str
    """What whoever runs Deskhand has to put into desk.yaml, where it cannot be written from here."""
    steps: list[str]
    """What is still to be done on the other side. A secret that stands here is shown only once."""
    needs_secret: bool
    """Whether the other side has a secret for webhooks that we have to be told."""

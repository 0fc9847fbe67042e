"""Bodies of the API about what the agent may do by itself, and the switch that stops all sending."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.http.text import Body, Line

Kind = Literal["channel", "intent"]
Level = Literal["off", "suggest", "auto"]
MAX_WHY_CHARS = 500


class AutonomyIn(Body):
    """A level that a person chooses."""

    level: Level | None
    """Null takes a person's choice back: what desk.yaml says holds again."""


class AutonomyOut(BaseModel):
    """How far the agent may go by itself with one channel or intent."""

    kind: Kind
    name: str
    level: Level
    """off: it drafts nothing. suggest: each answer waits as a draft. auto: it sends what reaches
    the threshold. The lower of a channel's and an intent's level counts."""
    source: str
    """person | desk.yaml | default"""
    changed_by: str | None
    changed_at: datetime | None
    always_person: bool = False
    """desk.yaml gives this intent to a person, whatever its level is."""


class AutonomyPage(BaseModel):
    """Every channel and intent."""

    items: list[AutonomyOut]


class SendingIn(Body):
    """Why all sending is stopped."""

    why: Annotated[Line, Field(max_length=MAX_WHY_CHARS)] = ""


class SendingOut(BaseModel):
    """Whether messages to customers leave."""

    stopped: bool
    stopped_at: datetime | None = None
    stopped_by: str | None = None
    why: str = ""

"""Bodies of the desk's settings: read from desk.yaml, shown, never changed here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.http.text import MAX_NAME_CHARS, Body, Line


class IntentOut(BaseModel):
    """One intent and what the agent may do about it."""

    name: str
    description: str
    handling: str
    """answer | person"""
    priority: str
    tools: list[str]


class SpentOut(BaseModel):
    """One kind of budget today."""

    resource: str
    """money_micros | tool_calls | model_calls | tokens"""
    spent: int
    held: int
    """For calls under way."""
    limit: int | None
    """Null: without a limit."""


class CalibrationOut(BaseModel):
    """A threshold and the labelled cases it stands on."""

    source: str
    """import | decisions | default: other companies' cases, until there is one of one's own."""
    max_error: float
    """The share of wrong answers it was chosen for."""
    threshold: float
    n: int
    """Labelled cases."""
    delivered: int
    """Of them, those at or above the threshold."""
    realised_error: float | None
    """The share of wrong ones among them."""
    coverage: float
    date: str
    note: str


class DeskOut(BaseModel):
    """What the desk decides, as desk.yaml says it."""

    tenant: str
    company: str
    language: str
    problem: str | None
    """Why the file as it stands now cannot be read; then the last good one is shown."""
    goal: dict[str, Any]
    thresholds: dict[str, Any]
    limits: dict[str, Any]
    hours: dict[str, Any]
    kept_days: dict[str, int]
    """Days for which each class of data is kept; see docs/privacy.md."""
    encrypted_at_rest: bool
    """Whether this installation's texts are encrypted at rest; see docs/privacy.md."""
    minds: dict[str, Any]
    intents: list[IntentOut]
    calibrations: list[CalibrationOut]
    """The tenant's own, newest first, then the default. `deskhand calibration show` tells which is
    in force: it also looks at the encoder and the model that workers use."""
    today: list[SpentOut]
    """The tenant's day account, in UTC."""


class KeyIn(Body):
    """A key to make."""

    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)]
    scopes: Annotated[
        list[Literal["intake", "agent", "lead", "admin"]], Field(min_length=1, max_length=4)
    ]


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    """A key just made; its token is not kept and cannot be shown again."""

    token: str

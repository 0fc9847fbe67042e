"""How the tools of a tenant are, as its workers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

BreakerState = Literal["closed", "half_open", "open"]


class LatencyBucket(BaseModel):
    """Attempts that took so long and no longer."""

    model_config = ConfigDict(frozen=True)

    up_to_ms: int | None
    """None for those beyond the last bound."""
    attempts: int


class WorkerOnTool(BaseModel):
    """What one worker sees of a tool: limits are kept in each worker."""

    model_config = ConfigDict(frozen=True)

    worker: str
    breaker: BreakerState
    retry_in_seconds: float
    """Until an open breaker lets a probe through."""
    free_turns: float
    """Of the rate limit; below zero when some are promised ahead."""
    slots: int
    in_use: int
    waiting: int
    updated_at: datetime


class ToolOut(BaseModel):
    """One tool over all living workers, each since it began."""

    model_config = ConfigDict(frozen=True)

    tool: str
    breaker: BreakerState
    """The worst of the workers'."""
    attempts: int
    succeeded: int
    errors: dict[str, int] = Field(examples=[{"timeout": 3, "schema_changed": 1}])
    """Failed attempts by kind."""
    opened: int
    """Times that a breaker has opened."""
    p50_ms: int | None
    """Half of the attempts took no longer; None if there are none, or beyond the bounds."""
    p95_ms: int | None
    latency: list[LatencyBucket]
    schema_changes: int
    """Attempts that met another schema than the declared one."""
    difference: list[str]
    """What differed the last time: fields added, removed, or of another type."""
    changed_at: datetime | None
    workers: list[WorkerOnTool]


class ToolsOut(BaseModel):
    """All tools of a tenant."""

    model_config = ConfigDict(frozen=True)

    items: list[ToolOut]

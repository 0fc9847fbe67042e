"""How every error looks: problem+json (RFC 9457) with what to change."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One field to change."""

    field: str
    """Where it is, such as customer.email, or header Idempotency-Key."""
    message: str
    """What is wrong and what to send instead. Never repeats what was sent."""


class Problem(BaseModel):
    """The body of every answer of 400 and above."""

    model_config = ConfigDict(json_schema_extra={"title": "Problem"})

    type: str
    """Stable name of the problem, to decide on: urn:deskhand:problem:..."""
    title: str
    status: int
    detail: str
    """What happened this time and what to do."""
    request_id: str | None = None
    """Stands in the log next to the same request."""
    errors: list[FieldProblem] | None = None
    """The fields to change, for requests that are not valid."""
    by: str | None = None
    """Who was first, for a decided or claimed handoff."""
    at: datetime | None = None
    """When that person decided."""
    until: datetime | None = None
    """When that person's claim ends."""
    retry_after: int | None = None
    """Seconds to wait before trying again; the header Retry-After says the same."""

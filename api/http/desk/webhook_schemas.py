"""Bodies of the webhooks' API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.http.text import Body, Line

MAX_URL_CHARS = 2_000


class WebhookIn(Body):
    """An address that is to be told."""

    url: Annotated[Line, Field(min_length=1, max_length=MAX_URL_CHARS)]


class WebhookOut(BaseModel):
    """An address, without its secret."""

    id: str
    url: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None


class WebhookPage(BaseModel):
    """All addresses, oldest first."""

    items: list[WebhookOut]


class NewWebhookOut(WebhookOut):
    """An address just added; its secret is in this answer and nowhere else."""

    secret: str
    """`whsec_...`, as the libraries of Standard Webhooks take it."""


class DeliveryOut(BaseModel):
    """One event for one address."""

    id: int
    event_id: str
    """The same in the header `webhook-id` of every attempt."""
    webhook_id: str
    ticket_id: str
    type: str
    status: str
    """wanted | done | dead"""
    attempts: int
    error: str | None
    created_at: datetime
    ended_at: datetime | None


class DeliveryPage(BaseModel):
    """Deliveries, newest first, at most 200."""

    items: list[DeliveryOut]

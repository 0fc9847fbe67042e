"""Webhooks: the addresses that are told what happens to tickets, and what each was told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class HookStatus(StrEnum):
    """How far the telling of one event has come."""

    WANTED = "wanted"
    """It has not arrived yet; what comes after it on the same ticket waits."""
    DONE = "done"
    DEAD = "dead"
    """It was tried as often as it may be; people see it and can send it again."""


class WebhookEndpoint(SQLModel, table=True):
    """One address of one tenant. Its secret follows from its id and the installation's own key."""

    __tablename__ = "webhook_endpoints"

    id: str = Field(primary_key=True)
    tenant: str = Field(index=True)
    url: str
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookDelivery(SQLModel, table=True):
    """One event for one address, stored in the transaction in which it happened."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_due", "status", "endpoint_id", "not_before"),
        Index("ix_webhook_deliveries_order", "ticket_id", "endpoint_id", "id"),
        Index("ix_webhook_deliveries_tenant_status", "tenant", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    """Grows: of one ticket the lower one leaves first."""
    event_id: str
    """Travels as `webhook-id`: the same for every address and every attempt."""
    endpoint_id: str
    tenant: str
    ticket_id: str
    type: str
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Ids, codes and numbers; never a word of a customer's."""
    status: str = HookStatus.WANTED
    attempts: int = 0
    not_before: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    error: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""What the routes about customers give back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class ErasureOut(BaseModel):
    """How far an erasure has come."""

    id: str
    status: Literal["wanted", "done"] = Field(
        description="A worker carries out what is wanted; `done` comes with the receipt."
    )
    requested_at: datetime
    done_at: datetime | None
    receipt: dict[str, Any] | None = Field(
        description="Counts by layer, signed with the installation's key. Holds no personal data."
    )
    status_url: str


class CustomerExport(BaseModel):
    """All that is held of one person, by ticket."""

    format: Literal["deskhand-customer/1"]
    tenant: str
    address: str
    tickets: list[dict[str, Any]] = Field(
        description="Each with its rows by table: messages, handoffs, notes, letters, memories ..."
    )

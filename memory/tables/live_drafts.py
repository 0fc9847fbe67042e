"""What a chat model is writing at this moment, as far as somebody looks on. Gone when it is done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from memory.sealing.columns import SealedText
from memory.tables.base import UtcDateTime, now


class LiveDraft(SQLModel, table=True):
    """A ticket whose next reply somebody waits for. There is none where nobody does.

    Its moments are of the database's clock: API and worker may be on two machines.
    """

    __tablename__ = "live_drafts"

    ticket_id: str = Field(primary_key=True)
    tenant: str
    watched_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    """When somebody last said that they look on."""
    epoch: int = 0
    """The drive that writes: one that was superseded cannot take its place."""
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the model was asked; None while none is."""
    text: str = Field(
        default="",
        sa_column=Column(
            SealedText("live_drafts.text", ("tenant", "ticket_id")),
            nullable=False,
            server_default="",
        ),
    )
    """What it has written so far. Nobody has checked it, and no other part reads it."""

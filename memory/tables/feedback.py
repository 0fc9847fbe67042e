"""What customers said of an answer: it helped, or it did not."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class Feedback(SQLModel, table=True):
    """One customer's word on one turn; saying it again replaces it."""

    __tablename__ = "feedback"

    ticket_id: str = Field(primary_key=True, foreign_key="tickets.id")
    turn: int = Field(primary_key=True)
    tenant: str = Field(index=True)
    solved: bool
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

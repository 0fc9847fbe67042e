"""A tenant's calibration: the confidence from which on it answers, and what that stands on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class Calibration(SQLModel, table=True):
    """One threshold, chosen on labelled cases. Never changed: a newer one stands beside it."""

    __tablename__ = "calibrations"

    id: str = Field(primary_key=True)
    """Digest of tenant and content, so that importing a file twice stores it once."""
    tenant: str = Field(index=True)
    max_error: float
    """The share of sent answers that may be wrong, as stated."""
    threshold: float
    """Confidence from which on an ask is answered; 1 answers nothing."""
    n: int
    """Labelled cases."""
    delivered: int
    """Of them, those at or above the threshold."""
    realised_error: float | None = None
    """The share of wrong ones among them; None if there are none."""
    coverage: float
    sufficient: bool
    """Whether some threshold kept the stated error."""
    note: str = Field(sa_column=Column(Text, nullable=False))
    encoder: str
    """Revision of the encoder it was chosen with."""
    model: str
    """Version of the confidence model it was chosen with."""
    kb_digest: str
    """Digest of the articles it was chosen on."""
    source: str
    """`import` or `decisions`."""
    calibrated_at: str
    """The date of the calibration itself, ISO."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

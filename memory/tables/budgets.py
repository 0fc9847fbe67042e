"""Budgets: what each account has spent, what is held for calls under way, and by whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from memory.tables.base import UtcDateTime, now


class ReservationStatus(StrEnum):
    """What became of a reservation."""

    HELD = "held"
    """The call is under way."""
    SETTLED = "settled"
    """The call ended; what it really took is charged and the rest was given back."""
    EXPIRED = "expired"
    """Whoever held it vanished. It is charged in full, since nobody can say what was used."""


class BudgetAccount(SQLModel, table=True):
    """One account: a turn of a ticket, a ticket, or a tenant's day. The limits are the desk's."""

    __tablename__ = "budget_accounts"

    key: str = Field(primary_key=True)
    """`turn:{ticket}:{turn}`, `ticket:{ticket}` or `day:{tenant}:{YYYY-MM-DD}`, in UTC."""
    tenant: str = Field(index=True)
    money_micros_spent: int = Field(default=0, sa_type=BigInteger)
    money_micros_held: int = Field(default=0, sa_type=BigInteger)
    tool_calls_spent: int = Field(default=0, sa_type=BigInteger)
    tool_calls_held: int = Field(default=0, sa_type=BigInteger)
    model_calls_spent: int = Field(default=0, sa_type=BigInteger)
    model_calls_held: int = Field(default=0, sa_type=BigInteger)
    tokens_spent: int = Field(default=0, sa_type=BigInteger)
    tokens_held: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class BudgetReservation(SQLModel, table=True):
    """What one call holds of its turn's, its ticket's and its day's account until it is settled."""

    __tablename__ = "budget_reservations"
    __table_args__ = (Index("ix_budget_reservations_status_expires_at", "status", "expires_at"),)

    id: str = Field(primary_key=True)
    tenant: str
    ticket_id: str = Field(index=True)
    turn: int
    turn_account: str
    day_account: str
    status: str = ReservationStatus.HELD
    money_micros: int = Field(default=0, sa_type=BigInteger)
    tool_calls: int = Field(default=0, sa_type=BigInteger)
    model_calls: int = Field(default=0, sa_type=BigInteger)
    tokens: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

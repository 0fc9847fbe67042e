"""Every table, so that importing this package fills the metadata that Alembic compares."""

from memory.tables.base import UtcDateTime, metadata, now
from memory.tables.budgets import BudgetAccount, BudgetReservation, ReservationStatus
from memory.tables.effects import Effect, EffectStatus
from memory.tables.handoffs import DecisionKind, Handoff, HandoffStatus
from memory.tables.journal import JournalRow
from memory.tables.keys import ApiKey
from memory.tables.knowledge import Article, Chunk
from memory.tables.memories import Memory
from memory.tables.people import AuditRow, LoginThrottle, Person, PersonSession
from memory.tables.tickets import Message, Outcome, Ticket, TicketStatus

__all__ = [
    "ApiKey",
    "Article",
    "AuditRow",
    "BudgetAccount",
    "BudgetReservation",
    "Chunk",
    "DecisionKind",
    "Effect",
    "EffectStatus",
    "Handoff",
    "HandoffStatus",
    "JournalRow",
    "LoginThrottle",
    "Memory",
    "Message",
    "Outcome",
    "Person",
    "PersonSession",
    "ReservationStatus",
    "Ticket",
    "TicketStatus",
    "UtcDateTime",
    "metadata",
    "now",
]

"""What happens to the ticket as a whole: it is accepted, run, waits, and ends."""

from __future__ import annotations

from dataclasses import dataclass

from memory.journal.codes import (
    Act,
    Cause,
    CodeResult,
    Reason,
    RunCause,
    RunState,
    Said,
)
from memory.journal.events.base import Base, Named
from memory.tables import DeathCause, HandoffStatus, Outcome, OutgoingStatus, TicketStatus


@dataclass(frozen=True, kw_only=True)
class Accepted(Base):
    """The ticket was stored and queued."""

    kind = "ticket"
    name = "accept"
    cause = Cause.ACCEPTED
    outcome = "ok"
    vouched_by: str = ""
    """Name of the key that vouched for the sender's address; empty where nobody did."""
    opened_by: str = ""
    """The person who opened it for the customer; empty where the customer wrote."""
    beside: str = ""
    """The ticket in whose thread it came, from another address; empty where it came by itself."""


@dataclass(frozen=True, kw_only=True)
class CustomerWrote(Base):
    """The customer's next message; `outcome` is where the ticket stood."""

    kind = "ticket"
    name = "message"
    cause = Cause.CUSTOMER
    outcome: TicketStatus


@dataclass(frozen=True, kw_only=True)
class TurnSettled(Base):
    """A turn ended."""

    kind = "ticket"
    name = "settle"
    cause: Cause = Cause.PLANNED
    """`person` where it was merged, or a colleague answered on the other side instead."""
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Undelivered(Base):
    """An answer of the turn did not reach the customer, or nobody knows; `outcome` is its end."""

    kind = "ticket"
    name = "undelivered"
    cause = Cause.DELIVER
    outcome: OutgoingStatus


@dataclass(frozen=True, kw_only=True)
class AnswerJudged(Base):
    """What the customer said of the turn's answer."""

    kind = "ticket"
    name = "feedback"
    cause = Cause.CUSTOMER
    outcome: Said


@dataclass(frozen=True, kw_only=True)
class RunBegan(Base):
    """A worker took the ticket."""

    kind = "run"
    name = "drive"
    cause: RunCause
    outcome: RunState = RunState.STARTED


@dataclass(frozen=True, kw_only=True)
class RunLost(Base):
    """No run was left that would finish it, so it was queued again."""

    kind = "run"
    name = "sweep"
    cause = Cause.REDRIVE
    outcome = "ok"


@dataclass(frozen=True, kw_only=True)
class WorkerDied(Base):
    """The worker that drove it died."""

    kind = "run"
    name = "death"
    cause = Cause.RECOVERED
    outcome: DeathCause
    node: str | None = None
    """The step that had begun."""
    crashes: int = 0
    kills: int = 0
    """Of workers that had this ticket, so far."""


@dataclass(frozen=True, kw_only=True)
class Waiting(Base):
    """The ticket waits for a person."""

    kind = "wait"
    name = "person"
    cause: Cause
    outcome: Reason


@dataclass(frozen=True, kw_only=True)
class PersonActed(Named):
    """A handoff changed; `outcome` is where it stands."""

    kind = "person"
    NAMED = ("act", "")
    act: Act
    cause = Cause.PERSON
    outcome: HandoffStatus


@dataclass(frozen=True, kw_only=True)
class CodeAnswered(Base):
    """The customer answered with a one-time code."""

    kind = "identity"
    name = "code"
    cause = Cause.CUSTOMER
    outcome: CodeResult


@dataclass(frozen=True, kw_only=True)
class BudgetCharged(Base):
    """What a dead run held was charged."""

    kind = "budget"
    name = "expire"
    cause = Cause.RECOVERED
    outcome = "charged"
    tool_calls: int = 0
    model_calls: int = 0
    tokens: int = 0

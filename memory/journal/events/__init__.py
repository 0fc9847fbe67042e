"""What happens to a ticket, one class for each kind of event: a tagged union of frozen dataclasses.

A field that has the name of a column of `memory.tables.JournalRow` stands in that column, a class
variable too; every other field is one of the row's `numbers`. `NAMED` says which field is the
row's name where that is none of ours, and what stands before it. See `memory/journal/codec.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from memory.journal.events.base import Base, Fault
from memory.journal.events.calls import Attempted, CallBase, LocalAsked, ModelAsked, ToolCalled
from memory.journal.events.decisions import (
    AskWeighed,
    Corrected,
    FoundDelivered,
    GuidanceFollowed,
    IntentNamed,
    LedToPerson,
    Objected,
    PersonDecided,
    PlanMade,
    RunGivenUp,
    Screened,
    StepForgone,
    StepPlanned,
    TicketAssessed,
)
from memory.journal.events.life import (
    Accepted,
    AnswerJudged,
    BudgetCharged,
    CodeAnswered,
    CustomerWrote,
    PersonActed,
    RunBegan,
    RunLost,
    TurnSettled,
    Undelivered,
    Waiting,
    WorkerDied,
)
from memory.journal.events.steps import (
    ActRan,
    AssessRan,
    CheckRan,
    DeliverRan,
    DraftRan,
    GatherRan,
    HandOffRan,
    PersonAwaited,
    PlanRan,
    RememberRan,
    StepBase,
    StepFailed,
    TriageRan,
)


@dataclass(frozen=True, kw_only=True)
class Other(Base):
    """A row that this release has no class for: another one wrote it."""

    kind: str
    name: str
    cause: str
    outcome: str
    numbers: Mapping[str, Any]


StepRan: TypeAlias = (
    TriageRan
    | PlanRan
    | GatherRan
    | AssessRan
    | DraftRan
    | CheckRan
    | HandOffRan
    | PersonAwaited
    | ActRan
    | DeliverRan
    | RememberRan
)
"""A node that came to its end."""
Call: TypeAlias = ToolCalled | ModelAsked | LocalAsked
CALLS = (ToolCalled, ModelAsked, LocalAsked)
Decision: TypeAlias = (
    IntentNamed
    | Screened
    | PlanMade
    | StepPlanned
    | AskWeighed
    | TicketAssessed
    | Objected
    | GuidanceFollowed
    | PersonDecided
    | LedToPerson
    | RunGivenUp
    | FoundDelivered
    | StepForgone
    | Corrected
)
Life: TypeAlias = (
    Accepted
    | CustomerWrote
    | TurnSettled
    | Undelivered
    | AnswerJudged
    | RunBegan
    | RunLost
    | WorkerDied
)
Event: TypeAlias = (
    Life
    | StepRan
    | StepFailed
    | Call
    | Attempted
    | Decision
    | Waiting
    | PersonActed
    | BudgetCharged
    | CodeAnswered
    | Other
)


@dataclass(frozen=True)
class Record:
    """An event with its place in the journal."""

    ticket_id: str
    turn: int
    epoch: int
    seq: int
    at: datetime
    event: Event

"""The decisions that need intelligence, each behind a Protocol.

Nothing else in the graph knows which family answers: `local` (embeddings, linear models, rules)
or `model` (a chat model). Every method is asynchronous and may be slow; heavy work runs in a thread. A mind raises
`MindFault` when it cannot decide; it never returns a plausible default instead.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol, Self

from graph.desk.letters import LETTERS, Letter
from graph.desk.model import Desk
from graph.state import (
    Ask,
    AskAssessment,
    Claim,
    Classification,
    Drafted,
    Evidence,
    Finding,
    MessageRecord,
    Planned,
    Screening,
    StepResult,
)
from memory.budgets.budgets import Budget
from memory.journal.codes import Limit
from tools.contract import CallContext, CallLog


class MindFault(Exception):
    """A mind could not decide. `retryable` says whether asking again may help."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class LimitReached(MindFault):
    """The budget does not allow the decision. No other mind is asked: a person takes over."""

    def __init__(self, message: str, limit: Limit | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class Onlookers(Protocol):
    """People who wait for a reply and may see it being written."""

    def shown(self, caller: CallContext, text: Callable[[], str]) -> AbstractContextManager[None]:
        """Show what `text` gives while the context lasts. It is asked only where somebody looks on."""
        ...


@dataclass(frozen=True)
class MindCalls:
    """What a mind that calls out needs besides its question. Made anew for each drive."""

    caller: CallContext
    """Who is charged, and whose journal the calls stand in."""
    budget: Budget
    log: CallLog
    silent: set[str] = field(default_factory=set)
    """Models that gave no answer in this drive, and `model/decision` where they gave no valid
    one: they are not asked again in it."""
    onlookers: Onlookers | None = None
    """None where nobody can look on, as in an evaluation."""


class Metered(ABC):
    """A mind whose decisions cost something. It decides only once it is bound to a drive."""

    @abstractmethod
    def bound(self, calls: MindCalls) -> Self:
        """The same mind, for one drive."""


class Screener(Protocol):
    """Reads a raw message before anything trusts it."""

    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        """Language, automatic mail, injected instructions, personal data; see `Screening`."""
        ...


class Classifier(Protocol):
    """Names the intent, or says that none applies."""

    async def classify(self, text: str) -> Classification:
        """Calibrated; `text` is the screened text."""
        ...


@dataclass(frozen=True)
class PlanRequest:
    """What the planner may look at."""

    desk: Desk
    conversation: Sequence[MessageRecord]
    screening: Screening
    classification: Classification
    round: int
    """1 for the first plan of this turn."""
    asks: Sequence[Ask] = ()
    """The asks of the plan before; empty in round 1."""
    results: Sequence[StepResult] = ()
    assessments: Sequence[AskAssessment] = ()
    guidance: str = ""
    """What a person told the agent on giving the ticket back."""

    @property
    def supported(self) -> frozenset[str]:
        """The asks that were answered well enough."""
        return frozenset(one["ask_id"] for one in self.assessments if one["supported"])

    def found(self, ask_id: str) -> list[Evidence]:
        """The passages found for an ask so far, best first."""
        mine = (one["evidence"] for one in self.results if one["ask_id"] == ask_id)
        hits = [item for evidence in mine for item in evidence if item["kind"] == "article"]
        return sorted(hits, key=lambda item: -item["score"])


class Planner(Protocol):
    """Splits a ticket into asks and asks into steps."""

    async def plan(self, request: PlanRequest) -> Planned:
        """May repeat steps that have run: the node drops them by id."""
        ...


@dataclass(frozen=True)
class Confidence:
    """Does the evidence answer the ask?"""

    value: float
    """Calibrated probability from 0 to 1."""
    evidence: list[str]
    """Ids to answer from, best first; empty if nothing helps."""
    question: str | None = None
    """A clarifying question, where the ask is too vague to be answered."""
    features: dict[str, float] = field(default_factory=dict)
    """The numbers behind the value, for the journal."""
    lacks: str = ""
    """In words, what no article that was found has, where that decides; for people."""


class Assessor(Protocol):
    """Turns retrieval scores into a probability."""

    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        """`results` are the results of this ask's steps only."""
        ...


@dataclass(frozen=True)
class WriteRequest:
    """What the writer may use: the supported asks and their evidence, nothing else."""

    desk: Desk
    asks: Sequence[Ask]
    assessments: Sequence[AskAssessment]
    evidence: dict[str, Evidence]
    answers: dict[str, str]
    """Tool results in words, by evidence id."""
    attempt: int
    findings: Sequence[Finding] = ()
    customer_name: str | None = None
    language: str = ""
    """The customer's, where it is another than the desk's and there are articles in it."""
    sent: Sequence[str] = ()
    """What the customer has been sent in this ticket, and does not want once more."""
    wish: str = ""
    """What a person who read the last draft said of the next one. It is no evidence; only a chat model can
    follow it as to tone and length."""

    @property
    def letter(self) -> Letter:
        """What stands around the answer, in the language of the reply."""
        tone = self.desk.tone
        if self.language not in LETTERS:
            return Letter(tone.greeting, tone.closing, LETTERS["en"].sources)
        found = LETTERS[self.language]
        return found._replace(closing=f"{found.closing}\n{self.desk.company}")


class Writer(Protocol):
    """Writes a reply from evidence only, each claim with what it stands on."""

    async def write(self, request: WriteRequest) -> Drafted:
        """A reply; the findings of the attempt before must be settled in it."""
        ...


class Judge(Protocol):
    """Says how well a claim is supported."""

    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        """Probability from 0 to 1 that the evidence states the claim."""
        ...


@dataclass(frozen=True)
class Minds:
    """One mind for each decision."""

    screener: Screener
    classifier: Classifier
    planner: Planner
    assessor: Assessor
    writer: Writer
    judge: Judge

    def bound(self, calls: MindCalls) -> Minds:
        """The same minds for one drive: those that cost something are charged to it."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        changed: dict[str, Any] = {
            name: one.bound(calls) for name, one in parts.items() if isinstance(one, Metered)
        }
        return replace(self, **changed)

"""Every request to a tool or model, each with the reason why it was made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.explain.words.errors import error_words
from api.explain.words.phrases import ask_name
from api.explain.words.requests import RequestCause
from api.explain.words.steps import node_of
from graph.reasons import compared
from memory.journal import events
from memory.journal.codes import CallStatus, Cause, ErrorKind, StepKind
from memory.journal.events import Fault, Record

FIRST = frozenset(
    {
        RequestCause.PLANNED,
        RequestCause.ANOTHER_ASK,
        RequestCause.DELIVER,
        RequestCause.APPROVED,
        RequestCause.TURN,
    }
)
"""Causes of requests that the ticket needed."""
HELD_BACK = frozenset(
    {
        ErrorKind.BREAKER_OPEN,
        ErrorKind.BUSY,
        ErrorKind.BUDGET,
        ErrorKind.NOT_PERMITTED,
        ErrorKind.NEEDS_APPROVAL,
        ErrorKind.BAD_ARGUMENTS,
        ErrorKind.UNKNOWN_TOOL,
    }
)
"""Errors of calls that never left."""
Told = tuple[RequestCause, str]
"""Why a request was made: a code, and a clause such as `a retry, since it gave no answer`."""


@dataclass(frozen=True)
class Request:
    """One thing asked of a tool or model, or left out."""

    record: Record
    """An attempt of a tool, a call of a model, or a call that was left out."""
    cause: RequestCause
    why: str
    """A clause, such as `a retry, since it gave no answer in time`."""

    @property
    def name(self) -> str:
        """The tool, or `model:decision`."""
        event = self.record.event
        return event.tool if isinstance(event, events.StepPlanned) else event.name

    @property
    def made(self) -> bool:
        """Whether the tool or model was really asked."""
        return self.cause not in {RequestCause.SUPPRESSED, RequestCause.REFUSED}

    @property
    def needed(self) -> bool:
        """Whether the ticket needed it, as far as the journal can tell."""
        return self.cause in FIRST


def requests(records: Sequence[Record]) -> list[Request]:
    """In order. Attempts of tools, calls of models, and calls that were left out."""
    teller = _Teller(records)
    found = (teller.told(at, one) for at, one in enumerate(records))
    return [one for one in found if one is not None]


def by_name(records: Sequence[Record]) -> dict[str, list[Request]]:
    """The same by tool or `model:decision`, in the order of their first request."""
    found: dict[str, list[Request]] = {}
    for one in requests(records):
        found.setdefault(one.name, []).append(one)
    return found


@dataclass
class _Seen:
    """What is known of one turn so far."""

    failed: dict[str, Fault | None] = field(default_factory=dict)
    """Error of the last request, by name and fingerprint; None if it succeeded."""
    epochs: dict[str, int] = field(default_factory=dict)
    """Drive of the last request, by name and fingerprint."""
    first: set[str] = field(default_factory=set)
    """Tools that a plan has asked already."""
    plans: dict[str, list[events.StepPlanned]] = field(default_factory=dict)
    """Planned steps that no request has taken up, by tool."""


Asked = events.Attempted | events.ModelAsked | events.LocalAsked


class _Teller:
    """Walks through the journal once and remembers what later requests refer to."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._turn = 0
        self._seen = _Seen()
        self._names: set[str] = set()
        self._weak = ""
        self._fallen: dict[tuple[int, int], str] = {}

    def told(self, at: int, one: Record) -> Request | None:
        if one.turn != self._turn:
            self._names |= self._seen.first
            self._turn, self._seen, self._weak = one.turn, _Seen(), ""
        match one.event:
            case events.StepPlanned(outcome=StepKind.ALREADY_DONE):
                why = "left out, since the planner repeated itself: the same step had been planned"
                return Request(one, RequestCause.SUPPRESSED, why)
            case events.StepPlanned(tool=tool) as planned:
                self._seen.plans.setdefault(tool, []).append(planned)
            case events.AskWeighed() as weighed if not weighed.supported:
                self._weak = compared(weighed.confidence, weighed.threshold)
            case events.Attempted() as attempted:
                return self._request(one, attempted, self._why(one, attempted))
            case events.ModelAsked() | events.LocalAsked() as asked:
                return self._request(one, asked, self._mind(at, one, asked))
            case events.ToolCalled() as call:
                return self._call(one, call)
        return None

    def _call(self, one: Record, call: events.ToolCalled) -> Request | None:
        """A call without attempts of its own; one with attempts has been told by them."""
        if call.outcome == CallStatus.SUPPRESSED or call.cause == Cause.DUPLICATE_SUPPRESSED:
            why = "left out, since the same call had been made and its result was used again"
            return Request(one, RequestCause.SUPPRESSED, why)
        if call.error:
            self._fallen[one.turn, one.epoch] = f"{call.tool}, since {error_words(call.error)}"
        if call.attempts:
            return None
        if call.error and call.error.kind in HELD_BACK:
            why = f"not let through, since {error_words(call.error)}"
            return Request(one, RequestCause.REFUSED, why)
        if call.cause == Cause.RESUME:
            why = "left out, since the ledger of effects had its result already"
            return Request(one, RequestCause.SUPPRESSED, why)
        return None

    def _request(self, one: Record, asked: Asked, told: Told) -> Request:
        key = _key(asked)
        self._seen.failed[key] = asked.error
        self._seen.epochs[key] = one.epoch
        self._seen.first.add(asked.name)
        return Request(one, *told)

    def _why(self, one: Record, asked: events.Attempted) -> Told:
        """Cause and clause of a tool's attempt."""
        match asked.cause:
            case Cause.RETRY:
                return RequestCause.RETRY, f"a retry, since {self._fault(asked)}"
            case Cause.RECONCILE:
                why = "asked whether it had happened, since that was in doubt"
                return RequestCause.RECONCILE, why
            case Cause.GUIDANCE:
                why = "planned again, as a person asked for another look"
                return RequestCause.GUIDANCE, why
            case Cause.APPROVED:
                return RequestCause.APPROVED, "approved by a person"
        if (before := self._repeated(one, asked)) is not None:
            return before
        match asked.cause:
            case Cause.DELIVER:
                return RequestCause.DELIVER, "to reach the customer"
            case Cause.REPLAN:
                self._take(asked)
                return self._again()
            case Cause.FALLBACK:
                place = self._fallen.get(
                    (one.turn, one.epoch), "another tool, which gave no answer"
                )
                return RequestCause.FALLBACK, f"in place of {place}"
        return self._planned(asked)

    def _again(self) -> Told:
        why = f"planned again, because {self._weak or 'the evidence was too weak'}"
        return RequestCause.REPLAN, why

    def _planned(self, asked: events.Attempted) -> Told:
        again, ask = asked.tool in self._seen.first, self._take(asked)
        if again:
            return RequestCause.ANOTHER_ASK, f"planned a second time{ask}, with other arguments"
        if asked.tool in self._names:
            return RequestCause.TURN, f"planned for the customer's next message{ask}"
        return RequestCause.PLANNED, f"planned{ask}"

    def _take(self, asked: events.Attempted) -> str:
        """The ask that a planned step was for, where the journal leaves no doubt."""
        waiting = self._seen.plans.get(asked.tool, [])
        same = [plan for plan in waiting if plan.fingerprint == asked.fingerprint]
        asks = {ask_name(plan.ask) for plan in same or waiting}
        if taken := same or waiting:
            waiting.remove(taken[0])
        return f" for the ask {asks.pop()}" if len(asks) == 1 else ""

    def _repeated(self, one: Record, asked: Asked) -> Told | None:
        """The same arguments once more: after a crash, or since it had failed."""
        key = _key(asked)
        if key not in self._seen.epochs:
            return None
        if self._seen.epochs[key] != one.epoch:
            why = "asked again after a crash, since the answer before it was lost"
            return RequestCause.RESUME, why
        if error := self._seen.failed[key]:
            return RequestCause.AGAIN, f"asked again, since {error_words(error)}"
        return RequestCause.AGAIN, "asked again, as its step ran again"

    def _fault(self, asked: Asked) -> str:
        error = self._seen.failed.get(_key(asked))
        return error_words(error) if error else "the attempt before failed"

    def _mind(self, at: int, one: Record, asked: events.ModelAsked | events.LocalAsked) -> Told:
        """Cause and clause of a model's call."""
        if asked.cause == Cause.REPAIR:
            return RequestCause.REPAIR, f"a repair, since {self._fault(asked)}"
        if asked.cause == Cause.FALLBACK:
            local = isinstance(asked, events.LocalAsked) and asked.error
            what = f" ({error_words(local)})" if local else ""
            return RequestCause.FALLBACK, f"in place of a model that gave no valid answer{what}"
        step = self._step_after(at, one, asked)
        if step is not None and step.cause == Cause.REVISE:
            return RequestCause.REVISE, "a new draft, since the check had objected"
        if step is not None and step.cause == Cause.REPLAN:
            return self._again()
        return self._repeated(one, asked) or (RequestCause.PLANNED, "needed for the step")

    def _step_after(
        self, at: int, one: Record, asked: events.ModelAsked | events.LocalAsked
    ) -> events.StepBase | None:
        """The step that the call was made in: the next one of its drive and node."""
        node = node_of(asked.decision)
        for later in self._records[at:]:
            step = later.event
            if isinstance(step, events.StepBase) and step.name == node and later.epoch == one.epoch:
                return step
        return None


def _key(asked: Asked) -> str:
    return f"{asked.name} {asked.fingerprint}"

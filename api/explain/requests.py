"""Every request to a tool or model, each with the reason why it was made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.explain.sentences import ask_name, compared, error_words
from api.explain.vocabulary import MINDS
from memory.tables import JournalRow

FIRST = frozenset({"planned", "another_ask", "deliver", "approved", "turn"})
"""Causes of requests that the ticket needed."""
HELD = ("breaker_open", "busy", "budget", "not_permitted", "needs_approval", "bad_arguments")
HELD_BACK = (*HELD, "unknown_tool")
"""Errors of calls that never left."""
TOLD = {
    "guidance": "planned again, as a person asked for another look",
    "approved": "approved by a person",
    "deliver": "to reach the customer",
}
"""Causes whose words need nothing else."""


@dataclass(frozen=True)
class Request:
    """One thing asked of a tool or model, or left out."""

    row: JournalRow
    """An attempt of a tool, a call of a model, or a call that was left out."""
    cause: str
    """planned | another_ask | turn | retry | again | resume | replan | guidance | revise |
    repair | fallback | approved | deliver | reconcile | suppressed | refused"""
    why: str
    """A clause, such as `a retry, since it gave no answer in time`."""

    @property
    def name(self) -> str:
        """The tool, or `model:decision`."""
        planned = (self.row.numbers or {}).get("tool") if self.row.kind == "decision" else None
        return str(planned or self.row.name)

    @property
    def made(self) -> bool:
        """Whether the tool or model was really asked."""
        return self.cause not in {"suppressed", "refused"}

    @property
    def needed(self) -> bool:
        """Whether the ticket needed it, as far as the journal can tell."""
        return self.cause in FIRST


def requests(rows: Sequence[JournalRow]) -> list[Request]:
    """In order. Attempts of tools, calls of models, and calls that were left out."""
    teller = _Teller(rows)
    found = (teller.told(at, row) for at, row in enumerate(rows))
    return [one for one in found if one is not None]


def by_name(rows: Sequence[JournalRow]) -> dict[str, list[Request]]:
    """The same by tool or `model:decision`, in the order of their first request."""
    found: dict[str, list[Request]] = {}
    for one in requests(rows):
        found.setdefault(one.name, []).append(one)
    return found


@dataclass
class _Seen:
    """What is known of one turn so far."""

    failed: dict[str, str] = field(default_factory=dict)
    """Error of the last request, by name and fingerprint; empty where it succeeded."""
    epochs: dict[str, int] = field(default_factory=dict)
    """Drive of the last request, by name and fingerprint."""
    first: dict[str, bool] = field(default_factory=dict)
    """Tools that a plan has asked already."""
    plans: dict[str, list[JournalRow]] = field(default_factory=dict)
    """Planned steps that no request has taken up, by tool."""


class _Teller:
    """Walks through the rows once and remembers what later requests refer to."""

    def __init__(self, rows: Sequence[JournalRow]) -> None:
        self._rows = rows
        self._turn = 0
        self._seen = _Seen()
        self._names: set[str] = set()
        self._weak = ""
        self._fallen: dict[str, str] = {}

    def told(self, at: int, row: JournalRow) -> Request | None:
        if row.turn != self._turn:
            self._names |= self._seen.first.keys()
            self._turn, self._seen, self._weak = row.turn, _Seen(), ""
        if row.kind == "decision" and row.outcome == "already_done":
            why = "left out, since the planner repeated itself: the same step had been planned"
            return Request(row, "suppressed", why)
        if row.kind == "decision":
            self._note(row)
        elif row.kind == "attempt":
            return self._request(row, self._why(row))
        elif row.kind == "call":
            return self._call(at, row)
        return None

    def _note(self, row: JournalRow) -> None:
        numbers = row.numbers or {}
        if row.name == "confidence" and row.outcome == "not supported":
            self._weak = compared(numbers["confidence"], numbers["threshold"])
        elif row.name == "step":
            self._seen.plans.setdefault(str(numbers.get("tool")), []).append(row)

    def _call(self, at: int, row: JournalRow) -> Request | None:
        """A call without attempts of its own; one with attempts has been told by them."""
        if row.outcome == "suppressed" or row.cause == "duplicate_suppressed":
            why = "left out, since the same call had been made and its result was used again"
            return Request(row, "suppressed", why)
        if row.name.partition(":")[0] in {"model", "local"}:
            return self._request(row, self._mind(at, row))
        if row.error:
            self._fallen[self._place(row)] = f"{row.name}, since {error_words(row.error)}"
        if (row.numbers or {}).get("attempts"):
            return None
        if row.error and row.error.partition(":")[0] in HELD_BACK:
            return Request(row, "refused", f"not let through, since {error_words(row.error)}")
        if row.cause == "resume":
            why = "left out, since the ledger of effects had its result already"
            return Request(row, "suppressed", why)
        return None

    def _request(self, row: JournalRow, told: tuple[str, str]) -> Request:
        key = f"{row.name} {row.fingerprint}"
        self._seen.failed[key] = row.error or ""
        self._seen.epochs[key] = row.epoch
        self._seen.first[row.name] = True
        return Request(row, *told)

    def _why(self, row: JournalRow) -> tuple[str, str]:
        """Cause and clause of a tool's attempt."""
        before = self._repeated(row)
        if row.cause == "retry":
            return "retry", f"a retry, since {self._fault(row)}"
        if row.cause == "reconcile":
            return "reconcile", "asked whether it had happened, since that was in doubt"
        if before is not None and row.cause not in {"guidance", "approved"}:
            return before
        match row.cause:
            case "replan":
                self._take(row)
                found = self._again()
            case "fallback":
                place = self._fallen.get(self._place(row), "another tool, which gave no answer")
                found = "fallback", f"in place of {place}"
            case cause if cause in TOLD:
                found = cause, TOLD[cause]
            case _:
                found = self._planned(row)
        return found

    def _again(self) -> tuple[str, str]:
        return "replan", f"planned again, because {self._weak or 'the evidence was too weak'}"

    def _planned(self, row: JournalRow) -> tuple[str, str]:
        again, ask = self._seen.first.get(row.name, False), self._take(row)
        if again:
            return "another_ask", f"planned a second time{ask}, with other arguments"
        if row.name in self._names:
            return "turn", f"planned for the customer's next message{ask}"
        return "planned", f"planned{ask}"

    def _take(self, row: JournalRow) -> str:
        """The ask that a planned step was for, where the journal leaves no doubt."""
        waiting = self._seen.plans.get(row.name, [])
        same = [plan for plan in waiting if plan.fingerprint == row.fingerprint]
        asks = {ask_name(plan.numbers or {}) for plan in same or waiting}
        if taken := same or waiting:
            waiting.remove(taken[0])
        return f" for the ask {asks.pop()}" if len(asks) == 1 else ""

    def _repeated(self, row: JournalRow) -> tuple[str, str] | None:
        """The same arguments once more: after a crash, or since it had failed."""
        key = f"{row.name} {row.fingerprint}"
        if key not in self._seen.epochs:
            return None
        if self._seen.epochs[key] != row.epoch:
            return "resume", "asked again after a crash, since the answer before it was lost"
        if error := self._seen.failed[key]:
            return "again", f"asked again, since {error_words(error)}"
        return "again", "asked again, as its step ran again"

    def _fault(self, row: JournalRow) -> str:
        error = self._seen.failed.get(f"{row.name} {row.fingerprint}", "")
        return error_words(error) if error else "the attempt before failed"

    def _mind(self, at: int, row: JournalRow) -> tuple[str, str]:
        """Cause and clause of a model's call."""
        if row.cause == "repair":
            return "repair", f"a repair, since {self._fault(row)}"
        if row.cause == "fallback":
            what = f" ({error_words(row.error)})" if row.error and "local:" in row.name else ""
            return "fallback", f"in place of a model that gave no valid answer{what}"
        step = self._step_after(at, row)
        if step is not None and step.cause == "revise":
            return "revise", "a new draft, since the check had objected"
        if step is not None and step.cause == "replan":
            return self._again()
        before = self._repeated(row)
        return before or ("planned", "needed for the step")

    def _step_after(self, at: int, row: JournalRow) -> JournalRow | None:
        """The step that the call was made in: the next one of its drive and node."""
        node = MINDS.get(row.name.partition(":")[2], ("",))[0]
        later = (one for one in self._rows[at:] if one.kind == "step" and one.name == node)
        return next((one for one in later if one.epoch == row.epoch), None)

    def _place(self, row: JournalRow) -> str:
        return f"{row.turn} {row.epoch}"

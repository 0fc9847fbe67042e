"""What became of one ticket, from its events. Pure.

Resolved is a claim, so it is told apart: the customer confirmed it, or it is assumed after a
stated quiet time. A question that the customer never answered is abandoned, which is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from memory.tables import Outcome

ANSWERED = (Outcome.DELIVERED, Outcome.ANSWERED_BY_PERSON)


class Fate(StrEnum):
    """Where a ticket has come to."""

    RUNNING = "running"
    """The agent works on it."""
    WITH_PERSON = "with_person"
    ASKED = "asked"
    """The customer was asked something and may still answer."""
    ANSWERED = "answered"
    """Answered less than the quiet time ago: nobody knows yet whether that was it."""
    CONFIRMED = "confirmed"
    """The customer said that it is solved."""
    ASSUMED = "assumed"
    """Answered, and the customer stayed quiet for the stated time."""
    UNSOLVED = "unsolved"
    """The customer said that the answer did not help, and nothing has come since."""
    ABANDONED = "abandoned"
    """The customer never answered our question."""
    CLOSED = "closed"
    """A person closed it without a reply, or with another ticket."""


RESOLVED = (Fate.CONFIRMED, Fate.ASSUMED)
_GOING_ON = ("begun", "wrote")


@dataclass(frozen=True)
class Happening:
    """One event of a ticket that matters here."""

    at: datetime
    turn: int
    kind: str
    """begun | ended | person | wrote: a run began, a turn ended, a person got it, the customer
    wrote on."""
    what: str = ""
    """The outcome, for `ended`; the reason, for `person`."""


@dataclass(frozen=True)
class Life:
    """One ticket from its acceptance to now."""

    ticket_id: str
    intent: str | None
    created_at: datetime
    happenings: Sequence[Happening]
    """In order."""
    first_response_at: datetime | None = None
    """The first reply or question, by the agent or a person; a notice is no response."""
    feedback: dict[int, bool] = field(default_factory=dict)
    """What the customer said of a turn: solved or not."""

    @property
    def reopened(self) -> bool:
        """Whether the customer wrote on after an answer."""
        answered = False
        for one in self.happenings:
            if one.kind == "wrote" and answered:
                return True
            answered = answered or (one.kind == "ended" and one.what in ANSWERED)
        return False

    @property
    def by_person(self) -> bool:
        """Whether it ever was in a person's hands."""
        return any(one.kind == "person" for one in self.happenings)

    @property
    def answered(self) -> bool:
        """Whether any turn of it ended in an answer."""
        return any(one.kind == "ended" and one.what in ANSWERED for one in self.happenings)

    def agent_answers(self) -> list[int]:
        """The turns in which the agent answered alone."""
        return [
            one.turn
            for one in self.happenings
            if one.kind == "ended" and one.what == Outcome.DELIVERED
        ]

    def fate(self, moment: datetime, quiet: timedelta) -> Fate:
        """Where it stands at `moment`."""
        if not self.happenings or self.happenings[-1].kind in _GOING_ON:
            return self._unanswered()
        last = self.happenings[-1]
        if last.kind == "person":
            return Fate.WITH_PERSON
        still = moment - last.at >= quiet
        if last.what == Outcome.CLARIFYING:
            return Fate.ABANDONED if still else Fate.ASKED
        if last.what not in ANSWERED:
            return Fate.CLOSED
        if last.turn in self.feedback:
            return Fate.CONFIRMED if self.feedback[last.turn] else Fate.UNSOLVED
        return Fate.ASSUMED if still else Fate.ANSWERED

    def _unanswered(self) -> Fate:
        # What a customer writes while a person has the ticket reaches that person.
        kinds = [one.kind for one in self.happenings if one.kind not in _GOING_ON]
        return Fate.WITH_PERSON if kinds and kinds[-1] == "person" else Fate.RUNNING

    def resolved_after(self, moment: datetime, quiet: timedelta) -> timedelta | None:
        """From acceptance to the answer that resolved it; None while none has."""
        if self.fate(moment, quiet) not in RESOLVED:
            return None
        return self.happenings[-1].at - self.created_at

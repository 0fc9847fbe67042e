"""What became of one ticket, from its events. Pure.

Resolved is a claim, so it is told apart: the customer confirmed it, or it is assumed after a
stated quiet time, counted in whole hours. A question that the customer never answered is
abandoned, which is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from memory.tables import Outcome

HOUR_SECONDS = 3_600
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


LATER = {Fate.ANSWERED: Fate.ASSUMED, Fate.ASKED: Fate.ABANDONED}
"""What a ticket comes to that stays as it is for the quiet time."""
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

    @property
    def stands(self) -> Fate:
        """Where it stands, whatever time has passed: `ANSWERED` and `ASKED` become old, see `still`."""
        if not self.happenings or self.happenings[-1].kind in _GOING_ON:
            return self._unanswered()
        last = self.happenings[-1]
        if last.kind == "person":
            return Fate.WITH_PERSON
        if last.what == Outcome.CLARIFYING:
            return Fate.ASKED
        if last.what not in ANSWERED:
            return Fate.CLOSED
        if last.turn in self.feedback:
            return Fate.CONFIRMED if self.feedback[last.turn] else Fate.UNSOLVED
        return Fate.ANSWERED

    @property
    def rests_at(self) -> int | None:
        """The hour in which it came to rest, where time decides what it comes to."""
        return hour_of(self.happenings[-1].at) if self.stands in LATER else None

    def _unanswered(self) -> Fate:
        # What a customer writes while a person has the ticket reaches that person.
        kinds = [one.kind for one in self.happenings if one.kind not in _GOING_ON]
        return Fate.WITH_PERSON if kinds and kinds[-1] == "person" else Fate.RUNNING

    @property
    def seconds(self) -> float:
        """From acceptance to its last event."""
        return (self.happenings[-1].at - self.created_at).total_seconds()


def hour_of(at: datetime) -> int:
    """The hour of a moment, counted from 1970 in UTC."""
    return int(at.timestamp() // HOUR_SECONDS)


def first_fresh(moment: datetime, quiet: timedelta) -> int:
    """The first hour at whose rest the quiet time has not passed: an hour counts by its end."""
    return hour_of(moment - quiet)

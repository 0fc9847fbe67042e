"""The people's part of a desk: working hours, targets, teams and skills. Pure and frozen."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, field_validator, model_validator

from graph.desk.macros import MOST_MACROS, Macro
from graph.desk.wording import without_fields
from graph.state import Priority
from memory import addresses
from memory.people.people import Role
from tools.declared import Declared

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
MIDNIGHT = "24:00"
"""The end of a day, as an end only: a desk from 00:00 to 24:00 works around the clock."""
CLOSING = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"
SKILL = re.compile(r"^[a-z0-9][a-z0-9 _-]{0,39}$")
ADDRESS = re.compile(r"^[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}$")
MOST_TEAMS = 50
LONGEST_TARGET_MINUTES = 43_200
"""Thirty days of work around the clock."""
LONGEST_TARGET_WEEKS = 52
"""Weeks of open desk that a target may take: with more it would hardly ever come."""
MOST_HOLIDAYS = 500
"""Some twenty years of them."""
_MINUTES_OF_AN_HOUR = 60


class AccountsPolicy(Declared):
    """What the accounts of the desk's people must have."""

    second_factor_for: tuple[Role, ...] = ()
    """Roles that need a code of an app beside the password: without one they can only set it up."""


class Target(Declared):
    """What is promised for one priority, in working minutes; None takes the general target."""

    first_response_minutes: int | None = Field(default=None, ge=1, le=LONGEST_TARGET_MINUTES)
    resolution_minutes: int | None = Field(default=None, ge=1, le=LONGEST_TARGET_MINUTES)


class Hours(Declared):
    """When people work, and how soon they promise to look and to be done."""

    timezone: str = "UTC"
    days: tuple[Day, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    start: str = Field(default="09:00", pattern=CLOCK)
    end: str = Field(default="17:00", pattern=CLOSING)
    """24:00 is the end of the day."""
    holidays: tuple[date, ...] = Field(default=(), max_length=MOST_HOLIDAYS)
    """Days on which nobody works: YYYY-MM-DD."""
    first_response_minutes: int = Field(default=240, ge=1, le=LONGEST_TARGET_MINUTES)
    """Working minutes until the customer hears from a person."""
    resolution_minutes: int = Field(default=1_440, ge=1, le=LONGEST_TARGET_MINUTES)
    """Working minutes until the ticket is done: three days of eight hours."""
    targets: dict[Priority, Target] = Field(default_factory=dict)
    """Other targets by priority."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            msg = f"time zone {value!r} is not known: use a name such as Europe/Dublin"
            raise ValueError(msg) from error
        return value

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.end <= self.start:
            msg = (
                f"the desk closes at {self.end!r} and opens at {self.start}: end comes after start"
                f" ({MIDNIGHT!r} is the end of the day)"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _targets_that_come(self) -> Self:
        longest = LONGEST_TARGET_WEEKS * self.minutes_of_a_week
        for minutes in self._promised():
            if minutes > longest:
                msg = (
                    f"a target of '{minutes}' working minutes takes more than"
                    f" {LONGEST_TARGET_WEEKS} weeks of these hours: lower it to at most {longest},"
                    " or open for longer"
                )
                raise ValueError(msg)
        return self

    def _promised(self) -> list[int]:
        others = self.targets.values()
        found = [one.first_response_minutes for one in others]
        found += [one.resolution_minutes for one in others]
        return [self.first_response_minutes, self.resolution_minutes, *filter(None, found)]

    @property
    def minutes_of_a_week(self) -> int:
        """Working minutes of a week without a holiday."""
        return len(set(self.days)) * (_minute(self.end) - _minute(self.start))

    def first_response(self, priority: str) -> int:
        """Working minutes until a person should have written."""
        found = self.targets.get(priority)  # type: ignore[call-overload]
        return (found and found.first_response_minutes) or self.first_response_minutes

    def resolution(self, priority: str) -> int:
        """Working minutes until the ticket should be done."""
        found = self.targets.get(priority)  # type: ignore[call-overload]
        return (found and found.resolution_minutes) or self.resolution_minutes


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * _MINUTES_OF_AN_HOUR + int(minute)


def _is_skill(value: str) -> str:
    if not SKILL.match(value):
        raise ValueError(f"skill {value!r}: use lower case letters, digits, spaces, - and _")
    return value


Skill = Annotated[str, AfterValidator(_is_skill)]
"""What a team knows about and an intent needs: written alike in both places."""


class Team(Declared):
    """Some people with a queue of their own."""

    name: str = Field(min_length=1, max_length=80)
    skills: tuple[Skill, ...] = ()
    """What this team knows about: a handoff that needs one of them comes here."""
    lead: str | None = None
    """Who is told when a target has passed and nobody has answered: a name, or an address."""

    @field_validator("lead")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is not None and (not value.strip() or ("@" in value and not ADDRESS.match(value))):
            msg = (
                f"lead {value!r} is not anybody: give a name, or an address such as lea@example.com"
            )
            raise ValueError(msg)
        return value


class CustomerRule(Declared):
    """A customer, or all of a domain, whose tickets matter more or less."""

    match: str = Field(min_length=2, max_length=320)
    """An address, or `@example.com` for everybody there."""
    priority: Priority

    def applies(self, email: str | None) -> bool:
        """Whether an address is meant."""
        if self.match.startswith("@"):
            return addresses.in_domain(email, self.match[1:])
        return addresses.same(email, self.match)


class HandoffPolicy(Declared):
    """What the customer hears from people, and who gets what."""

    message: str = "Thank you for your message. A colleague is looking into it and will reply."
    late_message: str = (
        "We are sorry: we wanted to have answered you by now and have not managed to."
        " Your message is not lost. A colleague will reply as soon as possible."
    )
    """Sent once, when the target of the first response has passed."""
    customers: tuple[CustomerRule, ...] = ()
    """The first rule that matches counts."""
    teams: tuple[Team, ...] = Field(default=(), max_length=MOST_TEAMS)
    macros: tuple[Macro, ...] = Field(default=(), max_length=MOST_MACROS)
    """Canned replies that people insert into what they write."""

    @field_validator("message", "late_message")
    @classmethod
    def _no_fields(cls, value: str) -> str:
        return without_fields(value)

    @model_validator(mode="after")
    def _names(self) -> Self:
        for kind, parts in (("teams", self.teams), ("macros", self.macros)):
            counted = Counter(part.name for part in parts)
            if twice := sorted(name for name, times in counted.items() if times > 1):
                raise ValueError(f"{kind} are named twice: {twice}")
        return self

    def team(self, name: str) -> Team | None:
        """The team of that name, or None."""
        return next((team for team in self.teams if team.name == name), None)

    def team_for(self, skills: tuple[str, ...]) -> str:
        """The first team that knows about one of them; empty: everybody's queue."""
        return next((team.name for team in self.teams if set(team.skills) & set(skills)), "")

"""How far the changes of a Zammad have been read, page by page of its search. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.adapters.helpdesk.reading import identity, moment
from tools.contract import Json

PAGE = 100
"""Tickets in one answer."""


@dataclass(frozen=True)
class Place:
    """How far the changes have been read.

    On from the last one's second: a ticket that changes meanwhile moves to the end, and numbered pages
    would leave out the one that takes its place. A second that fills a page is read by number.
    """

    since: str
    least: int | None = None
    """Within this one second: the lowest number that has not been read; None where it is no page full."""

    @classmethod
    def of(cls, kept: Any) -> Place | None:
        """As a cursor has it; None where it has none that we know."""
        match kept:
            case [str(since), int() | None as least]:
                return cls(since, least)
        return None

    @property
    def query(self) -> str:
        """What is searched for."""
        if self.least is None:
            return f"updated_at:[{self.since} TO *]"
        return f"updated_at:[{self.since} TO {_next(self.since)}}} AND id:[{self.least} TO *]"

    @property
    def order(self) -> str:
        """By what it is sorted."""
        return "updated_at" if self.least is None else "id"

    def behind(self, there: Sequence[Json]) -> Place | None:
        """Where the next page begins; None where there is none."""
        if len(there) < PAGE:
            return None if self.least is None else Place(_next(self.since))
        if self.least is not None:
            return Place(self.since, int(identity(there[-1])) + 1)
        last = stamp(moment(there[-1].get("updated_at")))
        return Place(last) if last > self.since else Place(last, 1)


def stamp(at: datetime) -> str:
    """A moment as the search takes it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next(second: str) -> str:
    """The second behind it."""
    return stamp(moment(second) + timedelta(seconds=1))

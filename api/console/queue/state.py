"""What one open queue page knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from api.console.parts.attaching import FILES, chosen
from api.console.shell.visit import Visit

Json = dict[str, Any]
PAGE_SIZE = 50
MOST_ROWS = 200
"""Rows shown at once; what is further down is found by search and filters."""

VIEWS: dict[str, tuple[str, Json]] = {
    "all": ("Waiting", {}),
    "mine": ("Mine", {"mine": "true"}),
    "free": ("Free", {"unassigned": "true"}),
    "late": ("Late", {"overdue": "true"}),
    "later": ("Asleep", {"status": ["snoozed", "waiting_customer"]}),
    "done": ("Done", {"status": ["decided", "closed"]}),
}
"""The views of the queue: name and parameters of GET /v1/handoffs."""
NARROWED_BY = ("intent", "reason", "team")
"""Further parameters that the filter menu offers."""


@dataclass(frozen=True)
class Filter:
    """What of the queue is shown."""

    view: str = "all"
    q: str = ""
    narrow: tuple[tuple[str, str], ...] = ()

    def query(self) -> Json:
        """As parameters of GET /v1/handoffs."""
        found = {**VIEWS[self.view][1], **dict(self.narrow)}
        return {**found, "q": self.q} if self.q else found

    def saved(self) -> str:
        """As a line that can be kept."""
        return urlencode({"view": self.view, "q": self.q, **dict(self.narrow)})

    @classmethod
    def restored(cls, line: str) -> Filter:
        """From such a line; what is unknown is left out."""
        fields = dict(parse_qsl(line))
        view = fields.get("view", "all")
        narrow = tuple((name, fields[name]) for name in NARROWED_BY if fields.get(name))
        return cls(view if view in VIEWS else "all", fields.get("q", ""), narrow)


@dataclass
class Draft:
    """What a person has written and chosen for one handoff, until it is sent."""

    mode: str = "suggestion"
    """One of `composer.MODES`, or `suggestion` while nothing is written."""
    texts: dict[str, str] = field(default_factory=dict)
    """By mode, so that changing one's mind loses nothing; beside them the list of files."""
    verdicts: dict[str, bool] = field(default_factory=dict)
    """Fingerprint of a proposed action: approved or refused."""
    conflict: str = ""
    """Who was first, and when, where sending came too late."""

    @property
    def files(self) -> list[Json]:
        """What was chosen to leave with the answer: id, name and size of each."""
        return chosen(self.texts.get(FILES, ""))


@dataclass
class State:
    """One page's view of the queue."""

    visit: Visit
    where: ZoneInfo
    filter: Filter = field(default_factory=Filter)
    items: list[Json] = field(default_factory=list)
    more: bool = False
    """Whether there are rows beyond those shown."""
    counts: Json = field(default_factory=dict)
    selected: str | None = None
    whole: Json | None = None
    """Body of GET /v1/handoffs/{selected}."""
    marked: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    """Handoffs whose lease this page renews."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    redrafted: dict[str, str] = field(default_factory=dict)
    """Ticket of each handoff whose new draft this person asked for and has not seen yet."""

    @property
    def draft(self) -> Draft:
        """Of the selected handoff."""
        return self.drafts.setdefault(self.selected or "", Draft())

    @property
    def mine(self) -> bool:
        """Whether this person holds the selected handoff."""
        whole = self.whole or {}
        return whole.get("status") == "claimed" and whole.get("claimed_by") == self.visit.name

    @property
    def workable(self) -> bool:
        """Whether this person may decide the selected handoff: nobody else holds it."""
        status = (self.whole or {}).get("status")
        return self.mine or status == "open"

    def at(self, step: int) -> str | None:
        """The row `step` further than the selected one, kept within the list."""
        ids: list[str] = [item["id"] for item in self.items]
        if not ids:
            return None
        if self.selected not in ids:
            return ids[0]
        return ids[max(0, min(len(ids) - 1, ids.index(self.selected) + step))]

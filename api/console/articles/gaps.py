"""Gaps and contradictions: what nobody could answer from the articles, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from api.console.parts import widgets, words
from api.console.parts.remote import ApiRefused
from api.console.parts.widgets import Tag
from api.console.shell.visit import Act, Visit

SHOWN = 12
"""Gaps that are shown at once, the largest; the rest unfolds."""
WRITTEN_FROM = 5
"""Tickets that are shown beside a new article."""


def invite() -> None:
    """What the search for gaps does, and its button."""
    Tag(
        "p",
        "muted card-note",
        "Groups the questions of 90 days that no article answered, and looks for articles that say "
        "different figures of one thing. This takes a few seconds.",
    )
    widgets.button("Look now", "survey", look="primary", symbol="travel_explore")


class Gaps:
    """The card with what was found."""

    def __init__(self, visit: Visit, card: Tag) -> None:
        self._visit = visit
        self._card = card

    def acts(self) -> dict[str, Act]:
        """What its controls do."""
        return {"survey": self.look, "gap-dismiss": self.dismiss, "gap-again": self.list_again}

    async def look(self, _: str) -> None:
        """Find and draw them. Raises `ApiRefused`, `SessionOver`."""
        self._say(lambda: Tag("p", "muted", "Looking through the questions.", role="status"))
        try:
            found = await self._visit.remote.get("/v1/knowledge/survey")
        except ApiRefused:
            self._say(invite)
            raise
        gaps = [one for one in found["gaps"] if one["examples"]]
        self._card.clear()
        with self._card:
            self._open([one for one in gaps if one["dismissed"] is None])
            _dismissed([one for one in gaps if one["dismissed"] is not None])
            _conflicts(found)

    async def dismiss(self, gap: str) -> None:
        """Say that a gap needs no article."""
        ticket, _, ask = gap.partition(" ")
        body = {"kind": "gap_dismissed", "ask": ask or None}
        await self._visit.remote.post(f"/v1/tickets/{ticket}/corrections", body)
        await self.look("")

    async def list_again(self, correction: str) -> None:
        """Take that back."""
        await self._visit.remote.post(f"/v1/corrections/{correction}/undo")
        await self.look("")

    def _say(self, draw: Callable[[], object]) -> None:
        self._card.clear()
        with self._card:
            Tag("h2", "", "Gaps and contradictions")
            draw()

    def _open(self, gaps: list[dict[str, Any]]) -> None:
        Tag("h2", "", "Gaps")
        if not gaps:
            Tag("p", "muted", "An article was found for every question of the last 90 days.")
        for gap in gaps[:SHOWN]:
            self._gap(gap)
        if rest := gaps[SHOWN:]:
            with Tag("details", "gap"):
                Tag("summary", "", f"{len(rest)} more")
                for gap in rest:
                    self._gap(gap)

    def _gap(self, gap: dict[str, Any]) -> None:
        first = gap["examples"][0]
        with Tag("div", "gap"):
            _asked(gap)
            with Tag("div", "tool-row"):
                if self._visit.may("lead"):
                    widgets.link("Write an article", _writing(gap), "btn small")
                if gap["count"] == 1:
                    href = f"/console/tickets/{first['ticket_id']}"
                    widgets.link("See the ticket", href, "btn small quiet")
                widgets.button(
                    "No article needed",
                    "gap-dismiss",
                    arg=f"{first['ticket_id']} {first['ask'] or ''}".strip(),
                    look="quiet",
                    label=f"No article is needed for: {first['text']}",
                ).classes("small")
            if gap["count"] > 1:
                _tickets(gap)


def _writing(gap: dict[str, Any]) -> str:
    tickets = list(dict.fromkeys(one["ticket_id"] for one in gap["examples"]))[:WRITTEN_FROM]
    title = quote(gap["examples"][0]["text"][:150], safe="")
    return f"/console/articles/write?title={title}&tickets={','.join(tickets)}"


def _asked(gap: dict[str, Any]) -> None:
    with Tag("div", "gap-head"):
        Tag("strong", "text", gap["examples"][0]["text"])
        number = gap["count"]
        if number > 1:
            widgets.badge(f"asked {number} times", "warn")
    if gap["confidence"] is not None:
        sure = words.percent(gap["confidence"])
        Tag("p", "muted", f"The best match was {sure} sure to answer it.")


def _tickets(gap: dict[str, Any]) -> None:
    examples = gap["examples"]
    with Tag("details"):
        Tag("summary", "", f"Its {gap['count']} tickets")
        with Tag("ul"):
            for ask in examples:
                with Tag("li"):
                    widgets.link(ask["text"], f"/console/tickets/{ask['ticket_id']}", "text")
        if gap["count"] > len(examples):
            Tag("p", "muted", f"And {gap['count'] - len(examples)} more.")


def _dismissed(gaps: list[dict[str, Any]]) -> None:
    if not gaps:
        return
    with Tag("details", "gap"):
        Tag("summary", "", f"{len(gaps)} that need no article")
        with Tag("ul"):
            for gap in gaps:
                with Tag("li", "gap-head"):
                    Tag("span", "text", gap["examples"][0]["text"])
                    widgets.button("List again", "gap-again", arg=gap["dismissed"], look="quiet")


def _conflicts(found: dict[str, Any]) -> None:
    Tag("h2", "", "Contradictions")
    if not found["conflicts"]:
        Tag("p", "muted", f"None among {found['passages']} passages.")
    for one in found["conflicts"]:
        with Tag("div", "gap"):
            for place, side in enumerate(("first", "second")):
                with Tag("div", "gap-head"):
                    Tag("span", "", one[side]["title"] or one[side]["doc_id"])
                    with Tag("span", "tool-row"):
                        for pair in one["figures"]:
                            widgets.badge(pair[place], "warn")

"""All tickets, the newest first: where each stands, and the way to its page."""

from __future__ import annotations

from typing import Any

from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit

STATUSES = {
    "": "All",
    "queued": "Queued",
    "running": "With the agent",
    "waiting": "With a person",
    "settled": "Settled",
}
OUTCOMES: dict[str, Tone] = {
    "delivered": "good",
    "answered_by_person": "good",
    "clarifying": "info",
    "with_person": "warn",
}
PAGE_SIZE = 50


async def build(visit: Visit) -> None:
    """Draw a page of them."""
    status = visit.params.get("status", "")
    page = await visit.remote.get(
        "/v1/tickets", status=status, before=visit.params.get("before"), limit=PAGE_SIZE
    )
    where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
    with Tag("header", "page-head"):
        Tag("h1", "", "Tickets")
        with widgets.link("", "/console/tickets/new", "btn primary"):
            widgets.icon("add")
            Tag("span", "", "New ticket")
    with Tag("nav", "views page-views", aria_label="Which tickets"):
        for name, label in STATUSES.items():
            here = name == status
            href = f"/console/tickets?status={name}" if name else "/console/tickets"
            current = "page" if here else None
            Tag("a", "chip here" if here else "chip", label, href=href, aria_current=current)
    if not page["items"]:
        widgets.empty(
            "inbox",
            "No tickets here",
            "Tickets appear here as they come in. Choose All to see the others.",
        )
        return
    heads = ("Ticket", "Intent", "State", "Reason", "Came")
    with Tag("section", "card"), charts.body(*heads, stacked=True):
        for ticket in page["items"]:
            _row(ticket, where)
    if page["next"]:
        last = page["items"][-1]["id"]
        widgets.link("Older ones", f"/console/tickets?status={status}&before={last}", "btn")


def _row(ticket: dict[str, Any], where: Any) -> None:
    with Tag("tr"):
        with Tag("td"):
            href = f"/console/tickets/{ticket['id']}"
            widgets.link(ticket["title"], href, "strong")
        Tag("td", "lesser", words.plain(ticket["intent"]))
        with Tag("td"):
            state = ticket["outcome"] or ticket["status"]
            text, tone = words.standing(ticket)
            widgets.badge(text, tone or OUTCOMES.get(state, ""))
        Tag("td", "muted lesser", words.why(ticket["reason"]))
        Tag("td", "muted num", words.clock(ticket["created_at"], where))

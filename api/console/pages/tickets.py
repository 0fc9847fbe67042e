"""All tickets, the newest first: where each stands, and the way to its page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from api.console.parts import charts, widgets, words
from api.console.parts.remote import ApiRefused
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit, sentence
from api.http.text import MAX_QUERY_CHARS

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
PATH = "/console/tickets"


async def build(visit: Visit) -> None:
    """Draw a page of them: all at once, since what somebody types meanwhile would be lost."""
    status, q, before = (visit.params.get(one, "").strip() for one in ("status", "q", "before"))
    page: dict[str, Any] = {"items": [], "next": None}
    trouble = ""
    try:
        page = await visit.remote.get(
            "/v1/tickets", status=status, q=q, before=before, limit=PAGE_SIZE
        )
    except ApiRefused as refused:
        trouble = sentence(str(refused))
    charts.styles()
    with Tag("header", "page-head"):
        Tag("h1", "", "Tickets")
        with widgets.link("", "/console/tickets/new", "btn primary"):
            widgets.icon("add")
            Tag("span", "", "New ticket")
    _search(status, q)
    _views(status, q)
    if trouble:
        Tag("p", "muted", trouble)
    elif page["items"]:
        where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
        _table(page["items"], where)
    else:
        _nothing(status, q)
    if page["next"]:
        widgets.link(
            "Older ones", _address(status=status, q=q, before=page["items"][-1]["id"]), "btn"
        )


def _table(items: list[dict[str, Any]], where: Any) -> None:
    heads = ("Ticket", "Customer", "Intent", "State", "Reason", "Came")
    with Tag("section", "card"), charts.body(*heads, stacked=True):
        for ticket in items:
            _row(ticket, where)


def _search(status: str, q: str) -> None:
    with Tag("form", "search-line", method="get", action=PATH, role="search"):
        if status:
            Tag("input", type="hidden", name="status", value=status)
        Tag(
            "input",
            type="search",
            name="q",
            value=q,
            placeholder="Words, a name, an address or a number",
            aria_label="Search all tickets",
            maxlength=str(MAX_QUERY_CHARS),
            data_search="1",
        )
        Tag("button", "btn", "Search", type="submit")


def _views(status: str, q: str) -> None:
    with Tag("nav", "views page-views", aria_label="Which tickets"):
        for name, label in STATUSES.items():
            here = name == status
            current = "page" if here else None
            kind = "chip here" if here else "chip"
            Tag("a", kind, label, href=_address(status=name, q=q), aria_current=current)


def _nothing(status: str, q: str) -> None:
    if q:
        where = f" among those under {STATUSES[status]}" if status in STATUSES and status else ""
        text = f"No ticket{where} holds all of these words. Try fewer of them."
        widgets.empty("search_off", "Nothing found", text)
        return
    text = "Tickets appear here as they come in. Choose All to see the others."
    widgets.empty("inbox", "No tickets here", text)


def _address(**asked: str) -> str:
    """This page, asked for something else."""
    wanted = {name: value for name, value in asked.items() if value}
    return f"{PATH}?{urlencode(wanted)}" if wanted else PATH


def _row(ticket: dict[str, Any], where: Any) -> None:
    with Tag("tr"):
        with Tag("td"):
            widgets.link(ticket["title"], f"{PATH}/{ticket['id']}", "strong")
            if ticket["said"] not in {None, ticket["title"]}:
                Tag("p", "said muted", ticket["said"])
        Tag("td", "lesser", ticket["customer_name"] or "")
        Tag("td", "lesser", words.plain(ticket["intent"]))
        with Tag("td"):
            state = ticket["outcome"] or ticket["status"]
            text, tone = words.standing(ticket)
            widgets.badge(text, tone or OUTCOMES.get(state, ""))
        Tag("td", "muted lesser", words.why(ticket["reason"]))
        Tag("td", "muted num", words.clock(ticket["created_at"], where))

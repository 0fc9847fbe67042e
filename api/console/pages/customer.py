"""A customer: every ticket of the same address, with all that was said."""

from __future__ import annotations

from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit
from api.console.ticket import conversation


async def build(visit: Visit) -> None:
    """Draw a page of the customer's tickets, the newest first."""
    ticket_id, before = visit.params["ticket_id"], visit.params.get("before")
    found = await visit.remote.get(f"/v1/tickets/{ticket_id}/customer", before=before)
    where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
    known = [found["name"], found["email"]]
    about = "Every ticket that names this address, newest first."
    if not found["email"]:
        about = "No address is known, so this is the only ticket that can be shown."
    charts.page_head(" · ".join(one for one in known if one) or "Unknown customer", about)
    with Tag("div", "cards"):
        for ticket in found["items"]:
            with Tag("section", "card"):  # unnamed: two tickets often have one subject
                with Tag("h2"):
                    href = f"/console/tickets/{ticket['id']}"
                    widgets.link(ticket["title"], href)
                state, _ = words.standing(ticket)
                Tag("p", "muted", f"{state}, came {words.clock(ticket['created_at'], where)}")
                conversation.draw(ticket, where)
    if found["next"]:
        last = found["items"][-1]["id"]
        href = f"/console/tickets/{ticket_id}/customer?before={last}"
        widgets.link("Older ones", href, "btn")

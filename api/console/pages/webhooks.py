"""A card of the settings: who is told what happens, and what did not arrive."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from api.console.parts import charts, widgets
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit
from tools.outside import shown

MOST_SHOWN = 20
"""Dead deliveries on the page; the command line lists more."""


async def card(visit: Visit) -> None:
    """Draw it, for admins."""
    with charts.card("Webhooks") as place:
        pass
    await _draw(visit, place)

    async def end(webhook: str) -> None:
        await visit.remote.post(f"/v1/webhooks/{webhook}/end")
        await _draw(visit, place)

    async def replay(delivery: str) -> None:
        await visit.remote.post(f"/v1/webhooks/deliveries/{delivery}/replay")
        await _draw(visit, place)

    visit.acts |= {"hook-end": end, "hook-replay": replay}


async def _draw(visit: Visit, place: Element) -> None:
    hooks = (await visit.remote.get("/v1/webhooks"))["items"]
    dead = (await visit.remote.get("/v1/webhooks/deliveries", status="dead"))["items"]
    place.clear()
    with place:
        Tag("h2", "", "Webhooks")
        words = "Addresses that are sent every event of every ticket, signed. "
        Tag("p", "muted card-note", words + "Whoever runs Deskhand adds them.")
        if hooks:
            with charts.body(stacked=True):
                for one in hooks:
                    _hook(one)
        if dead:
            Tag("h3", "", "Did not arrive")
            _dead(dead)


def _hook(one: dict[str, Any]) -> None:
    with Tag("tr"):
        Tag("td", "", shown(one["url"]))
        # Two of one host may look alike where their tokens are left out; an id never does.
        Tag("td", "muted", f"{one['id']}, added by {one['created_by']}")
        with Tag("td", "right"):
            if one["ended_at"]:
                widgets.badge("ended")
            else:
                label = f"Tell {shown(one['url'])} ({one['id']}) nothing more"
                widgets.button("End it", "hook-end", arg=one["id"], look="quiet", label=label)


def _dead(found: list[dict[str, Any]]) -> None:
    with charts.body(stacked=True):
        for one in found[:MOST_SHOWN]:
            with Tag("tr"):
                Tag("td", "", f"{one['type']} of {one['ticket_id']}")
                why = f"{one['webhook_id']}, {one['attempts']} attempts: {one['error']}"
                Tag("td", "muted", why)
                with Tag("td", "right"):
                    widgets.button(
                        "Send again",
                        "hook-replay",
                        arg=str(one["id"]),
                        look="quiet",
                        label=f"Send delivery {one['id']} again",
                    )
    if len(found) > MOST_SHOWN:
        Tag("p", "muted", f"{len(found) - MOST_SHOWN} more are not shown.")

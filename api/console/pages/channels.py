"""A card of the settings: where tickets come from, how each way stands, and how one is added."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from nicegui.element import Element

from api.channels.connecting.questions import TITLES
from api.console.pages.connecting import Connecting
from api.console.parts import charts, widgets, words
from api.console.parts.tried import result
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit

NOTE = (
    "Where tickets come from, besides the API. A paused channel receives and sends nothing: "
    "everything waits where it is."
)
Json = dict[str, Any]


async def card(visit: Visit) -> None:
    """Draw it: everybody sees how channels stand, leads pause them, admins try them."""
    with charts.card("Channels", note=NOTE) as place:
        pass
    with place:
        listed, more = Tag("div"), Tag("div")
    found = _Card(visit, listed)
    await found.draw()
    if visit.may():
        connecting = Connecting(visit, more, found.draw)
        await connecting.draw()
        visit.acts |= connecting.acts()
    visit.acts |= {
        "channel-pause": found.pause,
        "channel-resume": found.resume,
        "channel-test": found.test,
    }


class _Card:
    """The card, drawn anew after each act."""

    def __init__(self, visit: Visit, place: Element) -> None:
        self.visit, self.place = visit, place
        self.where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))

    async def pause(self, name: str) -> None:
        """Let a channel stand still."""
        await self.visit.remote.post(f"/v1/channels/{name}/pause")
        await self.draw()

    async def resume(self, name: str) -> None:
        """Let it go on."""
        await self.visit.remote.post(f"/v1/channels/{name}/resume")
        await self.draw()

    async def test(self, name: str) -> None:
        """Try it and show what was found."""
        await self.draw(trying=name)
        found = await self.visit.remote.post(f"/v1/channels/{name}/test")
        await self.draw(tried=(name, found))

    async def draw(self, trying: str = "", tried: tuple[str, Json] | None = None) -> None:
        """All channels, with the result of a try under the one that was tried."""
        items = (await self.visit.remote.get("/v1/channels"))["items"]
        self.place.clear()
        with self.place:
            for one in items:
                self._channel(one, trying=trying == one["name"])
                if tried is not None and tried[0] == one["name"]:
                    result(tried[1])

    def _channel(self, one: Json, *, trying: bool) -> None:
        name = one["name"]
        with Tag("section", "channel", aria_label=TITLES[name]):
            with Tag("div", "channel-head"):
                Tag("h3", "", TITLES[name])
                widgets.badge(*state(one))
            Tag("p", "muted", ", ".join(one["at"]))
            Tag("p", "", self._last(one))
            if one["trouble"]:
                since = words.clock(one["trouble_since"], self.where)
                Tag("p", "channel-trouble", f"Since {since}: {one['trouble']}")
            if one["paused_by"]:
                since = words.clock(one["paused_since"], self.where)
                Tag("p", "", f"Paused by {one['paused_by']} since {since}.")
            with Tag("div", "channel-acts"):
                self._acts(one, trying=trying)

    def _last(self, one: Json) -> str:
        came = _moment("Last message in", one["last_in"], self.where)
        if one["name"] == "widget":
            return came
        waits = f" {one['waiting']} to be sent." if one["waiting"] else ""
        return f"{came} {_moment('Last out', one['last_out'], self.where)}{waits}"

    def _acts(self, one: Json, *, trying: bool) -> None:
        name, title = one["name"], TITLES[one["name"]]
        if self.visit.may("lead"):
            if one["paused_by"]:
                label = f"Resume {title}"
                widgets.button("Resume", "channel-resume", arg=name, look="primary", label=label)
            else:
                label = f"Pause {title}"
                widgets.button("Pause", "channel-pause", arg=name, look="quiet", label=label)
        if self.visit.may():
            text = "Trying it …" if trying else "Test it now"
            label = f"{text}: {title}"
            widgets.button(text, "channel-test", arg=name, look="quiet", off=trying, label=label)


def state(one: Json) -> tuple[str, Tone]:
    """How it stands, in one word."""
    if one["paused_by"]:
        return "paused", "warn"
    if one["trouble"]:
        return "does not work", "bad"
    return ("connected", "good") if one["running"] else ("not running", "warn")


def _moment(what: str, at: str | None, where: ZoneInfo) -> str:
    return f"{what}: {words.clock(at, where)}." if at else f"{what}: none yet."

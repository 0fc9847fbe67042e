"""A part of the card Channels: connects another one, by a form of what it has to be asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.element import Element

from api.console.parts import widgets
from api.console.parts.remote import ApiRefused
from api.console.parts.tried import result
from api.console.parts.widgets import Tag
from api.console.shell.visit import Act, Visit, sentence

Json = dict[str, Any]
VALUE = "(e) => emit(e.target.value)"
LOOK_SECONDS = 3.0
LOOKS = 100
"""Times that a first message is looked for: five minutes."""
ALL = "All channels are connected."
NOTE = (
    "It is tried before anything is kept. Passwords and tokens are kept beside the database and are "
    "shown to nobody again."
)
SECONDS = "Trying it. A mailbox sends itself a mail first, which may take a minute …"
WAITS = "Waiting for the first message: write one as a customer would."
NONE_YET = "No message has come yet. That is not a fault: what comes later is shown above."


class Connecting:
    """The form, and what became of it."""

    def __init__(self, visit: Visit, place: Element, redraw: Callable[[], Awaitable[None]]) -> None:
        self.visit, self.place, self.redraw = visit, place, redraw
        self.kinds: list[Json] = []
        self.kind: Json | None = None
        self.answers: dict[str, str] = {}
        self.secret = ""

    def acts(self) -> dict[str, Act]:
        """What its controls do."""
        return {
            "channel-kind": self.choose,
            "channel-connect": self.connect,
            "channel-secret": self.give,
        }

    async def draw(self) -> None:
        """The kinds that can be connected. Raises `ApiRefused`, `SessionOver`."""
        self.kinds = (await self.visit.remote.get("/v1/channels/kinds"))["items"]
        self.kind = None
        self._draw_kinds()

    async def choose(self, name: str) -> None:
        """Show the form of a kind; none goes back to the list."""
        self.kind = next((one for one in self.kinds if one["name"] == name), None)
        self.answers = {}
        self._draw_kinds()

    async def connect(self, name: str) -> None:
        """Try the answers, and write them down if they work."""
        self._draw_kinds(trying=True)
        try:
            found = await self.visit.remote.post(
                f"/v1/channels/{name}/connect", {"answers": self.answers}
            )
        except ApiRefused as refused:
            self._draw_kinds(found={"well": False, "lines": [sentence(str(refused))]})
            raise
        if not found["written"]:
            self._draw_kinds(found=found)
            return
        before = await self._newest(name)
        await self.redraw()
        await self.draw()
        with self.place:
            waits = self._draw_connected(name, found)
        await self._wait(name, before, waits)

    async def give(self, name: str) -> None:
        """Keep the secret of a helpdesk's webhooks."""
        await self.visit.remote.post(f"/v1/channels/{name}/secret", {"secret": self.secret})
        self.secret = ""
        self.visit.notify("Saved: webhooks that are signed with it are accepted now.", "good")

    def _draw_kinds(self, *, trying: bool = False, found: Json | None = None) -> None:
        self.place.clear()
        with self.place, Tag("section", "channel", aria_label="Connect another one"):
            Tag("h3", "", "Connect another one")
            if not self.kinds:
                Tag("p", "muted", ALL)
            with Tag("div", "channel-acts"):
                for one in self.kinds:
                    chosen = one is self.kind
                    widgets.button(
                        one["title"],
                        "channel-kind",
                        arg="" if chosen else one["name"],
                        look="primary" if chosen else "",
                        label=f"Connect {one['title']}",
                        aria_expanded="true" if chosen else "false",
                    )
            if self.kind is not None:
                self._form(self.kind, trying=trying)
            if found is not None:
                result(found)

    def _form(self, kind: Json, *, trying: bool) -> None:
        Tag("p", "muted", NOTE)
        with Tag("div", "channel-form"):
            for one in kind["questions"]:
                self._field(one)
        with Tag("div", "channel-acts"):
            text = "Trying it …" if trying else "Try it and connect"
            widgets.button(text, "channel-connect", arg=kind["name"], look="primary", off=trying)
            widgets.button("Not now", "channel-kind", look="quiet", off=trying)
        if trying:
            Tag("p", "muted", SECONDS, role="status")

    def _field(self, one: Json) -> None:
        said = self.answers.get(one["name"], "")
        with widgets.field(one["label"]):
            if one["choices"]:
                box = widgets.choice(
                    {text: text for text in one["choices"]}, said or one["default"]
                )
                box.on("change", self._keep(one["name"]), js_handler=VALUE)
            else:
                kind = "password" if one["secret"] else "text"
                box = Tag("input", "box", type=kind, maxlength=2_000, autocomplete="off")
                # A secret goes one way only: after a failed try it is typed again.
                box.props["value"] = "" if one["secret"] else said
                box.props["placeholder"] = one["default"] or None
                box.on("input", self._keep(one["name"]), js_handler=VALUE)
            if one["help"]:
                Tag("span", "muted field-help", one["help"])

    def _keep(self, name: str) -> Any:
        def keep(event: Any) -> None:
            self.answers[name] = str(event.args or "")

        return keep

    def _draw_connected(self, name: str, found: Json) -> Tag:
        with Tag("section", "channel", aria_label="Just connected"):
            result(found)
            for line in found["steps"]:
                Tag("code" if line.startswith("  ") else "p", "channel-step", line.strip())
            if found["needs_secret"]:
                self._secret(name)
            with Tag("p", "", role="status") as waits:
                Tag("span", "", WAITS)
            return waits

    def _secret(self, name: str) -> None:
        def keep(event: Any) -> None:
            self.secret = str(event.args or "")

        with Tag("div", "form-row"):
            with widgets.field("Secret of the webhook"):
                box = Tag("input", "box", type="password", maxlength=2_000, autocomplete="off")
                box.on("input", keep, js_handler=VALUE)
            widgets.button("Keep it", "channel-secret", arg=name, look="primary")

    async def _newest(self, name: str) -> str | None:
        page = await self.visit.remote.get("/v1/channels", background=True)
        found = next((one["newest"] for one in page["items"] if one["name"] == name), None)
        return None if found is None else str(found)

    async def _wait(self, name: str, before: str | None, waits: Tag) -> None:
        """Show the first message coming in, for as long as the page shows that it is waited for."""
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_SECONDS)
            if waits.is_deleted:
                return
            newest = await self._newest(name)
            if newest is not None and newest != before:
                await self._came(newest, waits)
                return
        if not waits.is_deleted:
            _say(waits, NONE_YET)

    async def _came(self, ticket: str, waits: Tag) -> None:
        found = await self.visit.remote.get(f"/v1/tickets/{ticket}", background=True)
        await self.redraw()
        if not waits.is_deleted:
            about = found["subject"] or found["customer_name"] or "a message"
            _say(waits, "It came: ")
            with waits:
                widgets.link(about, f"/console/tickets/{ticket}", "inline")


def _say(place: Tag, text: str) -> None:
    place.clear()
    with place:
        Tag("span", "", text)

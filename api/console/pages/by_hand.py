"""A ticket that a person opens for a customer."""

from __future__ import annotations

import secrets
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from api.console.parts import attaching, charts, widgets
from api.console.parts.attaching import FILES
from api.console.parts.widgets import Tag
from api.console.shell.visit import Act, Visit

MAX_LINE_CHARS = 200
MAX_TEXT_CHARS = 20_000
ROWS = 10
TYPED_SECONDS = 0.4
LIST = f"by-hand:{FILES}"
"""Under what name the page tells what was chosen."""
REPLIES = {
    "none": "A colleague tells the customer: answers stay on the ticket",
    "mail": "By mail, from the desk's mailbox",
}


class ByHand:
    """The form."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._fields = {"email": "", "name": "", "subject": "", "text": "", "reply": "none"}
        self._key = secrets.token_hex()
        """Of this form: pressed twice it opens one ticket."""
        self._told = "[]"
        self._files: Tag | None = None

    def acts(self) -> dict[str, Act]:
        """What its controls do."""
        return {"open": self.open, "detach": self.detach, **attaching.acts(self._visit.notify)}

    async def detach(self, file_id: str) -> None:
        """Leave a file out that was chosen."""
        self._told = attaching.leave_out(LIST, attaching.chosen(self._told), file_id)
        self._draw_files()

    def _chosen(self, event: GenericEventArguments) -> None:
        name, told, _ = event.args
        if name == LIST:
            self._told = str(told)
            self._draw_files()

    def _draw_files(self) -> None:
        if self._files is not None:
            attaching.draw(self._files, attaching.chosen(self._told))

    async def open(self, _: str) -> None:
        """Open it and show it. Raises `ApiRefused`, `SessionOver`."""
        body: dict[str, Any] = {name: value for name, value in self._fields.items() if value}
        body["files"] = [one["id"] for one in attaching.chosen(self._told)]
        made = await self._visit.remote.post("/v1/tickets/by-hand", body, key=self._key)
        self._visit.go(f"/tickets/{made['id']}")

    def draw(self) -> None:
        """Who, what, and how the answer reaches them."""
        with Tag("div", "form-row"):
            self._line("email", "The customer's address", "email")
            self._line("name", "Their name, if you know it", "text")
        self._line("subject", "Subject", "text")
        with widgets.field("What they ask for, in their words"):
            self._keep(Tag("textarea", "box", rows=ROWS, maxlength=MAX_TEXT_CHARS), "text")
        self._files = Tag("div")
        ui.on("typed", self._chosen, args=None)
        ui.run_javascript(f"deskForget({LIST!r})")  # what an earlier form had chosen
        with widgets.field("How the answer reaches them"):
            self._keep(widgets.choice(REPLIES), "reply")
        with Tag("p", "tool-row"):
            widgets.button("Open the ticket", "open", look="primary", symbol="add", data_send="1")
            attaching.control(LIST)
            widgets.link("Back to the tickets", "/console/tickets", "btn quiet")

    def _line(self, name: str, label: str, kind: str) -> None:
        with widgets.field(label):
            self._keep(Tag("input", "box", type=kind, maxlength=MAX_LINE_CHARS), name)

    def _keep(self, box: Tag, name: str) -> None:
        def keep(told: Any) -> None:
            self._fields[name] = str(told.args or "")

        emit = "(e) => emit(e.target.value)"
        box.on("input", keep, js_handler=emit, throttle=TYPED_SECONDS, leading_events=False)
        box.on("change", keep, js_handler=emit)  # before a click on the button


async def build(visit: Visit) -> None:
    """Draw the form."""
    charts.styles()
    charts.page_head(
        "New ticket", "For a customer who called or came by. Your name is kept with it."
    )
    form = ByHand(visit)
    with Tag("div", "cards"), Tag("section", "card form", aria_label="New ticket"):
        form.draw()
    visit.acts |= form.acts()

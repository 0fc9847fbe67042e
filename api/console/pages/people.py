"""Accounts and the audit, for admins."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui
from nicegui.element import Element

from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Act, Visit

ROLES = ("agent", "lead", "admin")
ROWS = 100
FIRST_ERROR = 400


class People:
    """The open page."""

    def __init__(self, visit: Visit, where: ZoneInfo) -> None:
        self.visit = visit
        self.where = where
        self.told = Tag("div", "told", role="status")
        self.accounts = Tag("section", "card", aria_label="Accounts")
        self.new: dict[str, str] = {"role": "agent"}
        self.names: dict[str, str] = {}
        with Tag("section", "card", aria_label="New account"):
            self._form()
        self.audit = Tag("section", "card", aria_label="Audit")

    def acts(self) -> dict[str, Act]:
        """What its controls do."""
        return {
            "make": self.make,
            "reset": self.reset,
            "reset-second-factor": lambda one: self._post(one, "reset-second-factor"),
            "disable": lambda one: self._post(one, "disable"),
            "enable": lambda one: self._post(one, "enable"),
        }

    async def read(self) -> None:
        """Read and draw. Raises `ApiRefused`, `SessionOver`."""
        found = await self.visit.remote.get("/v1/accounts")
        rows = await self.visit.remote.get("/v1/audit", limit=ROWS)
        self.names = {one["id"]: one["name"] for one in found["items"]}
        self._fill(self.accounts, lambda: self._accounts(found["items"]))
        self._fill(self.audit, lambda: self._audit(rows["items"]))

    def _fill(self, part: Element, draw: Any) -> None:
        part.clear()
        with part:
            draw()

    def _accounts(self, people: list[dict[str, Any]]) -> None:
        Tag("h2", "", "Accounts")
        heads = ("Name", "Address", "Role", "State", "Change")
        with charts.body(*heads, numbers=(4,), stacked=True):
            for one in people:
                self._account(one)

    def _account(self, one: dict[str, Any]) -> None:
        with Tag("tr"):
            Tag("td", "", one["name"])
            Tag("td", "muted", one["email"])
            Tag("td", "", one["role"])
            with Tag("td"):
                state: tuple[str, Tone] = ("active", "good")
                if one["one_time"]:
                    state = ("one-time password", "warn")
                if one["disabled"]:
                    state = ("disabled", "bad")
                widgets.badge(*state)
                if one["second_factor"]:
                    widgets.badge("second factor", "good")
            with Tag("td", "right"):
                if one["id"] == self.visit.me["person"]["id"]:
                    Tag("span", "muted", "you")
                    return
                what = "enable" if one["disabled"] else "disable"
                label = f"{words.capital(what)} {one['name']}"
                widgets.button("New password", "reset", arg=one["id"], look="quiet")
                if one["second_factor"]:
                    label_of_reset = f"Reset the second factor of {one['name']}"
                    widgets.button(
                        "Reset second factor",
                        "reset-second-factor",
                        arg=one["id"],
                        look="quiet",
                        label=label_of_reset,
                    )
                widgets.button(words.capital(what), what, arg=one["id"], look="quiet", label=label)

    def _form(self) -> None:
        Tag("h2", "", "New account")
        with Tag("div", "form-row"):
            for name, label, kind in (("name", "Name", "text"), ("email", "Address", "email")):
                with widgets.field(label):
                    box = Tag("input", "box", type=kind, maxlength=200)
                    box.on("input", self._keep(name), js_handler="(e) => emit(e.target.value)")
            with widgets.field("Role"):
                box = widgets.choice({role: role for role in ROLES})
                box.on("change", self._keep("role"), js_handler="(e) => emit(e.target.value)")
            widgets.button("Create account", "make", look="primary", symbol="person_add")

    def _keep(self, name: str) -> Any:
        def keep(event: Any) -> None:
            self.new[name] = str(event.args or "")

        return keep

    def _audit(self, rows: list[dict[str, Any]]) -> None:
        Tag("h2", "", "Who did what")
        with charts.body("When", "Who", "What", "About", "Result", stacked=True):
            for row in rows:
                with Tag("tr"):
                    Tag("td", "muted num", words.clock(row["at"], self.where))
                    Tag("td", "", row["who"])
                    what = words.capital(words.plain(row["summary"] or row["action"]))
                    Tag("td", "", what, title=row["action"])
                    Tag("td", "muted", self.names.get(row["subject"], row["subject"] or ""))
                    with Tag("td"):
                        failed = (row["status"] or 0) >= FIRST_ERROR
                        widgets.badge("refused" if failed else "done", "bad" if failed else "")

    async def make(self, _: str) -> None:
        """Make the account of the form."""
        made = await self.visit.remote.post("/v1/accounts", self.new)
        self._tell(made)
        await self.read()

    async def reset(self, person: str) -> None:
        """Give a new one-time password."""
        self._tell(await self.visit.remote.post(f"/v1/accounts/{person}/reset"))
        await self.read()

    async def _post(self, person: str, what: str) -> None:
        await self.visit.remote.post(f"/v1/accounts/{person}/{what}")
        await self.read()

    def _tell(self, made: dict[str, Any]) -> None:
        self.told.clear()
        with self.told, Tag("div", "banner good"):
            widgets.icon("key")
            with Tag("div"):
                Tag("strong", "", f"The one-time password of {made['name']}: ")
                Tag("code", "", made["password"])
                Tag("p", "", "It is shown only once; the person sets their own at the first login.")
        ui.run_javascript("window.scrollTo(0, 0)")


async def build(visit: Visit) -> None:
    """Draw the page."""
    with Tag("header", "page-head"):
        Tag("h1", "", "People")
    where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
    with Tag("div", "cards"):
        page = People(visit, where)
    visit.acts |= page.acts()
    await page.read()

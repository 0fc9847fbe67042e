"""Questions that an act asks first: until when, to whom, into which, really?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from nicegui import ui
from nicegui.events import GenericEventArguments

from api.console.parts import widgets, words
from api.console.parts.widgets import Tag
from api.console.queue.state import Json
from api.console.shell.shell import Act
from memory.tables import now

if TYPE_CHECKING:
    from api.console.queue.actions import Actions

MORNING = 9
MOST_SHOWN = 20


class Sheet:
    """A window with fields; its button calls `done(fields)`."""

    def __init__(self, acts: Actions, title: str, lead: str = "") -> None:
        self.acts = acts
        self.fields: dict[str, str] = {}
        self.dialog = ui.dialog()
        self.dialog.on("hide", self.dialog.delete)
        with self.dialog:
            self.body = Tag("div", "sheet", role="dialog", aria_modal="true", aria_label=title)
        with self.body:
            Tag("h2", "", title)
            if lead:
                Tag("p", "muted", lead)

    def __enter__(self) -> Self:
        self.body.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.body.__exit__(*_)

    def text(self, name: str, label: str, *, rows: int = 3, hint: str = "") -> None:
        """A field for text."""
        with Tag("label", "field"):
            Tag("span", "", label)
            box = Tag("textarea", "box", rows=rows, placeholder=hint or None, maxlength=10_000)
            box.on("input", self._keep(name), js_handler="(e) => emit(e.target.value)")

    def line(self, name: str, label: str, kind: str = "text", value: str = "") -> None:
        """A field of one line."""
        with Tag("label", "field"):
            Tag("span", "", label)
            box = Tag("input", "box", type=kind, maxlength=200)
            box._props["defaultValue"] = value  # noqa: SLF001
            self.fields[name] = value
            box.on("input", self._keep(name), js_handler="(e) => emit(e.target.value)")

    def choice(self, name: str, label: str, options: dict[str, str], first: str = "") -> None:
        """One of several."""
        self.fields[name] = first or next(iter(options), "")
        with Tag("label", "field"):
            Tag("span", "", label)
            with Tag("select", "box") as box:
                for value, words_ in options.items():
                    Tag("option", "", words_, value=value, selected=value == self.fields[name])
            box.on("change", self._keep(name), js_handler="(e) => emit(e.target.value)")

    def _keep(self, name: str) -> Callable[[GenericEventArguments], None]:
        def keep(event: GenericEventArguments) -> None:
            self.fields[name] = str(event.args or "")

        return keep

    def open(
        self,
        verb: str,
        done: Callable[[dict[str, str]], Awaitable[None]],
        *,
        danger: bool = False,
        symbol: str = "check",
    ) -> None:
        """Show it with its button."""

        async def carry_out(_: str) -> None:
            self.dialog.close()
            await done(self.fields)

        async def close(_: str) -> None:
            self.dialog.close()

        visit = self.acts.state.visit
        visit.acts |= {"sheet-do": carry_out, "close-dialog": close}
        with self.body, Tag("div", "sheet-acts"):
            with widgets.button(
                verb,
                "sheet-do",
                key="Enter",
                look="danger" if danger else "primary",
                symbol=symbol,
                data_send="1",
                autofocus=True,
            ):
                pass
            widgets.button("Cancel", "close-dialog", look="quiet")
        self.dialog.open()


def table(acts: Actions) -> dict[str, Act]:
    """The acts that ask first."""

    def opening(show: Callable[[Actions, str], Awaitable[None]]) -> Act:
        async def act(arg: str) -> None:
            await show(acts, arg)

        return act

    shown = {
        "snooze": snooze,
        "transfer": transfer,
        "assign": assign,
        "merge": merge,
        "close": close,
        "bulk-close": bulk_close,
        "wrong-intent": wrong_intent,
        "wrong-article": wrong_article,
        "missing-article": missing_article,
        "save-filter": save_filter,
        "article": article,
    }
    return {name: opening(show) for name, show in shown.items()}


async def confirm_approval(acts: Actions) -> None:
    """Approving sends: say what goes out and what runs, then do it."""
    state = acts.state
    whole = state.whole
    if whole is None or not whole.get("suggestion") or not state.workable:
        return
    verdicts = state.draft.verdicts
    with Sheet(acts, "Send the suggested reply?") as sheet:
        Tag("div", "text quoted", whole["suggestion"]["text"])
        for action in whole.get("actions") or ():
            said = verdicts.get(action["fingerprint"])
            symbol = {True: "check", False: "block"}.get(said, "remove")  # type: ignore[arg-type]
            becomes = {True: "runs", False: "refused"}.get(said, "not decided: does not run")  # type: ignore[arg-type]
            with Tag("p", "finding" if said is None else "becomes"):
                widgets.icon(symbol)
                Tag("span", "", f"{words.capital(words.plain(action['tool']))}: {becomes}")

    async def done(_: dict[str, str]) -> None:
        await acts.decide("approve", "suggestion")

    sheet.open("Send", done, symbol="send")


async def snooze(acts: Actions, _: str) -> None:
    """Until when?"""
    local = now().astimezone(acts.state.where)
    times = {
        "In one hour": local + timedelta(hours=1),
        "In four hours": local + timedelta(hours=4),
        "Tomorrow morning": _morning(local + timedelta(days=1)),
        "Next Monday": _morning(local + timedelta(days=7 - local.weekday())),
    }
    options = {one.isoformat(): f"{name}, {one:%a %H:%M}" for name, one in times.items()}
    with Sheet(acts, "Snooze", "It leaves the queue, and comes back to you by itself.") as sheet:
        sheet.choice("until", "Until", options)

    async def done(fields: dict[str, str]) -> None:
        acts.state.held.discard(acts.state.selected or "")
        await acts.change("snooze", _versioned(acts, until=fields["until"]), "Asleep")

    sheet.open("Snooze", done, symbol="snooze")


def _morning(day: datetime) -> datetime:
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def _versioned(acts: Actions, **body: str | None) -> Json:
    return {**body, "version": (acts.state.whole or {})["version"]}


async def _colleagues(acts: Actions) -> dict[str, str]:
    found = await acts.state.visit.remote.get("/v1/people")
    me = acts.state.visit.name
    names = [one["name"] for one in found["items"] if not one["disabled"] and one["name"] != me]
    return {name: name for name in names}


async def transfer(acts: Actions, _: str) -> None:
    """To whom, and what should they know?"""
    people = {f"to={name}": name for name in await _colleagues(acts)}
    teams = {f"team={name}": f"Team {name}" for name in acts.state.counts.get("team", {}) if name}
    options = {**people, **teams, "team=": "Everybody's queue"}
    with Sheet(acts, "Transfer", "It goes on with your note.") as sheet:
        sheet.choice("whom", "To", options)
        sheet.text("note", "Note", hint="What should they know?")

    async def done(fields: dict[str, str]) -> None:
        kind, _, name = fields["whom"].partition("=")
        acts.state.held.discard(acts.state.selected or "")
        body = _versioned(acts, **{kind: name}, note=fields.get("note", ""))
        await acts.change("transfer", body, "Transferred")

    sheet.open("Transfer", done, symbol="move_up")


async def assign(acts: Actions, _: str) -> None:
    """To whom?"""
    with Sheet(acts, "Assign", "It stands in that person's queue.") as sheet:
        sheet.choice("to", "To", await _colleagues(acts))

    async def done(fields: dict[str, str]) -> None:
        acts.state.held.discard(acts.state.selected or "")
        await acts.change("assign", _versioned(acts, to=fields["to"]), "Assigned")

    sheet.open("Assign", done, symbol="person_add")


async def merge(acts: Actions, _: str) -> None:
    """Into which other handoff of the same customer?"""
    whole = acts.state.whole
    if whole is None:
        return
    email = whole["customer"].get("email")
    found: list[Json] = []
    if email:
        page = await acts.state.visit.remote.get("/v1/handoffs", customer=email, limit=MOST_SHOWN)
        found = [one for one in page["items"] if one["id"] != whole["id"]]
    if not found:
        acts.state.visit.notify("Nothing else of this customer waits.", "warn")
        return
    options = {
        one["id"]: f"{one['subject'] or one['ticket_id']} ({one['status']})" for one in found
    }
    with Sheet(acts, "Merge", "This one is answered together with the other.") as sheet:
        sheet.choice("into", "Into", options)

    async def done(fields: dict[str, str]) -> None:
        acts.state.held.discard(whole["id"])
        await acts.change("merge", _versioned(acts, into=fields["into"]), "Merged")

    sheet.open("Merge", done, symbol="merge")


async def close(acts: Actions, _: str) -> None:
    """Really, without a reply?"""
    with Sheet(acts, "Close without a reply?", "The customer hears nothing more.") as sheet:
        pass

    async def done(_: dict[str, str]) -> None:
        await acts.decide("close", "close")

    sheet.open("Close it", done, danger=True, symbol="archive")


async def bulk_close(acts: Actions, _: str) -> None:
    """Really, all of them?"""
    ids = sorted(acts.state.marked)
    if not ids:
        return
    title = f"Close {len(ids)} without a reply?"
    with Sheet(acts, title, "Those that somebody else has stay as they are.") as sheet:
        sheet.text("note", "Note for colleagues")

    async def done(fields: dict[str, str]) -> None:
        body = {"ids": ids, "note": fields.get("note", "")}
        found = await acts.state.visit.remote.post("/v1/handoffs/bulk/close", body)
        acts.state.marked.clear()
        refused = found["refused"]
        text = f"Closed {len(found['closed'])}" + (f", {len(refused)} not" if refused else "")
        acts.state.visit.notify(text, "warn" if refused else "good")
        await acts.work.read()
        await acts.work.refresh()

    sheet.open("Close them", done, danger=True, symbol="done_all")


async def wrong_intent(acts: Actions, _: str) -> None:
    """Which would have been right?"""
    whole = acts.state.whole
    if whole is None:
        return
    ranked = ((whole.get("story") or {}).get("intent") or {}).get("ranked") or []
    known = {one["name"] for one in ranked} | set(acts.state.counts.get("intent") or {})
    options = {"": "None of ours"} | {one: words.plain(one) for one in sorted(known - {""})}
    with Sheet(
        acts, "The intent is wrong", f"It was {words.plain(whole.get('intent')) or 'none'}."
    ) as sheet:
        sheet.choice("intent", "Right would be", options)
        sheet.text("note", "Note")
    sheet.fields["intent"] = ""
    sheet.open("Correct it", _correcting(acts, "intent_wrong"), symbol="label_off")


async def wrong_article(acts: Actions, source: str) -> None:
    """What is wrong with it?"""
    with Sheet(acts, "This article is wrong", f"{source} will be used less.") as sheet:
        sheet.text("note", "What is wrong?")
    sheet.fields["article"] = source
    sheet.open("Mark it", _correcting(acts, "article_wrong"), symbol="flag")


async def missing_article(acts: Actions, _: str) -> None:
    """What should there be?"""
    with Sheet(acts, "An article is missing", "It is listed among the gaps.") as sheet:
        sheet.text("note", "What should there be?")
    sheet.open("List it", _correcting(acts, "article_missing"), symbol="post_add")


def _correcting(acts: Actions, kind: str) -> Callable[[dict[str, str]], Awaitable[None]]:
    async def done(fields: dict[str, str]) -> None:
        kept = {name: value for name, value in fields.items() if value}
        await acts.change("corrections", {"kind": kind, **kept}, "Kept: the agent learns from it")

    return done


async def save_filter(acts: Actions, _: str) -> None:
    """Under which name?"""
    with Sheet(acts, "Save this filter") as sheet:
        sheet.line("name", "Name")

    async def done(fields: dict[str, str]) -> None:
        name = fields.get("name", "").strip()
        if not name:
            return
        filters = acts.state.visit.me["preferences"].get("filters", [])
        others = [one for one in filters if one["name"] != name]
        await acts.keep_filters([*others, {"name": name, "query": acts.state.filter.saved()}])

    sheet.open("Save", done, symbol="bookmark_add")


async def article(acts: Actions, _: str) -> None:
    """Which passage goes into the reply: one that the agent found, or one of a new search?"""
    asks = (acts.state.whole or {}).get("asks") or []
    found = [one for ask in asks for one in ask.get("evidence") or () if one["kind"] == "article"]
    with Sheet(acts, "Insert an article") as sheet:
        if found:
            sheet.choice("passage", "What the agent found", _titles(found))
        sheet.line("search", "Or search for" if found else "Search for")

    async def done(fields: dict[str, str]) -> None:
        if words_ := fields.get("search", "").strip():
            await _searched(acts, words_)
        elif found:
            await acts.put(found[int(fields["passage"])]["text"])

    sheet.open("Go on", done, symbol="arrow_forward")


async def _searched(acts: Actions, words_: str) -> None:
    answer = await acts.state.visit.remote.get("/v1/knowledge/search", q=words_)
    hits: list[Json] = answer["hits"]
    if not hits:
        acts.state.visit.notify("No article was found for these words.", "warn")
        return
    with Sheet(acts, "Insert an article", f"Found for: {words_}") as sheet:
        sheet.choice("passage", "Passage", _titles(hits))

    async def done(fields: dict[str, str]) -> None:
        await acts.put(hits[int(fields["passage"])]["text"])

    sheet.open("Insert", done, symbol="add")


def _titles(passages: list[Json]) -> dict[str, str]:
    """Titles by the passage's place in the list."""
    return {
        str(place): " · ".join(part for part in (one["title"], one["heading"]) if part)
        for place, one in enumerate(passages[:MOST_SHOWN])
    }

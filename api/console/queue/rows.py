"""The queue on the left: views, search, filters, and a row for each handoff.

A row is drawn anew only where what it shows has changed, so that a live update of a long queue
stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from api.console.parts import widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.queue.state import NARROWED_BY, VIEWS, Json, State

COUNTED_VIEWS = {"mine": "mine", "free": "unassigned", "late": "overdue"}
SEARCH_SECONDS = 0.25
"""A search begins so long after the last key."""


@dataclass(frozen=True)
class Face:
    """All that a row shows: equal faces need no drawing."""

    subject: str
    priority: str
    second: str
    left: tuple[str, Tone, str]
    badges: tuple[tuple[str, Tone], ...]
    unread: int
    selected: bool
    marked: bool


def _face(item: Json, state: State) -> Face:
    """The face of a handoff."""
    about = [item.get("customer_name") or "", words.plain(item.get("intent"))]
    about.append(words.why(item["reason"]))
    return Face(
        subject=item["title"],
        priority=item["priority"],
        second=" · ".join(part for part in about if part),
        left=words.time_left(item),
        badges=tuple(_badges(item, state)),
        unread=item.get("unread") or 0,
        selected=item["id"] == state.selected,
        marked=item["id"] in state.marked,
    )


def _badges(item: Json, state: State) -> list[tuple[str, Tone]]:
    found: list[tuple[str, Tone]] = []
    who = item.get("claimed_by")
    match item["status"]:
        case "claimed":
            found.append(("You" if who == state.visit.name else str(who), "info"))
        case "snoozed":
            found.append((f"until {words.clock(item.get('snoozed_until'), state.where)}", ""))
        case "waiting_customer":
            found.append(("customer asked", ""))
        case "decided":
            found.append((f"decided by {item.get('decided_by') or '?'}", "good"))
        case "closed":
            found.append(("closed", ""))
    if item.get("escalated_at") and item["status"] not in {"decided", "closed"}:
        found.append(("escalated", "bad"))
    if item.get("team"):
        found.append((item["team"], ""))
    return found


class Rows:
    """The pane's list of rows."""

    def __init__(self, state: State, parent: Element) -> None:
        self._state = state
        self._list = parent
        self._rows: dict[str, tuple[Face, Tag]] = {}
        self._order: list[str] = []

    def draw(self) -> None:
        """Bring the rows up to date."""
        items = {item["id"]: _face(item, self._state) for item in self._state.items}
        for gone in [one for one in self._rows if one not in items]:
            self._rows.pop(gone)[1].delete()
        self._order = [one for one in self._order if one in items]
        for index, (id_, wanted) in enumerate(items.items()):
            self._place(index, id_, wanted)
        active = self._rows.get(self._state.selected or "")
        self._list._props["aria-activedescendant"] = f"c{active[1].id}" if active else ""  # noqa: SLF001
        self._list.update()

    def _place(self, index: int, id_: str, wanted: Face) -> None:
        known = self._rows.get(id_)
        if known is None:
            with self._list:
                row = Tag("li", role="option", data_act="select", data_arg=id_, data_opens="talk")
            self._order.append(id_)
        else:
            row = known[1]
        if known is None or known[0] != wanted:
            _dress(row, wanted, id_)
            self._rows[id_] = (wanted, row)
        if self._order[index] != id_:
            self._order.remove(id_)
            self._order.insert(index, id_)
            row.move(self._list, index)


def _dress(row: Tag, wanted: Face, id_: str) -> None:
    row.clear()
    names = ["row", f"p-{wanted.priority}"]
    names += [name for name in ("selected", "marked") if getattr(wanted, name)]
    names += ["unread"] if wanted.unread else []
    row.classes(replace=" ".join(names))
    row._props["aria-selected"] = "true" if wanted.selected else "false"  # noqa: SLF001
    with row:
        with Tag("div", "row-top"):
            _mark(id_, marked=wanted.marked)
            Tag("span", "dot", title=f"{wanted.priority} priority")
            if wanted.priority in {"urgent", "high"}:
                Tag("span", "unseen", f"{wanted.priority}: ")
            Tag("span", "row-subject", wanted.subject)
            text, tone, title = wanted.left
            if text:
                widgets.badge(text, tone, title)
        with Tag("div", "row-second"):
            Tag("span", "row-about", wanted.second)
            if wanted.unread:
                label = f"{wanted.unread} not read yet"
                Tag("span", "new", str(wanted.unread), title=label, aria_label=label, role="img")
        if wanted.badges:
            with Tag("div", "row-badges"):
                for text, badge_tone in wanted.badges:
                    widgets.badge(text, badge_tone)
    row.update()


def _mark(id_: str, *, marked: bool) -> None:
    """For mouse and touch; by keyboard it is x, and a row holds no control of its own."""
    title = "No longer marked" if marked else "Mark it for a change of several (x)"
    with Tag("span", "mark", data_act="mark", data_arg=id_, title=title, aria_hidden="true"):
        widgets.icon("check_box" if marked else "check_box_outline_blank")


class Head:
    """Views, search and filters above the rows."""

    def __init__(self, state: State, parent: Element) -> None:
        self._state = state
        with parent:
            with Tag("div", "queue-title"):
                Tag("h1", "", "Queue")
                self._live = Tag("span", "live", role="status", aria_live="polite")
            with Tag("div", "search-row"):
                with Tag("div", "search", data_search="1"):
                    widgets.icon("search")
                    self.field = Tag(
                        "input",
                        type="search",
                        placeholder="Search",
                        aria_label="Search the queue",
                        aria_keyshortcuts="/",
                        data_search="1",
                        maxlength=200,
                    )
                self._menu = Tag("div")
            self._views = Tag("div", "views", role="group", aria_label="Views")
            self._chosen = Tag("div", "chosen")
            self._bulk = Tag("div", "bulk", role="region", aria_label="Marked handoffs")
        self._drawn: tuple[Any, ...] = ()

    def on_search(self, handler: Any) -> None:
        """Call `handler(text)` when somebody searches."""

        async def searched(event: GenericEventArguments) -> None:
            await handler(str(event.args or ""))

        self.field.on(
            "input",
            searched,
            js_handler="(e) => emit(e.target.value)",
            throttle=SEARCH_SECONDS,
            leading_events=False,
        )

    def draw(self) -> None:
        """Bring views, filters and the bar of marked rows up to date."""
        state = self._state
        filters = state.visit.me["preferences"].get("filters", [])
        now = (state.filter, str(state.counts), str(filters), len(state.marked))
        if now == self._drawn:
            return
        self._drawn = now
        # The browser puts it into the title, and tells of it where the person wants that.
        self._views._props["data-waiting"] = str(state.counts.get("unassigned", ""))  # noqa: SLF001
        self._views.update()
        for part, draw in (
            (self._views, self._draw_views),
            (self._menu, lambda: self._draw_menu(filters)),
            (self._chosen, self._draw_chosen),
            (self._bulk, self._draw_bulk),
        ):
            part.clear()
            with part:
                draw()

    def _draw_views(self) -> None:
        state = self._state
        for name, (label, _) in VIEWS.items():
            number = state.counts.get(COUNTED_VIEWS.get(name, ""))
            here = state.filter.view == name
            with Tag(
                "button",
                "chip here" if here else "chip",
                type="button",
                data_act="view",
                data_arg=name,
                aria_pressed="true" if here else "false",
            ):
                Tag("span", "", label)
                if number:
                    Tag("span", "count bad" if name == "late" else "count", str(number))

    def _draw_menu(self, filters: list[Json]) -> None:
        with Tag("details", "menu right"):
            with Tag("summary", "btn icon", aria_label="Filters", title="Filters"):
                widgets.icon("filter_list")
            with Tag("div", "menu-body filters"):
                for name in NARROWED_BY:
                    self._choice(name)
                if filters:
                    Tag("h3", "part-title", "Saved")
                for one in filters:
                    with Tag("div", "saved"):
                        widgets.button(one["name"], "saved", arg=one["query"], look="quiet")
                        widgets.button(
                            "",
                            "unsave",
                            arg=one["name"],
                            look="icon",
                            symbol="close",
                            label=f"Forget the filter {one['name']}",
                        )
                widgets.button("Save this filter", "save-filter", symbol="bookmark_add")

    def _draw_chosen(self) -> None:
        for name, value in self._state.filter.narrow:
            widgets.button(
                words.narrowed(name, value) or "none",
                "widen",
                arg=name,
                look="quiet",
                symbol="close",
                label=f"Remove the filter {name}: {words.narrowed(name, value)}",
            )

    def _choice(self, name: str) -> None:
        known = self._state.counts.get(name) or {}
        present = dict(self._state.filter.narrow).get(name, "")
        with widgets.field(words.capital(name)), Tag("select", data_change="narrow", data_arg=name):
            Tag("option", "", "all", value="", selected=not present)
            for value, number in sorted(known.items()):
                if value:
                    Tag(
                        "option",
                        "",
                        f"{words.narrowed(name, value)} ({number})",
                        value=value,
                        selected=value == present,
                    )

    def _draw_bulk(self) -> None:
        number = len(self._state.marked)
        if number:
            Tag("span", "", f"{number} marked")
            widgets.button("Assign", "bulk-assign", symbol="person_add")
            widgets.button("Snooze", "bulk-snooze", symbol="snooze")
            widgets.button("Close", "bulk-close", symbol="done_all")
            widgets.button("", "unmark", look="icon", symbol="close", label="Mark none")

    def live(self, text: str) -> None:
        """Say how the queue changed; screen readers read it out."""
        self._live._text = text  # noqa: SLF001
        self._live.update()

"""A window that asks for a few fields before something is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

from nicegui import ui
from nicegui.events import GenericEventArguments

from api.console.parts import widgets
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit


class Sheet:
    """A window with fields; its button calls `done(fields)`."""

    def __init__(self, visit: Visit, title: str, lead: str = "") -> None:
        self.visit = visit
        self.about = visit.about()
        self.fields: dict[str, str] = {}
        self.dialog = ui.dialog()
        self.dialog._props["aria-label"] = title  # noqa: SLF001
        self.dialog.on("hide", self.dialog.delete)
        with self.dialog:
            self.body = Tag("div", "sheet")
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
        with widgets.field(label):
            box = Tag("textarea", "box", rows=rows, placeholder=hint or None, maxlength=10_000)
            box.on("input", self._keep(name), js_handler="(e) => emit(e.target.value)")

    def line(self, name: str, label: str, kind: str = "text", value: str = "") -> None:
        """A field of one line."""
        with widgets.field(label):
            box = Tag("input", "box", type=kind, maxlength=200)
            box._props["defaultValue"] = value  # noqa: SLF001
            self.fields[name] = value
            box.on("input", self._keep(name), js_handler="(e) => emit(e.target.value)")

    def choice(self, name: str, label: str, options: dict[str, str], first: str = "") -> None:
        """One of several."""
        self.fields[name] = first or next(iter(options), "")
        with widgets.field(label):
            box = widgets.choice(options, self.fields[name])
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
        lacking: Callable[[dict[str, str]], str] = lambda _: "",
        danger: bool = False,
        symbol: str = "check",
    ) -> None:
        """Show it with its button. It stays open while `lacking` says what is missing."""

        async def carry_out(_: str) -> None:
            if self.visit.about() != self.about:
                # A key that was pressed before the window could be seen went on to another one.
                self.dialog.close()
                self.visit.notify("Another ticket is open by now: nothing was done.", "warn")
                return
            if missing := lacking(self.fields):
                self.visit.notify(missing, "warn")
                return
            self.dialog.close()
            await done(self.fields)

        async def close(_: str) -> None:
            self.dialog.close()

        self.visit.acts |= {"sheet-do": carry_out, "close-dialog": close}
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

"""The keys of the console, and the window that lists them."""

from __future__ import annotations

from nicegui import ui

from api.console.parts import widgets
from api.console.parts.widgets import Tag
from api.console.shell.visit import Act, Visit

KEYS = {
    "Everywhere": {"?": "these keys", "g then q": "the queue", "g then t": "tickets"},
    "Queue": {
        "j  k": "next, previous",
        "Enter": "open it",
        "x": "mark it for a change of several",
        "/": "search",
        "1  2  3": "queue, conversation, evidence",
    },
    "A handoff": {
        "c": "claim it, or give it back",
        "a": "approve the suggested reply",
        "e": "edit the suggested reply",
        "r": "write a reply of your own",
        "b": "back to the agent, with guidance",
        "d": "have it drafted again, with a hint",
        "y  n": "approve, refuse the next proposed action",
        "i": "insert an article",
        "m": "everything else: snooze, transfer, ask, merge …",
        "Ctrl Enter": "send what you wrote",
        "Escape": "leave the field, close the window",
    },
}


def listing(visit: Visit) -> Act:
    """The act that shows them."""

    async def act(_: str) -> None:
        with ui.dialog() as dialog, Tag("div", "sheet"):
            dialog._props["aria-label"] = "Keys"  # noqa: SLF001
            Tag("h2", "", "Keys")
            with Tag("div", "keys"):
                for title, keys in KEYS.items():
                    with Tag("div"):
                        Tag("h3", "part-title", title)
                        for key, words in keys.items():
                            with Tag("p", "key-row"):
                                Tag("kbd", "", key)
                                Tag("span", "", words)
            widgets.button("Close", "close-dialog", look="primary")
        dialog.open()
        dialog.on("hide", dialog.delete)
        visit.acts["close-dialog"] = _closing(dialog)

    return act


def _closing(dialog: ui.dialog) -> Act:
    async def act(_: str) -> None:
        dialog.close()

    return act

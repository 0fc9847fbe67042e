"""Files that a person chooses: they go up at once, and wait on the page for what they are sent with.

The page's script uploads each by the API, and tells the list under a name, as it tells what is written.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from api.console.parts import attached, widgets
from api.console.parts.widgets import Tag, Tone
from memory.files.message_files import MOST_OF_MESSAGE

FILES = "files"
"""Under what name the list stands beside the texts of a draft."""
MOST_TOLD_CHARS = 300
Json = dict[str, Any]


def chosen(told: str) -> list[Json]:
    """The list as the page tells it: [{"id", "name", "size"}]. What is no such thing is left out."""
    try:
        found = json.loads(told or "[]")
    except ValueError:
        return []
    return [one for one in found if _is_file(one)] if isinstance(found, list) else []


def _is_file(one: Any) -> bool:
    kinds = {"id": str, "name": str, "size": int}
    return isinstance(one, dict) and all(isinstance(one.get(key), kinds[key]) for key in kinds)


def leave_out(name: str, files: Sequence[Json], file_id: str) -> str:
    """The list without one of them, as the page keeps it under its name from now on."""
    kept = json.dumps([one for one in files if one["id"] != file_id])
    ui.run_javascript(f"deskKeep({name!r}, {kept!r})")
    return kept


def draw(box: Tag, files: Sequence[Json]) -> None:
    """What was chosen, in place of what stood there: name, size, and a way to leave it out."""
    box.clear()
    with box:
        _list(files)


def _list(files: Sequence[Json]) -> None:
    if not files:
        return
    with Tag("ul", "files", aria_label="Files that go with it"):
        for one in files:
            with Tag("li", "file"):
                widgets.icon("attach_file")
                Tag("span", "", one["name"])
                Tag("span", "muted", attached.size(one["size"]))
                label = f"Leave out {one['name']}"
                widgets.button(
                    "", "detach", arg=one["id"], look="icon", symbol="close", label=label
                )


def control(name: str) -> None:
    """The button that opens the system's window for files."""
    with Tag("button", "btn", type="button", data_attach=name, data_most=str(MOST_OF_MESSAGE)):
        widgets.icon("attach_file")
        Tag("span", "", "Attach")


def acts(notify: Callable[[str, Tone], None]) -> dict[str, Callable[[str], Awaitable[None]]]:
    """What the page's script reports while files go up; `notify` tells the person."""

    async def begun(name: str) -> None:
        notify(f"{name[:MOST_TOLD_CHARS]} is being uploaded", "")

    async def refused(why: str) -> None:
        notify(why[:MOST_TOLD_CHARS], "bad")

    async def waiting(_: str) -> None:
        notify("A file is still being uploaded: send once it is there", "warn")

    return {"file-begun": begun, "file-refused": refused, "file-waiting": waiting}

"""Files of a message: saved from here, never shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.console.parts import widgets
from api.console.parts.widgets import Tag

DANGERS: Mapping[str, str] = {
    "program": "A program: do not open it.",
    "macros": "May run macros: open it only in a protected view.",
    "page": "A web page or drawing that may run scripts: do not open it in a browser.",
    "archive": "An archive: its contents have not been checked.",
    "disguised": "Its name does not fit what it is: do not open it.",
}
NOT_HERE: Mapping[str, str] = {
    "elsewhere": "stays in the helpdesk",
    "too_large": "too large to be kept here",
    "too_many": "not kept: too many files",
    "no_room": "not kept: the desk's room for files is full",
}
THOUSAND = 1_000


def draw(files: Sequence[Mapping[str, Any]]) -> None:
    """One line for each file: its name as a link, its kind and size, and what to beware of."""
    if not files:
        return
    with Tag("ul", "files", aria_label="Files"):
        for one in files:
            with Tag("li", "file"):
                widgets.icon("attach_file")
                _name(one)
                about = f"{one['media_type']}, {size(one['size'])}"
                missing = NOT_HERE.get(one["kept"])
                Tag("span", "muted", f"{about}, {missing}" if missing else about)
                if one["danger"]:
                    Tag("strong", "file-danger", DANGERS[one["danger"]])


def told(files: Sequence[Mapping[str, Any]]) -> None:
    """One line for each file that is to leave: its name and size."""
    for one in files:
        with Tag("p", "becomes"):
            widgets.icon("attach_file")
            Tag("span", "", f"{one['name']}, {size(one['size'])}")


def _name(one: Mapping[str, Any]) -> None:
    if one["url"]:
        Tag("a", "inline", one["name"], href=one["url"], download=one["name"])
    elif one["link"]:
        Tag(
            "a", "inline", one["name"], href=one["link"], target="_blank", rel="noopener noreferrer"
        )
    else:
        Tag("span", "", one["name"])


def size(count: int) -> str:
    """Bytes as people say them: 812 bytes, 3.4 kB, 12.0 MB."""
    if count < THOUSAND:
        return f"{count} bytes"
    amount = count / THOUSAND
    return f"{amount:.1f} kB" if amount < THOUSAND else f"{amount / THOUSAND:.1f} MB"

"""What somebody wrote, with what the agent did not read of it folded up: quotations, signatures, footers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from api.console.parts.widgets import Tag
from graph.text.mail.set_aside import LineSpan, set_aside

MOST_CHARS = 20_000
"""A longer message is shown as it is: to tell what was read of it takes too long for a page."""
MESSAGES_KEPT = 256
"""Messages of which it is remembered."""


@lru_cache(MESSAGES_KEPT)
def _unread(text: str, subject: str) -> tuple[LineSpan, ...]:
    return tuple(set_aside(text, subject)) if len(text) <= MOST_CHARS else ()


async def prepare(messages: Iterable[Mapping[str, Any]], subject: str) -> None:
    """Find out, beside the loop, what `draw` is going to need: some milliseconds for each message."""
    texts = [str(one["text"]) for one in messages if one["role"] == "customer"]
    await asyncio.to_thread(lambda: [_unread(text, subject) for text in texts])


def draw(message: Mapping[str, Any], subject: str) -> None:
    """The text of a message; of a customer's, each part that was not read opens on a click."""
    text = str(message["text"])
    lines, at = text.split("\n"), 0
    for first, last in _unread(text, subject) if message["role"] == "customer" else ():
        _read(lines[at:first])
        _folded(lines[first : last + 1])
        at = last + 1
    _read(lines[at:])


def _read(lines: list[str]) -> None:
    if said := "\n".join(lines).strip("\n"):
        Tag("div", "text", said)


def _folded(lines: list[str]) -> None:
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    with Tag("details", "unread-part"):
        Tag("summary", "", f"Not read by the agent: {count}")
        Tag("div", "text", "\n".join(lines))

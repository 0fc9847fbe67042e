"""What was said on a ticket, oldest first."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from api.console.parts import attached, said, threads, widgets, words
from api.console.parts.widgets import Tag

Json = dict[str, Any]


def draw(ticket: Json, where: ZoneInfo) -> None:
    """The messages of a ticket; what people wrote is text, whatever it looks like."""
    with Tag("div", "messages bare"):
        for message in ticket["messages"]:
            with Tag("article", f"message {message['role']}"):
                with Tag("header", "message-head"):
                    Tag("strong", "", _who(message, ticket))
                    if message["kind"] not in {"message", "reply"}:
                        widgets.badge(
                            words.KINDS.get(message["kind"]) or words.plain(message["kind"])
                        )
                    threads.delivery(message)
                    Tag("time", "", words.clock(message["at"], where))
                said.draw(message, ticket["subject"])
                attached.draw(message["files"])
                if message["citations"]:
                    with Tag("div", "sources"):
                        for source in message["citations"]:
                            Tag("span", "source", source.get("title") or source["source"])


def _who(message: Json, ticket: Json) -> str:
    if message["kind"] == words.REPORTS:
        return words.REPORTER
    named = ticket["customer_name"] if message["role"] == "customer" else None
    return str(message["author"] or named or words.WHO.get(message["role"], message["role"]))

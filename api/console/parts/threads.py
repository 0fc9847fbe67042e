"""What others wrote in a ticket's mail thread, and what of ours has not arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from api.console.parts import widgets, words
from api.console.parts.widgets import Tag


def draw(found: Sequence[dict[str, Any]], where: ZoneInfo) -> None:
    """What others wrote in the same mail thread, each a ticket of its own."""
    for one in found:
        with Tag("a", "past", href=f"/console/tickets/{one['id']}"):
            Tag("span", "", f"In the same thread: {one['customer'] or 'somebody'}")
            outcome, _ = words.standing(one)
            Tag(
                "span",
                "muted",
                f"{one['title']}, {outcome}, {words.clock(one['created_at'], where)}",
            )


def delivery(message: dict[str, Any]) -> None:
    """A word beside a message of ours that has not arrived, or not yet."""
    came = str(message.get("delivery") or "")
    if came in words.DELIVERY:
        widgets.badge(words.DELIVERY[came], "info" if came in words.LATE else "bad")

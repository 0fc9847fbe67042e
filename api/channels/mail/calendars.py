"""Answers that a calendar gives by itself: somebody has accepted, declined, or called a meeting off."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage

from api.channels.mail import mime

CALENDAR = "text/calendar"
ANSWERS = frozenset({"reply", "cancel", "refresh", "declinecounter"})
"""Methods of RFC 5546 by which nobody is asked anything."""
NOTE = {"Precedence": "auto_reply"}
"""Stands with such a mail: nobody answers it."""


def is_answer(parts: Iterable[EmailMessage], text: str) -> bool:
    """Whether a calendar says all of it: what a person wrote beside it is read."""
    methods = (
        mime.parameter(part, "method").lower()
        for part in parts
        if mime.content_type(part) == CALENDAR
    )
    return not text.strip() and any(method in ANSWERS for method in methods)

"""Moments, spans and codes as people say them. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.console.parts.widgets import Tone
from graph.reasons import brief_words
from memory.patterns import Match, linear
from memory.tables import now

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SOON_SECONDS = 30 * MINUTE
"""From here on the time left is a warning."""
ZONE_COOKIE = "deskhand_zone"
WHO = {"agent": "Deskhand", "customer": "Customer"}
"""Who wrote a message, where no name is known."""
REPORTS = "bounce"
REPORTER = "Delivery"
"""Kind of a message that nobody wrote: it says that one of ours did not arrive; and who says it."""
KINDS = {"notice": "notice", "clarification": "question", "other": "not the customer"}
"""What stands beside a message of a kind."""
LATE = ("wanted", "intended")
DELIVERY = {
    **dict.fromkeys(LATE, "not sent yet"),
    **dict.fromkeys(("failed", "bounced"), "not delivered"),
    "unknown": "may not have arrived",
    "withdrawn": "withdrawn, not sent",
}
"""What stands beside a message that has not arrived, or not yet."""
SETTLED = "settled"
_INNER = r"(?:[^\s*`]|[^\s*`][^*`\n]*?[^\s*`])"
_EMPHASIS = linear(
    rf"\*\*(?P<b>{_INNER})\*\*|\*(?P<i>{_INNER})\*|`(?P<c>{_INNER})`|__(?P<u>{_INNER})__"
)
_HEADING = linear(r"^#{1,6} +", multiline=True)
_CODE = linear(
    r"`[^`]*`|\b\w+(?:\.\w+)+|\b[a-z]{2,4}_(?:[0-9][0-9a-z]{15,}|[0-9a-f]{32})\b"
    r"|\b(?P<code>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b"
)
"""Codes, but what has to be written or found as it stands: settings, files, ids."""


def zone(name: str | None) -> ZoneInfo:
    """The browser's time zone as its cookie says it, else UTC."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment(value: str | None) -> datetime | None:
    """A moment of the API."""
    return None if value is None else datetime.fromisoformat(value)


def clock(value: str | None, where: ZoneInfo) -> str:
    """`14:05` today, `22 Nov 14:05` on other days, `22 Nov 2025` in other years."""
    found = moment(value)
    if found is None:
        return ""
    local, today = found.astimezone(where), now().astimezone(where)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%-d %b %H:%M}" if local.year == today.year else f"{local:%-d %b %Y}"


def _rough(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h`, `2 d`: one unit is enough at a glance."""
    if seconds < MINUTE:
        return f"{max(0, int(seconds))} s"
    for unit, name in ((DAY, "d"), (HOUR, "h")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}"
    return f"{int(seconds // MINUTE)} min"


def time_left(item: dict[str, Any]) -> tuple[str, Tone, str]:
    """A badge about the target that is next: text, tone and what it means; empty where none is."""
    first = item.get("responded_at") is None
    until = moment(item.get("due_at") if first else item.get("resolve_by"))
    if until is None or item["status"] in {"decided", "closed"}:
        return "", "", ""
    seconds = (until - now()).total_seconds()
    what = "the first answer" if first else "the resolution"
    if seconds < 0:
        return f"{_rough(-seconds)} late", "bad", f"{what} was due {_rough(-seconds)} ago"
    tone: Tone = "warn" if seconds < SOON_SECONDS else ""
    return f"{_rough(seconds)} left", tone, f"{what} is due in {_rough(seconds)}"


def plain(code: str | None) -> str:
    """A code in words: `needs_approval` becomes `needs approval`."""
    return "" if code is None else code.replace("_", " ")


def readable(sentence: str) -> str:
    """A sentence of the journal with the codes of tools and intents in words."""
    return _CODE.sub(lambda found: plain(found["code"]) or found.group(), sentence)


def why(reason: str | None) -> str:
    """Why a person has a ticket, in a few words: for lists, where a sentence is too long."""
    return "" if reason is None else brief_words(reason)


def narrowed(name: str, value: str) -> str:
    """A value that the queue is narrowed by, in words."""
    return why(value) if name == "reason" else plain(value)


def standing(ticket: dict[str, Any]) -> tuple[str, Tone | None]:
    """How a ticket stands, and its tone if its answer has not arrived, or not yet."""
    came, outcome = str(ticket.get("delivery") or ""), ticket["outcome"]
    if outcome is None and ticket["status"] == SETTLED and came in DELIVERY:
        return DELIVERY[came], "info" if came in LATE else "bad"
    return plain(outcome or ticket["status"]), None


def capital(text: str) -> str:
    """With a capital to begin with."""
    return f"{text[:1].upper()}{text[1:]}"


def cut(text: str, most: int) -> str:
    """Its beginning, up to a whole word, where it is longer; on one line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return f"{line[:most].rsplit(' ', 1)[0]} …"


def argument(value: object, unit: str) -> str:
    """An argument of an action as people write it: 48 EUR, not 48.0."""
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f} {unit}".strip() if whole else f"{value} {unit}".strip()


def action(proposed: dict[str, Any]) -> str:
    """What is proposed: its name, and what tells it from another of that name, as "Refund INV-7, 48 EUR"."""
    told = [
        argument(value, proposed["units"].get(name, ""))
        for name, value in proposed["arguments"].items()
        if name in proposed["units"] or (isinstance(value, str) and len(value.split()) == 1)
    ]
    return f"{capital(plain(proposed['tool']))} {', '.join(told)}".strip()


def unmarked(text: str) -> str:
    """Markdown without its marks of emphasis, code and headings; the rest stays as it is."""
    return _HEADING.sub("", _EMPHASIS.sub(lambda match: _without_marks(text, match), text))


def _without_marks(text: str, match: Match) -> str:
    """What stands between two marks, unless they are within a word: `2*3*4`, `__init__`."""
    before = text[max(0, match.start() - 1) : match.start()]
    after = text[match.end() : match.end() + 1]
    within = _wordlike(after) or (match.group("u") is not None and _wordlike(before))
    inner = next((one for name in "bicu" if (one := match.group(name)) is not None), "")
    return match.group() if within else inner


def _wordlike(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


SURE, UNSURE = 0.75, 0.5
"""From the first on a confidence looks good; below the second it looks bad."""


def sureness(value: float) -> Tone:
    """The colour of a confidence."""
    if value >= SURE:
        return "good"
    return "warn" if value >= UNSURE else "bad"


def percent(value: float | None) -> str:
    """`61 %`, empty for nothing."""
    return "" if value is None else f"{value * 100:.0f} %"

"""Whether something is sent to a country: only what tells of places answers that.

"Do you ship to Canada?" is not answered by when one ships, however near that is.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

from babel import Locale

from memory.patterns import linear

MOST_NAMES = 200
"""Names of a text that are compared with those of countries."""
_SENDS = r"\b(?:ship|deliver|send|sent|dispatch|post|mail|transport)\w*\b"
_SENT = linear(
    rf"{_SENDS}[^.?!]{{0,60}}\b(?:(?:to|in|into|within|outside) (?:the )?(?P<place>\p{{Lu}}[\p{{L}}.’]*(?: (?:and |of )?\p{{Lu}}\p{{L}}+)?)"
    r"|(?P<away>abroad|overseas|worldwide|internationally|other countries|my country))",
)
_SENDING = linear(_SENDS, ignore_case=True)
_PLACES = linear(
    r"\bcountr(?:y|ies)\b|\b(?:abroad|overseas|worldwide|international\w*|anywhere|everywhere|nationwide)\b",
    ignore_case=True,
)
_NAME = linear(r"\p{Lu}[\p{L}.]*(?: \p{Lu}\p{L}+)*")
_SHORT = frozenset(
    "us usa u.s. u.s.a. uk u.k. eu america england scotland wales europe states".split()
)


def asks_whither(ask: str) -> bool:
    """Whether it asks if something is sent to a country.

    >>> asks_whither("Do you ship clocks to Canada?"), asks_whither("Can you send it to Anna?")
    (True, False)
    """
    found = _SENT.search(ask)
    return found is not None and (found["away"] is not None or _is_country(found["place"] or ""))


def tells_whither(text: str) -> bool:
    """Whether a text tells where things are sent: it speaks of sending, and of countries."""
    if _SENDING.search(text) is None:
        return False
    names = (one.group() for one in islice(_NAME.finditer(text), MOST_NAMES))
    return _PLACES.search(text) is not None or any(map(_is_country, names))


def _is_country(name: str) -> bool:
    return name.lower() in _countries() or name.split(" ", maxsplit=1)[0].lower() in _countries()


@cache
def _countries() -> frozenset[str]:
    names = Locale("en").territories.items()
    return _SHORT | {name.lower() for code, name in names if len(code) == 2}  # noqa: PLR2004

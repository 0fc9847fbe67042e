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
_SENDS = r"\b(?:ship(?:s|ped|ping|ments?)?|deliver(?:s|ed|y|ies|ing)?|sen(?:d|ds|t|ding)|dispatch(?:es|ed|ing)?|post(?:s|ed|ing)?|mail(?:s|ed|ing)?|transport(?:s|ed|ing)?)\b"
_WHETHER = linear(
    r"^(?:[^.?!]{0,60}[,:;] ?)?(?:(?:and|also|so|but|or|please|hi|hello) )*(?:do|does|can|could|will|would|is|are|may)\b|\b(?:if|whether)\b",
    ignore_case=True,
)
_SENT = linear(
    rf"{_SENDS}[^.?!]{{0,60}}\b(?:(?:to|in|into|within|outside) (?:the )?(?P<place>\p{{Lu}}[\p{{L}}.’]*(?: (?:and |of )?\p{{Lu}}\p{{L}}+)?)"
    r"|(?P<away>abroad|overseas|worldwide|internationally|other countries|my country))(?:[?,.;:!)]|$| (?:and|or|too|as|at|for|by|yet|now|please|from|possible)\b)",
)
_NO_THING = linear(
    r"\b(?:data|sms|texts?|e-?mails?|messages?|newsletters?|notifications?|invoices?|bills?|money|payments?|refunds?)\b",
    ignore_case=True,
)
"""What is sent by no carrier, and so is bound to no country by what is said of parcels."""
_OTHERWISE = linear(r"\b(?:when|where|how|why|what|which)\b", ignore_case=True)
"""Asks, or asks also, for more than whether."""
_SENDING = linear(_SENDS, ignore_case=True)
_PLACES = linear(
    r"\bcountr(?:y|ies)\b|\b(?:abroad|overseas|worldwide|international\w*|anywhere|everywhere|nationwide)\b",
    ignore_case=True,
)
_NAME = linear(r"\p{Lu}[\p{L}.]*(?: \p{Lu}\p{L}+)*")
_SHORT = frozenset(
    "us usa u.s u.s.a uk u.k eu america england scotland wales europe states".split()
)


def asks_whither(ask: str) -> bool:
    """Whether it asks if something is sent to a country.

    >>> asks_whither("Do you ship clocks to Canada?"), asks_whither("Can you send it to Anna?")
    (True, False)
    """
    if not _WHETHER.search(ask) or _NO_THING.search(ask) or _OTHERWISE.search(ask):
        return False
    found = _SENT.search(ask)
    return found is not None and (found["away"] is not None or _is_country(found["place"] or ""))


def tells_whither(text: str) -> bool:
    """Whether a text tells where things are sent: it speaks of sending, and of countries."""
    if _SENDING.search(text) is None:
        return False
    names = (one.group() for one in islice(_NAME.finditer(text), MOST_NAMES))
    return _PLACES.search(text) is not None or any(map(_is_country, names))


def _is_country(name: str) -> bool:
    whole = name.lower().rstrip(".")
    return whole in _countries() or whole.split(" ", maxsplit=1)[0].rstrip(".") in _countries()


@cache
def _countries() -> frozenset[str]:
    names = Locale("en").territories.items()
    return _SHORT | {name.lower() for code, name in names if len(code) == 2}  # noqa: PLR2004

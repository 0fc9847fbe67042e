"""Values of records as the desk's locale writes them: dates, and amounts with their two places."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_decimal

MONEY = "#,##0.00"
LONGEST_MOMENT = 40
"""Characters of an ISO moment."""
DATE_CHARS = 10


def locale_of(name: str) -> Locale:
    """The locale of a name such as `en-GB` or `de`. Raises `ValueError` for one that is not known."""
    try:
        return Locale.parse(name.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError(f"{name!r} is not a known locale: write it as en-GB or de") from error


def language_name(code: str) -> str:
    """What a language is called in English, as `Hebrew`; the code where nobody knows it."""
    known = Locale("en").languages
    return str(known.get(code.replace("-", "_")) or known.get(code[:2]) or code)


def in_words(value: Any, locale: str, timezone: str) -> Any:
    """The value as people of the locale read it.

    `2026-11-16` becomes `16 November 2026`, a moment with a zone gets the desk's own time, and 18.0,
    which is what programs write for 18.00, its two places. All else stays as it is.
    """
    if value is None:
        return "unknown"
    if isinstance(value, float) and round(value, 2) == value:
        return format_decimal(value, MONEY, locale=locale_of(locale))
    if isinstance(value, str) and DATE_CHARS <= len(value) <= LONGEST_MOMENT:
        return _moment(value, locale, timezone)
    return value


def _moment(text: str, locale: str, timezone: str) -> str:
    try:
        if len(text) == DATE_CHARS:
            return str(format_date(date.fromisoformat(text), "long", locale=locale_of(locale)))
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = None if found.tzinfo is None else get_timezone(timezone)
    return str(format_datetime(found, "long", tzinfo=zone, locale=locale_of(locale)))

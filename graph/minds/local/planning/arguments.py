"""Finds a tool's arguments in what was said; only values that fit their schema are used."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from jsonschema import Draft202012Validator

from tools.contract import Json, ToolSpec

MOST_CALLS = 3
"""Calls of one tool for one ask, where several values are named."""
MOST_REASON = 200
"""Characters of the customer's words that are quoted as a reason."""

_AMOUNT = re.compile(
    r"(?:(?:€|\$|£|EUR|USD|GBP|CHF)\s?(?P<after>\d[\d.,]*\d|\d))|(?:(?P<before>\d[\d.,]*\d|\d)\s?(?:€|\$|£|EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?)(?!\w))",
    re.IGNORECASE,
)
_AMOUNT_NAME = re.compile(r"amount|price|sum|total|betrag|cost|euro|dollar", re.IGNORECASE)
_REASON_NAME = re.compile(
    r"reason|comment|note|message|description|details|summary|subject|text|why", re.IGNORECASE
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_DAY_MONTH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?\s+(?P<month>{'|'.join(_MONTHS)})[a-z]*|(?P<month2>{'|'.join(_MONTHS)})[a-z]*\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,?\s+(?P<year>\d{4}))?\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w@])", re.IGNORECASE)
_INTEGER = re.compile(r"(?<![\w.,-])\d{1,9}(?![\w-]|[.,]\d)")


def arguments_for(
    tool: ToolSpec, places: Sequence[str], wording: str, *, writes: bool
) -> list[Json]:
    """Complete sets of arguments, at most `MOST_CALLS`; none where a required one is missing.

    `places` are texts to look in, the nearest to the ask first. `wording` is the ask itself.
    """
    found = found_arguments(tool, places, wording, writes=writes)
    if any(name not in found for name in required(tool)):
        return []
    valid = Draft202012Validator(tool.schema_of_arguments)
    rows = itertools.product(
        *([(name, value) for value in values] for name, values in found.items())
    )
    fitting = (dict(row) for row in rows)
    return list(itertools.islice((one for one in fitting if valid.is_valid(one)), MOST_CALLS))


def required(tool: ToolSpec) -> tuple[str, ...]:
    """Names of the arguments that must be given."""
    return tuple(tool.arguments) if tool.required is None else tool.required


def found_arguments(
    tool: ToolSpec, places: Sequence[str], wording: str, *, writes: bool
) -> dict[str, list[Any]]:
    """Values for each argument, from the first place that holds any."""
    found: dict[str, list[Any]] = {}
    for name, schema in tool.arguments.items():
        valid = Draft202012Validator(schema)
        for place in places:
            values = [
                value for value in _unique(_values(name, schema, place)) if valid.is_valid(value)
            ]
            if values:
                found[name] = values
                break
        else:
            default = _default(name, schema, wording, writes=writes)
            if default is not None and valid.is_valid(default):
                found[name] = [default]
    return found


def _unique(values: Iterator[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _default(name: str, schema: Json, wording: str, *, writes: bool) -> Any:
    if "default" in schema:
        return schema["default"]
    free = schema.get("type") == "string" and not {"pattern", "enum", "format"} & set(schema)
    if writes and free and _REASON_NAME.search(name):
        return wording[: min(MOST_REASON, schema.get("maxLength", MOST_REASON))]
    return None


def _values(name: str, schema: Json, text: str) -> Iterator[Any]:
    kind = schema.get("type")
    if "enum" in schema:
        yield from _members(schema["enum"], text)
    elif "pattern" in schema:
        yield from _matches(schema["pattern"], text)
    elif schema.get("format") == "date":
        yield from _dates(text)
    elif schema.get("format") == "email":
        yield from (match.group() for match in _EMAIL.finditer(text))
    elif kind in ("number", "integer"):
        yield from _quantities(f"{name} {schema.get('description', '')}", str(kind), text)


def _members(members: Sequence[Any], text: str) -> Iterator[Any]:
    for member in members:
        words = str(member).replace("_", " ")
        if isinstance(member, str) and re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE):
            yield member


def _matches(pattern: str, text: str) -> Iterator[str]:
    """Substrings that fit the whole pattern, however they are written as to case."""
    inner = pattern.removeprefix("^").removesuffix("$")
    for match in re.finditer(rf"(?<![\w-])(?:{inner})(?![\w-])", text, re.IGNORECASE):
        for value in (match.group(), match.group().upper(), match.group().lower()):
            if re.search(pattern, value):
                yield value
                break


def _dates(text: str) -> Iterator[str]:
    for match in _ISO_DATE.finditer(text):
        yield from _date(*(int(part) for part in match.groups()))
    for match in _DAY_MONTH.finditer(text):
        if match["year"]:  # without a year the date would be a guess
            month = _MONTHS[(match["month"] or match["month2"])[:3].lower()]
            yield from _date(int(match["year"]), month, int(match["day"] or match["day2"]))


def _date(year: int, month: int, day: int) -> Iterator[str]:
    try:
        yield dt.date(year, month, day).isoformat()
    except ValueError:
        return


def _quantities(about: str, kind: str, text: str) -> Iterator[float]:
    if _AMOUNT_NAME.search(about):
        for match in _AMOUNT.finditer(text):
            value = _number(match["after"] or match["before"])
            yield int(value) if kind == "integer" and value.is_integer() else value
    elif kind == "integer":
        yield from (int(match.group()) for match in _INTEGER.finditer(text))


def _number(written: str) -> float:
    """2,100.50 and 2.100,50 alike: the last sign with one or two digits after it is the point."""
    whole, point, part = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", written).groups()  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", whole)
    return float(f"{digits or 0}.{part}") if point else float(digits or 0)

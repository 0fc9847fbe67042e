"""Finds a tool's arguments in what was said; only values that fit their schema are used."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Literal

from jsonschema import Draft202012Validator

from graph.minds.contract import PlanRequest
from graph.record_kinds import called
from graph.state import Ask, Doubt, Step
from graph.text.forms import (
    MOST_FOUND,
    fitting,
    plain_form,
    resembling,
    stands_alone,
    whole_word,
)
from graph.text.money import amounts, doubtful, foreign
from graph.text.requests import asks_how_it_stands
from memory.fingerprints import fingerprint
from memory.patterns import Match, Pattern, linear
from tools.arguments import is_amount, numbers_of, promised_currency
from tools.contract import Json, ToolSpec

Cause = Literal["planned", "replan", "guidance"]
MOST_CALLS = 3
"""Calls of one tool for one ask, where several values are named."""
MOST_REASON = 200
"""Characters of the customer's words that are quoted as a reason."""

_REASON_NAME = linear(
    r"reason|comment|note|message|description|details|summary|subject|text|why", ignore_case=True
)
_ISO_DATE = linear(r"(?P<value>\d{4}-\d{2}-\d{2})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_DAY_MONTH = linear(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?\s+(?P<month>{'|'.join(_MONTHS)})[a-z]*|(?P<month2>{'|'.join(_MONTHS)})[a-z]*\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,?\s+(?P<year>\d{4}))?\b",
    ignore_case=True,
)
_EMAIL = linear(r"(?P<value>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})", ignore_case=True)
_NUMBERED = r" (?:the |our |your )?(?:(?:invoice|order|number|no\.?) ?)*\S*\d\S*"
_COMPARED = linear(
    rf"\b(?:(?:duplicate|double|twin) of|identical (?:to|with)|instead of|rather than|(?:and|but|,) not){_NUMBERED}",
    ignore_case=True,
)
"""A number that another one is told apart from: nothing is to be done with it."""
_COPIED = linear(
    rf"\b(?:(?:copy|repeat|repetition) of|(?:the )?same as){_NUMBERED}", ignore_case=True
)
"""The same where another one stands beside it: "send me a copy of invoice 12" is about that one."""
_ASIDE = linear(r"\([^()]*\)")
"""Says how much something is altogether, beside what is wanted of it."""
_INTEGER = linear(r"(?P<value>\d{1,9})")


def step_of(
    ask: Ask, kind: Literal["search", "tool", "action"], tool: str, arguments: Json, cause: Cause
) -> Step:
    """A step of a plan, known by its tool and arguments."""
    return Step(
        id=fingerprint(tool, arguments),
        ask_id=ask["id"],
        kind=kind,
        tool=tool,
        arguments=arguments,
        cause=cause,
    )


def arguments_for(
    tool: ToolSpec, places: Sequence[str], wording: str, *, writes: bool
) -> list[Json]:
    """Complete sets of arguments, at most `MOST_CALLS`; none where a required one is missing.

    `places` are texts to look in, the nearest to the ask first. `wording` is the ask itself.
    """
    found = found_arguments(tool, places, wording, writes=writes)
    if any(name not in found for name in tool.required_arguments):
        return []
    valid = Draft202012Validator(tool.schema_of_arguments)
    rows = itertools.product(
        *([(name, value) for value in values] for name, values in found.items())
    )
    fitting = (dict(row) for row in rows)
    return list(itertools.islice((one for one in fitting if valid.is_valid(one)), MOST_CALLS))


def found_arguments(
    tool: ToolSpec, places: Sequence[str], wording: str, *, writes: bool
) -> dict[str, list[Any]]:
    """Values for each argument, from the first place that holds any."""
    found: dict[str, list[Any]] = {}
    places = [plain_form(place) for place in places]
    if writes:
        places = [_COMPARED.sub(" ", place) for place in places]
    for name, schema in tool.arguments.items():
        told = [_uncopied(name, schema, place) for place in places] if writes else places
        values = _named(name, schema, told)
        if writes and len(values) > 1 and is_amount(name, schema):
            values = _named(name, schema, [_ASIDE.sub(" ", place) for place in places]) or values
        if writes and is_amount(name, schema) and foreign(places[0], promised_currency(tool)):
            continue  # what it comes to in the tool's own currency, nobody here knows
        if writes and len(values) > 1 and is_amount(name, schema):
            continue  # one wish proposes one action, and which amount it is for is not said
        valid = Draft202012Validator(schema)
        default = None if values else _default(name, schema, wording, writes=writes)
        if values:
            found[name] = values
        elif default is not None and valid.is_valid(default):
            found[name] = [default]
    return found


def _uncopied(name: str, schema: Json, place: str) -> str:
    left = _COPIED.sub(" ", place)
    return left if left == place or _named(name, schema, [left]) else place


def _named(name: str, schema: Json, places: Sequence[str]) -> list[Any]:
    """Values of the nearest place that has any; none where a nearer one leaves them in doubt."""
    valid = Draft202012Validator(schema)
    near: str | None = None
    for place in places:
        values = [one for one in _unique(_values(name, schema, place)) if valid.is_valid(one)]
        if values:
            return [one for one in values if near is None or str(one).endswith(near)]
        if is_amount(name, schema) and doubtful(place):
            return []
        near = near or (resembling(schema["pattern"], place) if "pattern" in schema else None)
    return []


def doubts(tool: ToolSpec, places: Sequence[str]) -> dict[str, str]:
    """What was written that is nearly a value of a required argument, by the argument's name."""
    plain = [plain_form(place) for place in places]
    near: dict[str, str] = {}
    for name in tool.required_arguments:
        schema = tool.arguments.get(name, {})
        if "pattern" not in schema or _named(name, schema, plain):
            continue
        found = (resembling(schema["pattern"], place) for place in plain)
        if (said := next((one for one in found if one), None)) is not None:
            near[name] = said
    return near


def doubts_of(request: PlanRequest, ask: Ask, tool: ToolSpec) -> Iterator[Doubt]:
    """Numbers that are nearly of the tool's form. Masked text: a telephone number is no order.

    Where a record is asked about and no number stands anywhere, the number itself.
    """
    places = [ask["text"], request.guidance, request.screening["masked"]]
    near = doubts(tool, [one for one in places if one])
    if not near and asks_how_it_stands(ask["text"]):
        near = {name: called(tool, name, ask["text"]) for name in numbers_of(tool)}
    for argument, said in near.items():
        yield Doubt(ask_id=ask["id"], tool=tool.name, argument=argument, said=said)


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
        yield from fitting(schema["pattern"], text)
    elif schema.get("format") == "date":
        yield from _dates(text)
    elif schema.get("format") == "email":
        yield from (match.group(1) for match in _alone(_EMAIL, text))
    elif kind in ("number", "integer"):
        yield from _quantities(name, schema, text)


def _members(members: Sequence[Any], text: str) -> Iterator[Any]:
    for member in members:
        if isinstance(member, str) and whole_word(member.replace("_", " ")).search(text):
            yield member


def _dates(text: str) -> Iterator[str]:
    for match in _alone(_ISO_DATE, text):
        yield from _date(*(int(part) for part in match.group(1).split("-")))
    for match in islice(_DAY_MONTH.finditer(text), MOST_FOUND):
        if match["year"]:  # without a year the date would be a guess
            month = _MONTHS[(match["month"] or match["month2"])[:3].lower()]
            yield from _date(int(match["year"]), month, int(match["day"] or match["day2"]))


def _date(year: int, month: int, day: int) -> Iterator[str]:
    try:
        yield dt.date(year, month, day).isoformat()
    except ValueError:
        return


def _quantities(name: str, schema: Json, text: str) -> Iterator[float]:
    whole = schema["type"] == "integer"
    if is_amount(name, schema):
        for value in amounts(text):
            yield int(value) if whole and value.is_integer() else value
    elif whole:
        yield from (int(match.group(1)) for match in _alone(_INTEGER, text))


def _alone(pattern: Pattern, text: str) -> Iterator[Match]:
    """The first places that fit and are neither the end nor the beginning of something longer."""
    found = islice(pattern.finditer(text), MOST_FOUND)
    return (match for match in found if stands_alone(text, match.span(1)))

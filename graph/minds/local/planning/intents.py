"""The intent of one ask, where the number of a record would hide it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graph.desk.model import Desk
from graph.minds.contract import PlanRequest
from graph.minds.local.planning.candidates import Candidate
from graph.minds.local.planning.forbidding import ANEW
from graph.state import Classification
from graph.text.forms import fitting, plain_form
from graph.text.requests import QUESTION, WISHED, asks_a_way, strength
from tools.arguments import numbers_of
from tools.contract import ToolSpec

Decide = Callable[[str], Classification]


def intent_of(request: PlanRequest, one: Candidate, decide: Decide, *, alone: bool) -> str | None:
    """By its own words; an ask that says too little has the intent of the whole.

    `alone`: it is all that the message asks.
    """
    desk, whole = request.desk, request.classification["intent"]
    told = " ".join((*one.context, one.text))
    found = whole if alone else decide(one.text)["intent"] or decide(told)["intent"] or whole
    return _wanted_of_record(one.text, found, desk, decide) or _likeliest(
        one.text, told, desk, decide
    )


def _wanted_of_record(text: str, intent: str | None, desk: Desk, decide: Decide) -> str | None:
    """`intent`, or another that is sure once the record's number is left out of `text`.

    The number says which record is meant, and not what is wanted of it: "my money for INV-2026-0001
    back" is no question about invoices. The other intent must have a tool for such a number.
    """
    numbers = dict(_numbers(text, desk))
    if not numbers:
        return intent
    rest = plain_form(text)
    for number in numbers:
        rest = rest.replace(number, "it")
    named = decide(rest)
    sure = named["intent"] is not None and named["confidence"] >= ANEW
    if sure and _takes(desk, named["intent"], numbers):
        return named["intent"]
    if _takes(desk, intent, numbers) or not QUESTION.search(text.strip()) or asks_a_way(text):
        return intent
    ranked = [one["name"] for one in decide(text)["ranked"]]
    taking = (one for one in ranked if _takes(desk, one, numbers) and not _writes(desk, one))
    return next(taking, intent)  # how the record stands is asked, whatever else it sounds like


def _likeliest(text: str, told: str, desk: Desk, decide: Decide) -> str | None:
    """What is wished of a record that was told of before, as in "I want it back"; None if no record was.

    Only the intent that comes first of all, and only if it has a tool for the record's number.
    """
    numbers = dict(_numbers(told, desk))
    ranked = decide(text)["ranked"] if numbers and strength(text) == WISHED else []
    first = ranked[0]["name"] if ranked else None
    return first if _takes(desk, first, numbers) else None


def _numbers(text: str, desk: Desk) -> Iterator[tuple[str, str]]:
    """The numbers of records in a text, and the pattern of each."""
    plain = plain_form(text)
    for tool in desk.tools:
        for pattern in _patterns(tool):
            yield from ((number, pattern) for number in fitting(pattern, plain))


def _patterns(tool: ToolSpec) -> list[str]:
    return [tool.arguments[name]["pattern"] for name in numbers_of(tool)]


def _writes(desk: Desk, name: str) -> bool:
    """Whether a tool of the intent changes something: nobody who asks wants that."""
    return any((tool := desk.tool(one)) and tool.effect == "write" for one in desk.tools_of(name))


def _takes(desk: Desk, name: str | None, numbers: dict[str, str]) -> bool:
    """Whether a tool of the intent is for one of the numbers."""
    intent = None if name is None else desk.intent(name)
    tools = [] if intent is None else [desk.tool(one) for one in intent.tools]
    known = {pattern for tool in tools if tool is not None for pattern in _patterns(tool)}
    return bool(known & set(numbers.values()))

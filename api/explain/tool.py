"""Why was this tool called, and why so often? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.explain.requests import Request, by_name
from api.explain.words.errors import error_words
from api.explain.words.phrases import plain, span
from api.explain.words.steps import asked_words
from memory.journal import events
from memory.journal.codes import CallStatus, MindDecision
from memory.journal.events import Record
from memory.tool_names import SEARCH

TIMES = {1: "once", 2: "twice"}


def about_tools(records: Sequence[Record], tool: str | None) -> list[str]:
    """Each tool and model with the reasons for its requests; of one of them where `tool` says."""
    found = by_name(records)
    if tool is None:
        return [line for name, asked in found.items() for line in _told(name, asked, records)] or [
            "No tool was called."
        ]
    if tool not in found:
        there = ", ".join(found) or "none"
        return [f"{tool} was not called; the calls were to: {there}."]
    return _told(tool, found[tool], records)


def _told(name: str, asked: Sequence[Request], records: Sequence[Record]) -> list[str]:
    made = [one for one in asked if one.made]
    left = [one for one in asked if not one.made]
    lines = [_made(name, made)] if made else [f"{shown(name)} was not called after all."]
    if left:
        lines.append(_left(left))
    if permission := _permission(name, records):
        lines.append(permission)
    if ended := _ended(name, records):
        lines.append(ended)
    return lines


def _made(name: str, made: Sequence[Request]) -> str:
    if len(made) == 1:
        return f"{shown(name)} was called once: {made[0].why}."
    needed = sum(one.needed for one in made)
    text = f"{shown(name)} was called {times(len(made))}"
    if 0 < needed < len(made):
        text += f" for a request that needed {needed}"
    return f"{text}: {clauses(made)}."


def clauses(made: Sequence[Request]) -> str:
    """`1 planned for the ask a1; 2 retries ...`: equal reasons counted, in order."""
    counted: dict[str, int] = {}
    for one in made:
        counted[one.why] = counted.get(one.why, 0) + 1
    return "; ".join(f"{number} {_plural(why, number)}" for why, number in counted.items())


def _plural(why: str, number: int) -> str:
    first, _, rest = why.partition(" ")
    if first not in {"a", "an"}:
        return why
    noun, comma, clause = rest.partition(",")
    words = {"retry": "retries", "repair": "repairs", "new draft": "new drafts"}
    return f"{words.get(noun, noun) if number > 1 else noun}{comma}{clause}"


def _left(left: Sequence[Request]) -> str:
    return f"Besides, {clauses(left)}."


def _permission(name: str, records: Sequence[Record]) -> str:
    """Which intent allowed it."""
    plans = (one.event for one in records if isinstance(one.event, events.StepPlanned))
    intents = sorted({plan.intent for plan in plans if plan.tool == name and plan.intent})
    if not intents or name == SEARCH:
        return ""
    named = " and ".join(plain(intent) for intent in intents)
    return f"The desk lets the intent {named} use it."


def _ended(name: str, records: Sequence[Record]) -> str:
    """How the last call of it ended, where it did not end well."""
    told = (one.event for one in records)
    calls = [call for call in told if isinstance(call, events.CALLS) and call.name == name]
    if not calls or calls[-1].outcome in {CallStatus.OK, CallStatus.SUPPRESSED}:
        return ""
    last = calls[-1]
    took = f" after {span(last.duration_ms / 1000)}" if last.duration_ms else ""
    why = f": {error_words(last.error)}" if last.error else ""
    return f"In the end it brought nothing{took}{why}."


def shown(name: str) -> str:
    """A tool by its name, a mind by what it was asked for."""
    family, _, decision = name.partition(":")
    who = {"model": "The model", "local": "The local mind"}.get(family)
    return f"{who} ({asked_words(MindDecision(decision))})" if who and decision else name


def times(number: int) -> str:
    """`once`, `twice`, `4 times`."""
    return TIMES.get(number, f"{number:,} times")

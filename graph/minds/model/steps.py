"""Steps that a model wants, against what the desk permits and what was really said.

Nothing in a ticket or in evidence can add a tool, since the tools come from the desk's intents,
nor an argument, since arguments must stand in the customer's or a colleague's words or in a
result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.desk.model import Desk
from graph.minds.contract import PlanRequest
from graph.minds.local.planning.arguments import Cause, found_arguments, step_of
from graph.minds.model.answers import AnswerInvalid
from graph.minds.model.shapes import ToolUse
from graph.state import Ask, Step
from memory.journal.codes import Wrong
from memory.tool_names import SEARCH
from tools.checks.schema import Shape, oversized
from tools.contract import Json, ToolSpec


@dataclass(frozen=True)
class Said:
    """The texts that arguments may come from, the nearest first."""

    places: Sequence[str]

    @classmethod
    def of(cls, request: PlanRequest) -> Said:
        """What the customer and a colleague wrote and what tools answered; never an article."""
        customer = [one["text"] for one in request.conversation if one["role"] == "customer"]
        answers = [result["answer"] for result in request.results if result["answer"]]
        near = [request.screening["text"], request.guidance]
        return cls([place for place in (*near, *reversed(customer), *answers) if place])

    def holds(self, value: Any) -> bool:
        """Whether the value was said, in these characters."""
        whole = re.compile(rf"(?<!\w){re.escape(str(value))}(?!\w)", re.IGNORECASE)
        return value != "" and any(whole.search(place) for place in self.places)


def cause_of(request: PlanRequest) -> Cause:
    """Why these steps are planned."""
    if request.guidance:
        return "guidance"
    return "planned" if request.round == 1 else "replan"


def search(ask: Ask, query: str, cause: Cause) -> Step:
    """A search for an ask."""
    return step_of(ask, "search", SEARCH, {"query": query}, cause)


def tools_of(desk: Desk, intent: str | None) -> list[ToolSpec]:
    """What an ask with that intent may use."""
    return [tool for tool in desk.tools if tool.name in desk.tools_of(intent)]


def tool_steps(
    request: PlanRequest, ask: Ask, uses: Sequence[ToolUse], said: Said
) -> Iterator[Step]:
    """The steps but those that wait for an argument; see `lacking`.

    Raises `AnswerInvalid` at the first one that is not allowed.
    """
    permitted = {tool.name: tool for tool in tools_of(request.desk, ask["intent"])}
    for use in uses:
        tool = permitted.get(use.tool)
        if tool is None:
            text = f"{ask['id']}: the intent {ask['intent']!r} may not use that tool."
            raise AnswerInvalid(Wrong.NOT_PERMITTED, text)
        if _waits(tool, use):
            continue
        _check(tool, ask, use.arguments, said)
        kind: Literal["tool", "action"] = "action" if tool.effect == "write" else "tool"
        yield step_of(ask, kind, tool.name, use.arguments, cause_of(request))


def lacking(desk: Desk, uses: Iterable[ToolUse]) -> list[str]:
    """Names of the writes that are asked for and lack an argument, which a record may bring."""
    pairs = ((desk.tool(use.tool), use) for use in uses)
    waiting = (tool.name for tool, use in pairs if tool is not None and _waits(tool, use))
    return list(dict.fromkeys(waiting))


def _waits(tool: ToolSpec, use: ToolUse) -> bool:
    return tool.effect == "write" and not set(tool.required_arguments) <= set(use.arguments)


def _check(tool: ToolSpec, ask: Ask, arguments: Json, said: Said) -> None:
    too_large = oversized(arguments)
    faults = [too_large] if too_large else Shape(tool.schema_of_arguments).faults(arguments)
    if faults:
        raise AnswerInvalid(Wrong.BAD_ARGUMENTS, f"{tool.name}: {'; '.join(faults)}")
    found = found_arguments(tool, said.places, ask["text"], writes=tool.effect == "write")
    invented = [
        name
        for name, value in arguments.items()
        if not _is_known(tool.arguments[name], value, found.get(name, []), said)
    ]
    if invented:
        text = f"{tool.name}: nobody said the value of {', '.join(invented)}; leave the tool out."
        raise AnswerInvalid(Wrong.BAD_ARGUMENTS, text)


def _is_known(schema: Json, value: Any, found: Sequence[Any], said: Said) -> bool:
    """Said, found by the local extractor (which also reads dates and amounts), or a choice."""
    if isinstance(value, list):
        return all(_is_known(schema.get("items", {}), one, found, said) for one in value)
    if isinstance(value, dict):
        return all(_is_known({}, one, found, said) for one in value.values())
    chosen = value is None or isinstance(value, bool) or value in schema.get("enum", ())
    return (
        chosen
        or value in found
        or ("default" in schema and value == schema["default"])
        or (said.holds(value))
    )

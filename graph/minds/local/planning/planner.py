"""The local planner: a ticket into asks, an ask into steps, a failed round into broader ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import Planner, PlanRequest
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.arguments import (
    Cause,
    arguments_for,
    doubts_of,
    found_arguments,
    step_of,
)
from graph.minds.local.planning.asks import split
from graph.minds.local.planning.candidates import Candidate
from graph.minds.local.planning.choices import left_open, which
from graph.minds.local.planning.forbidding import forbids, only_informs, ruled_out, wish
from graph.minds.local.planning.intents import intent_of
from graph.minds.local.planning.mistyped import read_anew
from graph.minds.local.planning.queries import contextual_query, in_articles_words, with_long_forms
from graph.minds.local.planning.referring import FEWEST_WORDS
from graph.record_kinds import in_kinds
from graph.state import Ask, Doubt, MessageRecord, Planned, Step
from graph.text.forms import plain_form
from graph.text.personal_data import masked, personal_data
from graph.text.requests import QUESTION, is_polite
from graph.text.speech.confirming import confirms
from graph.text.typos import Knows
from graph.text.words import content_words, says
from memory.admission import compute
from memory.fingerprints import fingerprint
from memory.sentences import sentences
from memory.tool_names import SEARCH
from tools.contract import Json, ToolSpec

LONGEST_QUERY = 400
"""Characters of a query; what comes after dilutes it."""
MOST_TITLES = 2
"""Titles of a failed round's passages that widen the next query."""
MOST_TERMS = 24


@dataclass(frozen=True)
class _Steps:
    """Steps of one plan and what could not be planned."""

    steps: list[Step]
    lacking: list[str]
    """Writes that were asked for and lack an argument: a person must see to them."""
    waiting: list[str] = field(default_factory=list)
    """Reads that lack an argument, which the record of another read may bring."""
    doubts: list[Doubt] = field(default_factory=list)


class LocalPlanner(Planner):
    """Sentences, conjunctions and lists make the asks; schemas make the arguments."""

    def __init__(self, classifier: LocalClassifier, knows: Knows = lambda _word: True) -> None:
        """`knows`: whether a word is one; without it nothing is taken for mistyped."""
        self._classifier = classifier
        self._knows = knows

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        return await compute(self._plan, request)

    def _plan(self, request: PlanRequest) -> Planned:
        decide = self._classifier.decide
        asks = [read_anew(request, ask, self._knows, decide) for ask in request.asks]
        asks = asks or self._asks(request)
        limits = request.desk.limits
        kept = asks[: limits.asks]
        planned = _one_wish_each(self._steps(request, kept), request.desk, kept)
        steps = planned.steps
        overflow = len(asks) > len(kept) or len(steps) > limits.steps
        return Planned(
            round=request.round,
            asks=kept,
            steps=steps[: limits.steps],
            reason=_reason(request, asks, steps, planned.lacking),
            overflow=overflow,
            lacking=planned.lacking,
            waiting=planned.waiting,
            doubts=planned.doubts,
        )

    def _asks(self, request: PlanRequest) -> list[Ask]:
        found = split(request.screening["masked"], self._differ)
        history = request.conversation[:-1]
        alone, whole, decide = len(found) == 1, request.screening["masked"], self._classifier.decide
        return [
            Ask(
                id=f"ask-{place}",
                text=one.text,
                query=in_articles_words(_query(one, history), request.desk.words),
                intent=wish(
                    whole if alone else one.text,
                    intent_of(request, one, decide, alone=alone),
                    decide,
                ),
            )
            for place, one in enumerate(found, start=1)
        ]

    def _differ(self, left: str, right: str) -> bool:
        one, other = (
            self._classifier.decide(left)["intent"],
            self._classifier.decide(right)["intent"],
        )
        return one is not None and other is not None and one != other

    def _steps(self, request: PlanRequest, asks: Sequence[Ask]) -> _Steps:
        if request.guidance:
            return _guided(request, asks)
        if request.round == 1:
            return _first(request, asks)
        return _again(request, asks)


def _one_wish_each(planned: _Steps, desk: Desk, asks: Sequence[Ask]) -> _Steps:
    """A record is read, and a write proposed, once: for the ask that names it, in that ask's words."""
    texts = {ask["id"]: plain_form(ask["text"]) for ask in asks}
    chosen: dict[str, Step] = {}
    for step in planned.steps:
        tool = None if step["kind"] == "search" else desk.tool(step["tool"])
        wanted = {} if tool is None else _object(tool, step)
        key = step["id"] if step["kind"] != "action" else fingerprint(step["tool"], wanted)
        known = chosen.setdefault(key, step)
        if _said(wanted, texts[step["ask_id"]]) and not _said(wanted, texts[known["ask_id"]]):
            chosen[key] = step
    return replace(planned, steps=list(chosen.values()))


def _object(tool: ToolSpec, step: Step) -> Json:
    return {name: step["arguments"].get(name) for name in tool.required_arguments}


def _said(wanted: Json, text: str) -> bool:
    """Whether the text itself says one of the arguments."""
    return any(isinstance(one, str) and one in text for one in wanted.values())


def _query(one: Candidate, history: Sequence[MessageRecord]) -> str:
    """The ask after what was told before it, bounded, and made to stand alone."""
    told, room = " ".join(one.context), LONGEST_QUERY - len(one.text) - 1
    query = f"{told[-room:]} {one.text}" if told and room > 0 else one.text
    rest = ruled_out(query)[1]  # what is not wanted would be found
    wanted = rest if says(rest, FEWEST_WORDS + 1) else query
    return contextual_query(wanted.strip()[:LONGEST_QUERY], history)


def _first(request: PlanRequest, asks: Sequence[Ask]) -> _Steps:
    """A search for every ask before any tool, so that a bound on steps starves no ask."""
    if language := request.desk.other_language(request.screening["language"]):
        return _Steps([_among(ask, language) for ask in asks], [])
    searches = [_search(request, ask, ask["query"], "planned") for ask in asks]
    tools = [_tool_steps(request, ask, "planned") for ask in asks]
    steps = searches + [step for one in tools for step in one.steps]
    return _Steps(
        steps,
        [name for one in tools for name in one.lacking],
        [name for one in tools for name in one.waiting],
        [doubt for one in tools for doubt in one.doubts],
    )


def _guided(request: PlanRequest, asks: Sequence[Ask]) -> _Steps:
    """What a person said is searched for, alone and with the ask; tools are tried with it."""
    hint = masked(request.guidance, personal_data(request.guidance))[:LONGEST_QUERY]
    found = _Steps([], [])
    for ask in asks:
        found.steps.append(_search(request, ask, hint, "guidance"))
        if ask["text"].lower() not in hint.lower():
            found.steps.append(
                _search(request, ask, f"{ask['text']} {hint}"[:LONGEST_QUERY], "guidance")
            )
        tools = _tool_steps(request, ask, "guidance")
        found.steps.extend(tools.steps)
        found.lacking.extend(tools.lacking)
        found.doubts.extend(tools.doubts)
    return found


def _again(request: PlanRequest, asks: Sequence[Ask]) -> _Steps:
    """Broader searches for the asks without support, and tools that earlier results enable."""
    if request.desk.other_language(request.screening["language"]):
        return _Steps([], [])
    done = {result["step_id"] for result in request.results}
    found = _Steps([], [])
    for ask in asks:
        tools = _tool_steps(request, ask, "replan")
        found.steps.extend(step for step in tools.steps if step["id"] not in done)
        found.lacking.extend(tools.lacking)
        found.doubts.extend(tools.doubts)
        if ask["id"] in request.supported:
            continue
        whole = _told(request.screening["masked"]) if len(asks) == 1 else ask["query"]
        queries = filter(str.strip, _broader(request, ask, whole))  # signs alone are no terms
        searches = (_search(request, ask, query, "replan") for query in queries)
        fresh = next((step for step in searches if step["id"] not in done), None)
        if fresh is not None:
            found.steps.append(fresh)
    return found


def _told(text: str) -> str:
    """What a message tells, without its greetings and thanks, which would be looked for."""
    every = (one.text for one in sentences(text))
    said = " ".join(one for one in every if not (is_polite(one) or confirms(one, answered=False)))
    return " ".join((said or text).split())


def _broader(request: PlanRequest, ask: Ask, whole: str) -> Iterator[str]:
    """Queries from near to far: with the titles found, the ask's bare terms, the whole ticket.

    `whole` is what the ask stands in, without other asks: what answers those does not answer this one.
    """
    titles = list(dict.fromkeys(one["title"] for one in request.found(ask["id"])))[:MOST_TITLES]
    yield ask["query"]  # that ran, unless the ask is read anew
    written = with_long_forms(ask["text"], [one["text"] for one in request.found(ask["id"])])
    if written != ask["text"]:
        yield written
    yield f"{ask['text']} {whole}"[:LONGEST_QUERY]
    yield f"{ask['text']} {' '.join(titles)}"[:LONGEST_QUERY].strip()
    yield " ".join(dict.fromkeys(content_words(whole)[:MOST_TERMS]))


def _search(request: PlanRequest, ask: Ask, query: str, cause: Cause) -> Step:
    return step_of(ask, "search", SEARCH, {"query": in_kinds(query, request.desk)[0]}, cause)


def _among(ask: Ask, language: str) -> Step:
    return step_of(ask, "search", SEARCH, {"query": ask["text"], "among": language}, "planned")


def _tool_steps(request: PlanRequest, ask: Ask, cause: Cause) -> _Steps:
    """Reads first, then proposals of writes, of the tools that the ask's intent may use."""
    places = _places(request, ask)
    found = _Steps([], [])
    idle = forbids(ask["text"]) or only_informs(ask["text"])
    tools = [one for one in _tools(request.desk, ask) if not idle or one.effect != "write"]
    for tool in sorted(tools, key=lambda one: one.effect == "write"):
        writes = tool.effect == "write"
        among = left_open(tool, places, ask["text"]) if writes else []
        sets = [] if among else arguments_for(tool, places, ask["text"], writes=writes)
        kind: Literal["tool", "action"] = "action" if writes else "tool"
        found.steps.extend(step_of(ask, kind, tool.name, one, cause) for one in sets)
        if among:
            found.doubts.append(which(ask, tool, among))
        if among or (writes and not sets and _wanted(tool, ask, places)):
            found.lacking.append(tool.name)
        elif not writes and not sets:
            found.waiting.append(tool.name)
            found.doubts.extend(doubts_of(request, ask, tool))
    # Without a record to come there is nothing to wait for.
    looks_up = any(step["kind"] == "tool" for step in found.steps)
    return found if looks_up else replace(found, waiting=[])


def _tools(desk: Desk, ask: Ask) -> list[ToolSpec]:
    intent = desk.intent(ask["intent"])
    names = () if intent is None else intent.tools
    return [tool for name in names if (tool := desk.tool(name)) is not None]


def _places(request: PlanRequest, ask: Ask) -> list[str]:
    """Where arguments may stand, nearest first: ask, guidance, this message, earlier, results."""
    said = [one["text"] for one in reversed(request.conversation) if one["role"] == "customer"]
    answers = [
        result["answer"]
        for result in request.results
        if result["ask_id"] == ask["id"] and result["answer"]
    ]
    near = [ask["text"], request.guidance, request.screening["text"]]
    return [place for place in (*near, *said, *answers) if place]


def _wanted(tool: ToolSpec, ask: Ask, places: Sequence[str]) -> bool:
    """Whether the customer wants the write done: names its object, and asks no mere question."""
    found = found_arguments(tool, places, ask["text"], writes=False)
    named = any(name in found for name in tool.required_arguments)
    return named and not QUESTION.search(ask["text"].split("please")[0].strip())


def _reason(
    request: PlanRequest, asks: Sequence[Ask], steps: Sequence[Step], lacking: Sequence[str]
) -> str:
    how = (
        "guidance" if request.guidance else "first plan" if request.round == 1 else "broader search"
    )
    words = f"{how}: {len(asks)} asks, {len(steps)} steps"
    return f"{words}; arguments are missing for {', '.join(lacking)}" if lacking else words

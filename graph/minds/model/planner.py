"""The model planner: asks that are quotes, steps that the desk permits, or no plan at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import Planner, PlanRequest
from graph.minds.local.planning.arguments import doubts_of
from graph.minds.local.planning.queries import contextual_query
from graph.minds.model.answers import AnswerInvalid
from graph.minds.model.asking import ModelMind, Question
from graph.minds.model.prompts import Brief, load_prompt
from graph.minds.model.shapes import MOST_QUERY_CHARS, NewPlan, PlannedAsk, TicketPlan
from graph.minds.model.steps import Said, cause_of, lacking, search, tool_steps, tools_of
from graph.state import Ask, Doubt, Planned, Step
from graph.text.personal_data import masked, personal_data
from graph.text.requests import QUESTION
from memory.fingerprints import canonical
from memory.journal.codes import MindDecision, Wrong
from memory.sentences import sentences
from tools.contract import ToolSpec

MOST_EARLIER = 6
"""Earlier messages of the conversation that are shown."""
MOST_RESULTS = 12
"""Results of earlier steps that are shown."""


@dataclass(frozen=True)
class ModelPlanner(ModelMind[Planner], Planner):
    """A chat model names the asks and chooses the steps."""

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        """After the first round the asks and their intents are fixed."""
        question: Question[Any, Planned] = _next(request) if request.asks else first_plan(request)
        return await self.decided(question, lambda plan, _: plan, lambda: self.local.plan(request))


def first_plan(request: PlanRequest) -> Question[TicketPlan, Planned]:
    """What a model is asked in the first round."""
    desk, intents = request.desk, _intents(request)
    tools = {tool.name: tool for name in intents for tool in tools_of(desk, name)}
    brief = Brief()
    brief.add("message", request.screening["masked"])
    _add_earlier(brief, request)
    return Question(
        decision=MindDecision.PLAN,
        prompt=load_prompt("plan"),
        values={
            "company": desk.company,
            "asks": str(desk.limits.asks),
            "steps": str(desk.limits.steps),
            "intents": "\n".join(_intent_in_words(desk, name) for name in intents) or "- (none)",
            "tools": tools_in_words(tools.values()),
        },
        brief=brief,
        shape=TicketPlan,
        check=lambda plan: _planned(
            request,
            _asks_and_steps(request, plan),
            lacking(desk, (use for ask in plan.asks for use in ask.tools)),
        ),
    )


def _next(request: PlanRequest) -> Question[NewPlan, Planned]:
    desk = request.desk
    tools = {tool.name: tool for ask in request.asks for tool in tools_of(desk, ask["intent"])}
    brief = Brief()
    brief.add("message", request.screening["masked"])
    for ask in request.asks:
        brief.add(f"ask {ask['id']}", ask["text"])
    if request.guidance:
        brief.add("guidance", masked(request.guidance, personal_data(request.guidance)))
    _add_results(brief, request)
    return Question(
        decision=MindDecision.PLAN,
        prompt=load_prompt("replan"),
        values={
            "company": desk.company,
            "asks": "\n".join(_ask_in_words(desk, ask) for ask in request.asks),
            "tools": tools_in_words(tools.values()),
        },
        brief=brief,
        shape=NewPlan,
        check=lambda plan: _planned(
            request,
            (list(request.asks), _next_steps(request, plan)),
            lacking(desk, (use for ask in plan.asks for use in ask.tools)),
        ),
    )


def _intents(request: PlanRequest) -> list[str]:
    """What the classifier thinks possible: nothing else may be named, so nothing else permitted."""
    guess = request.classification
    names = [guess["intent"], *(one["name"] for one in guess["ranked"])]
    return [name for name in dict.fromkeys(names) if name is not None]


def _add_earlier(brief: Brief, request: PlanRequest) -> None:
    for message in request.conversation[:-1][-MOST_EARLIER:]:
        text = masked(message["text"], personal_data(message["text"]))
        brief.add(f"earlier, by the {message['role']}", text)


def _add_results(brief: Brief, request: PlanRequest) -> None:
    for result in request.results[-MOST_RESULTS:]:
        answer = result["answer"] or ", ".join(item["title"] for item in result["evidence"])
        shown = masked(answer, personal_data(answer)) or "nothing was found"
        brief.add(f"done: {result['tool']}", f"{canonical(result['arguments'])}\n{shown}")


def _intent_in_words(desk: Desk, name: str) -> str:
    intent = desk.intent(name)
    words = "" if intent is None else intent.description
    names = ", ".join(tool.name for tool in tools_of(desk, name))
    return f"- {name}: {words} Tools: {names or 'none'}."


def _ask_in_words(desk: Desk, ask: Ask) -> str:
    names = ", ".join(tool.name for tool in tools_of(desk, ask["intent"]))
    return f"- {ask['id']}: {names or 'no tools'}"


def tools_in_words(tools: Iterable[ToolSpec]) -> str:
    """Each tool with its arguments' schema."""
    return "\n".join(_tool_in_words(tool) for tool in tools) or "- (none)"


def _tool_in_words(tool: ToolSpec) -> str:
    return (
        f"- {tool.name} ({tool.effect}s): {tool.description} {canonical(tool.schema_of_arguments)}"
    )


def _asks_and_steps(request: PlanRequest, plan: TicketPlan) -> tuple[list[Ask], list[Step]]:
    said, cause = Said.of(request), cause_of(request)
    _all_questions(request, plan)
    asks = [_ask(request, plan, place) for place in range(len(plan.asks))]
    pairs = list(zip(asks, plan.asks, strict=True))
    steps = [search(ask, ask["query"], cause) for ask in asks]
    for ask, wanted in pairs:
        steps += tool_steps(request, ask, wanted.tools, said)
    steps += [search(ask, query, cause) for ask, wanted in pairs for query in wanted.searches]
    return asks, steps


def _in_doubt(request: PlanRequest, asks: Sequence[Ask], steps: Sequence[Step]) -> list[Doubt]:
    """Numbers of records that were asked about and are not given, or not in full."""
    used = {(step["ask_id"], step["tool"]) for step in steps}
    return [
        doubt
        for ask in asks
        for tool in tools_of(request.desk, ask["intent"])
        if tool.effect == "read" and (ask["id"], tool.name) not in used
        for doubt in doubts_of(request, ask, tool)
    ]


def _next_steps(request: PlanRequest, plan: NewPlan) -> list[Step]:
    said, cause = Said.of(request), cause_of(request)
    asks = {ask["id"]: ask for ask in request.asks}
    if any(one.ask_id not in asks for one in plan.asks):
        raise AnswerInvalid(Wrong.UNKNOWN_NAME, f"The asks are {', '.join(asks)}.")
    steps: list[Step] = []
    for wanted in plan.asks:
        ask = asks[wanted.ask_id]
        steps += tool_steps(request, ask, wanted.tools, said)
        steps += [search(ask, query, cause) for query in wanted.searches]
    return steps


def _ask(request: PlanRequest, plan: TicketPlan, place: int) -> Ask:
    wanted = plan.asks[place]
    text = _quoted(request, wanted.quote, f"asks.{place}.quote")
    told = _quoted(request, wanted.context, f"asks.{place}.context") if wanted.context else ""
    query = f"{told} {text}".strip()[-MOST_QUERY_CHARS:]
    return Ask(
        id=f"ask-{place + 1}",
        text=text,
        query=contextual_query(query, request.conversation[:-1]),
        intent=_intent(request, plan, wanted),
    )


def _intent(request: PlanRequest, plan: TicketPlan, wanted: PlannedAsk) -> str | None:
    """A single ask has the ticket's intent, whatever the planner says."""
    if len(plan.asks) == 1:
        return request.classification["intent"]
    if wanted.intent is not None and wanted.intent not in _intents(request):
        text = "An intent is named that this message does not have."
        raise AnswerInvalid(Wrong.UNKNOWN_NAME, text)
    return wanted.intent


def _quoted(request: PlanRequest, words: str, where: str) -> str:
    """The words, if the customer wrote them: a model may choose among them, not add to them."""
    if _plain(words) not in _plain(request.screening["masked"]):
        raise AnswerInvalid(Wrong.NOT_QUOTED, f"{where}: copy the message's own words exactly.")
    return " ".join(words.split())


def _all_questions(request: PlanRequest, plan: TicketPlan) -> None:
    quotes = [_plain(ask.quote) for ask in plan.asks]
    for question in _questions(request):
        if not any(question in quote or quote in question for quote in quotes):
            text = "A question of the message is in no quote."
            raise AnswerInvalid(Wrong.NOT_COVERED, text)


def _questions(request: PlanRequest) -> Iterator[str]:
    for one in sentences(request.screening["masked"]):
        if QUESTION.search(one.text):
            yield _plain(one.text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _planned(
    request: PlanRequest, found: tuple[list[Ask], list[Step]], missing: Sequence[str]
) -> Planned:
    asks, steps = found
    limits = request.desk.limits
    kept = asks[: limits.asks]
    names = {ask["id"] for ask in kept}
    unique = [s for s in {step["id"]: step for step in steps}.values() if s["ask_id"] in names]
    return Planned(
        round=request.round,
        asks=kept,
        steps=unique[: limits.steps],
        reason=f"a model's plan: {len(asks)} asks, {len(unique)} steps",
        overflow=len(asks) > len(kept) or len(unique) > limits.steps,
        lacking=list(missing),
        doubts=_in_doubt(request, kept, unique),
    )

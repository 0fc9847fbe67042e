"""assess: is each ask supported above its threshold, and what follows from that?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph import guidance, not_helped
from graph.checks import other_language
from graph.context import NodeResult, TicketContext
from graph.desk.locale import language_name
from graph.gate import WAYS, Block, Facts, Way, gate
from graph.nodes.weighing import lacking, weighed
from graph.nodes.worth import in_doubt, overdrawn
from graph.reasons import sure
from graph.state import (
    Ask,
    AskAssessment,
    Assessed,
    Doubt,
    MessageRecord,
    Overdrawn,
    Planned,
    StepResult,
    TicketState,
    results_of,
)
from graph.text.asking_back import in_full, not_given, which_one
from graph.text.requests import asks_after_a_thing
from memory.journal.codes import Reason, Verdict
from memory.journal.events import AskWeighed, AssessRan, Event, TicketAssessed

Judged = tuple[str, Reason | None, str]
"""The verdict, the reason's code and the numbers behind it."""
TWICE = 2
VERIFY = "The record's address has to be confirmed by a code."
MAX_QUESTIONS = 1
"""Clarifying questions that a conversation may hold before a person takes it."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Judge every ask by its own results, then the ticket as a whole."""
    planned = state["planned"]
    assert planned is not None
    results, further = not_helped.left_to_say(state, results_of(state))
    if further:
        raised = not_helped.threshold(context.answer_threshold)
        context = replace(context, answer_threshold=raised)
    asks = [
        await _weigh(ask, _doubt(planned, ask, results), results, context)
        for ask in planned["asks"]
    ]
    over = overdrawn(results, context.desk)
    verdict, reason, detail = _verdict(state, context, asks, results, over, helped=not further)
    assessed: Assessed = {
        "verdict": verdict,  # type: ignore[typeddict-item]
        "reason": None if reason is None else reason.value,
        "detail": detail,
        "asks": asks,
    }
    if over:
        assessed["overdrawn"] = over
    if detail == VERIFY:
        assessed["verify"] = True
    told = guidance.account(state, asks, results)
    weighed = (_weighed(ask, results, context) for ask in asks)
    events: tuple[Event, ...] = (*weighed, *told, _whole(assessed))
    return NodeResult({"assessed": assessed}, AssessRan(outcome=Verdict(verdict)), events)


def _doubt(planned: Planned, ask: Ask, results: Sequence[StepResult]) -> Doubt | None:
    """What has to be known first; nothing where a record has come all the same.

    Which of several records is meant is no record's to say.
    """
    found = [one for one in planned.get("doubts", ()) if one["ask_id"] == ask["id"]]
    if any(one["ask_id"] == ask["id"] and one["answer"] for one in results):
        found = [one for one in found if one.get("among")]
    return next(iter(found), None)


async def _weigh(
    ask: Ask, doubt: Doubt | None, results: Sequence[StepResult], context: TicketContext
) -> AskAssessment:
    """By what was found. A number that nobody gave is asked for where nothing else answers."""
    if doubt is not None and _decides(doubt, ask):
        return _in_doubt(ask, doubt, context)
    found = await weighed(ask, results, context)
    if doubt is not None and not found["supported"]:
        found["question"] = not_given(doubt["argument"], _description(doubt, context))
    return found


def _decides(doubt: Doubt, ask: Ask) -> bool:
    """Whether only the record answers, so that its number has to be known."""
    return bool(doubt["said"] or doubt.get("among")) or asks_after_a_thing(ask["text"])


def _description(doubt: Doubt, context: TicketContext) -> str:
    tool = context.desk.tool(doubt["tool"])
    schema = {} if tool is None else tool.arguments.get(doubt["argument"], {})
    return str(schema.get("description", ""))


def _in_doubt(ask: Ask, doubt: Doubt, context: TicketContext) -> AskAssessment:
    """An article is no answer where a record is meant and only its number is in doubt."""
    argument, among, said = doubt["argument"], doubt.get("among", []), doubt["said"]
    described = _description(doubt, context)
    asked = in_full(said, argument, described) if said else not_given(argument, described)
    lacks = f"{argument} is {'left open' if among else 'not given in full'}"
    return {**lacking(ask, lacks, context), "question": which_one(among) if among else asked}


def _verdict(
    state: TicketState,
    context: TicketContext,
    asks: Sequence[AskAssessment],
    results: Sequence[StepResult],
    over: Sequence[Overdrawn],
    *,
    helped: bool,
) -> Judged:
    planned = state["planned"]
    assert planned is not None
    doubted = {one["fingerprint"] for one in over}
    sure = [one for one in results if one["fingerprint"] not in doubted]
    blocked, detail = _by_policy(planned, context) or _by_results(sure) or (None, "")
    lacking = planned.get("lacking")
    facts = Facts(
        blocked=blocked,
        lacking=bool(lacking or over),
        follows=_follows(planned, results),
        may_replan=not over and _may_replan(state, context),
        supported=tuple(ask["supported"] for ask in asks),
        question=bool(asks) and asks[0]["question"] is not None,
        may_ask=_may_ask(state["conversation"]) and helped,
    )
    way = gate(facts)
    if way is Way.LACKING:
        detail = f"{_not_said(lacking)}{_to_ask(planned)}" if lacking else ""
    if way in {Way.LACKING, Way.PROPOSAL}:
        triaged = state.get("triaged")
        said = "" if triaged is None else triaged["screening"]["text"]
        told = (in_doubt(one, context.desk, said) for one in over)
        detail = " ".join(filter(None, [detail, *told]))
    if way is Way.UNSUPPORTED:
        detail = _shortfall(state, asks)
    reason = WAYS[way].reason
    if way is Way.UNSUPPORTED and not helped:
        reason = Reason.NOT_HELPED
    elif way is Way.UNSUPPORTED and (said := other_language(state, context.desk)):
        reason, detail = Reason.LANGUAGE, f"It reads as {language_name(said)}. {detail}"
    return WAYS[way].to, reason, detail


def _not_said(lacking: Sequence[str]) -> str:
    return f"What {' and '.join(map(_words, lacking))} needs is not all said."


def _to_ask(planned: Planned) -> str:
    """The question by which a person learns which of several records is meant."""
    doubts = planned.get("doubts", ())
    return "".join(f" To ask: {which_one(one['among'])}" for one in doubts if one.get("among"))


def _by_policy(planned: Planned, context: TicketContext) -> tuple[Block, str] | None:
    """What the desk gives to a person, and what is more than one turn may take."""
    if person := [ask["intent"] for ask in planned["asks"] if _for_person(ask, context)]:
        return Block.PERSON_ONLY, f"It is about {_words(person[0])}."
    if planned["overflow"]:
        limits = context.desk.limits
        return Block.TOO_MUCH, f"At most {limits.asks} asks, {limits.steps} steps."
    return None


def _by_results(results: Sequence[StepResult]) -> tuple[Block, str] | None:
    """What a person must see: a foreign record first, then a proposal, then a broken tool."""
    broken = [r for r in results if r["status"] in {"failed", "refused", "unknown"}]
    if foreign := [r["tool"] for r in broken if _kind(r) == "not_your_record"]:
        return Block.FOREIGN_RECORD, f"It was asked for by {_words(foreign[0])}."
    if any(_kind(r) == "not_verified" for r in broken):
        return Block.UNVERIFIED, VERIFY
    if proposed := [r["tool"] for r in results if r["status"] == "proposed"]:
        return Block.PROPOSAL, f"Proposed: {', '.join(map(_words, sorted(proposed)))}."
    if short := [r["error"]["message"] for r in broken if r["error"] and _kind(r) == "budget"]:
        return Block.BUDGET, f"{short[0][:1].upper()}{short[0][1:]}."
    if broken:
        return Block.BROKEN_TOOL, f"{_words(broken[0]['tool'])}: {_words(_kind(broken[0]))}."
    return None


def _follows(planned: Planned, results: Sequence[StepResult]) -> bool:
    """Whether a record has come that may bring the argument of a read that depends on it."""
    records = any(one["kind"] == "tool" and one["status"] == "ok" for one in results)
    return records and bool(planned.get("waiting"))


def _may_replan(state: TicketState, context: TicketContext) -> bool:
    planned, plans = state["planned"], (state.get("spent") or {}).get("plan", 0)
    return plans <= context.desk.limits.replans and planned is not None and bool(planned["steps"])


def _shortfall(state: TicketState, asks: Sequence[AskAssessment]) -> str:
    lowest = min((ask for ask in asks if not ask["supported"]), key=lambda ask: ask["confidence"])
    return f"{_how_sure(lowest)}{_effort(state)}"


def _how_sure(ask: AskAssessment) -> str:
    """What a person reads; the journal has the figures."""
    if lacks := ask.get("lacks"):
        return f"{lacks[:1].upper()}{_words(lacks[1:])}."
    if not ask["evidence"]:
        return "No article seems to be about it."
    needed = sure(ask["threshold"])
    return f"The agent is {sure(ask['confidence'])} sure of its best answer; it needs {needed}."


def _effort(state: TicketState) -> str:
    """That it was looked for again; nothing where one plan was enough."""
    plans = (state.get("spent") or {}).get("plan", 0)
    if plans <= 1:
        return ""
    return f" It was looked for {'twice' if plans == TWICE else f'{plans} times'}."


def _for_person(ask: Ask, context: TicketContext) -> bool:
    return context.desk.gives_to_person(ask["intent"])


def _kind(result: StepResult) -> str:
    return "no result" if result["error"] is None else result["error"]["kind"]


def _words(code: str | None) -> str:
    """A code of the desk as people read it."""
    return str(code).replace("_", " ")


def _may_ask(conversation: Sequence[MessageRecord]) -> bool:
    asked = sum(message.get("kind") == "clarification" for message in conversation)
    return asked < MAX_QUESTIONS


def _weighed(
    ask: AskAssessment, results: Sequence[StepResult], context: TicketContext
) -> AskWeighed:
    return AskWeighed(
        outcome="supported" if ask["supported"] else "not supported",
        ask=ask["ask_id"],
        confidence=round(ask["confidence"], 4),
        threshold=ask["threshold"],
        threshold_source=context.threshold_source,
        sources=_sources(ask, results),
        approved=ask.get("approved", False),
    )


def _sources(ask: AskAssessment, results: Sequence[StepResult]) -> tuple[str, ...]:
    """What it would be answered from, best first: articles and tools by name, each once."""
    named = {item["id"]: item["source"] for result in results for item in result["evidence"]}
    return tuple(dict.fromkeys(named[name] for name in ask["evidence"] if name in named))


def _whole(assessed: Assessed) -> TicketAssessed:
    reason = assessed["reason"]
    return TicketAssessed(
        outcome=Verdict(assessed["verdict"]), reason=None if reason is None else Reason(reason)
    )

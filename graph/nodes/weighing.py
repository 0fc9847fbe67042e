"""What answers one ask: its record, articles about such records, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from graph.context import TicketContext
from graph.reasons import compared
from graph.record_kinds import Kind, about, following, in_words
from graph.state import Ask, AskAssessment, Evidence, StepResult
from graph.text.destinations import asks_whither, tells_whither
from graph.text.nothing_asked import hands_over, offers
from graph.text.overdue import overdue, waited_for
from graph.text.records import beyond, of_ones_own, to_be_done
from graph.text.requests import asks_a_way, asks_after_a_thing, asks_more
from memory.knowledge import approved


async def weighed(ask: Ask, results: Sequence[StepResult], context: TicketContext) -> AskAssessment:
    """By its record where it asks how that stands; else by articles about such records."""
    own = [result for result in results if result["ask_id"] == ask["id"]]
    said, kinds = in_words(ask, context.desk)
    records = _records(ask, results, kinds, context)
    if not _wants_more(ask, own):
        if kinds and (part := _untold(said, kinds)):
            return lacking(ask, f"the record does not tell {part!r}", context)
        if records:
            return {
                **unsupported(ask, "a tool gave the record asked for", context),
                "confidence": 1.0,
                "supported": True,
                "evidence": [item["id"] for record in records for item in record["evidence"]],
            }
        if any(one["kind"] == "tool" and one["status"] != "ok" for one in own):
            return lacking(ask, "the record asked for was not given", context)
    if why := _no_question(ask, own):
        return lacking(ask, why, context)
    told: list[StepResult] = [
        {**one, "evidence": _telling(ask, said, kinds, one["evidence"])}
        for one in own
        if one["kind"] != "tool"
    ]
    confidence = await context.minds.assessor.confidence(said, told)
    enough = confidence.value >= context.answer_threshold and not confidence.lacks
    supported = bool(confidence.evidence) and enough
    beside = [item["id"] for one in records for item in one["evidence"]] if supported else []
    known = {"lacks": confidence.lacks} if confidence.lacks else {}
    return {
        **unsupported(ask, "", context),
        **known,  # type: ignore[typeddict-item]
        "confidence": confidence.value,
        "supported": supported,
        "evidence": [*beside, *confidence.evidence],
        "question": None if supported or kinds else confidence.question,
        "why": compared(confidence.value, context.answer_threshold),
        "approved": approved.FEATURE in confidence.features,
    }


def _no_question(ask: Ask, own: Sequence[StepResult]) -> str:
    """Why no article answers it, whatever is found; empty where one may."""
    if offers(ask["text"]):
        return "it offers something"
    if hands_over(ask["query"]):
        return "a person has to enter what it gives"
    late = waited_for(ask["query"]) and overdue(ask["query"], _of_the_best(own))
    return "what the article promises has not come in time" if late else ""


def _of_the_best(results: Sequence[StepResult]) -> list[str]:
    """What was found of the article that was found first."""
    found = [item for one in results for item in one["evidence"] if item["kind"] != "tool"]
    best = max(found, key=lambda item: item["score"], default=None)
    return [one["text"] for one in found if best and one["source"] == best["source"]]


def _telling(
    ask: Ask, said: Ask, kinds: Sequence[Kind], evidence: Sequence[Evidence]
) -> list[Evidence]:
    """Without the passages that are about another thing than the ask."""
    if asks_after_a_thing(ask["text"]) and not kinds:
        return following(said["text"], evidence)
    if asks_whither(ask["text"]) and not kinds:
        return [one for one in evidence if tells_whither(f"{one['heading']} {one['text']}")]
    return about(kinds, evidence)


def unsupported(ask: Ask, why: str, context: TicketContext) -> AskAssessment:
    """An ask that nothing answers, and why."""
    return {
        "ask_id": ask["id"],
        "confidence": 0.0,
        "threshold": context.answer_threshold,
        "supported": False,
        "evidence": [],
        "question": None,
        "why": why,
    }


def lacking(ask: Ask, what: str, context: TicketContext) -> AskAssessment:
    """An ask that nothing would answer, whatever is found, since something is missing."""
    return {**unsupported(ask, f"is 0.00: {what}", context), "lacks": what}


def _records(
    ask: Ask, results: Sequence[StepResult], kinds: Sequence[Kind], context: TicketContext
) -> list[StepResult]:
    """The records that came for it; else those of the ask before it, if it goes on about them."""
    came = [r for r in results if r["kind"] == "tool" and r["status"] == "ok" and r["answer"]]
    own = [one for one in came if one["ask_id"] == ask["id"]]
    intent = context.desk.intent(ask["intent"])
    if own or kinds or intent is None or not of_ones_own(ask["text"]):
        return own
    return [one for one in came if one["tool"] in intent.tools]


def _wants_more(ask: Ask, own: Sequence[StepResult]) -> bool:
    """Whether how a record stands is no answer: a way is asked for, or a deed that nothing proposes."""
    text, proposed = ask["text"], any(one["status"] == "proposed" for one in own)
    return asks_a_way(text) or asks_more(text) or (to_be_done(text) and not proposed)


def _untold(said: Ask, kinds: Sequence[Kind]) -> str:
    return next(filter(None, (beyond(said["text"], one.told, one.noun) for one in kinds)), "")

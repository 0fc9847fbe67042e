"""What a person is offered to send: the draft that may not leave, or a best attempt at one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph.context import TicketContext
from graph.nodes.draft import request_for
from graph.state import AskAssessment, Drafted, TicketState
from memory.handoffs.model import story_of
from memory.journal.codes import Reason
from memory.tables import Handoff


async def suggestion_of(state: TicketState, context: TicketContext) -> dict[str, Any] | None:
    """The draft that failed, or a best attempt from evidence that was not good enough to send."""
    if written := _stopped_words(state):
        return written
    assessed, drafted = state.get("assessed"), state.get("drafted")
    if assessed is None or not state.get("planned"):
        return None
    asks = assessed["asks"]
    if drafted is None and (worth := [ask for ask in asks if _is_worth_it(ask, context)]):
        offered = [_offered(ask, worth=ask in worth) for ask in asks]
        request = replace(request_for(state, context), assessments=offered)
        drafted = await context.minds.writer.write(request)
        asks = worth
    if drafted is None or not _suggestible(drafted, state):
        return None
    return {
        "text": drafted["text"],
        "claims": drafted["claims"],
        "writer": drafted["writer"],
        "confidence": min(ask["confidence"] for ask in asks),
    }


def _stopped_words(state: TicketState) -> dict[str, Any] | None:
    """A person's own reply that did not leave since sending was stopped: it is not lost."""
    failure, decided = state.get("failure"), state.get("decided")
    if failure is None or failure["kind"] != Reason.SENDING_STOPPED or not decided:
        return None
    words = decided["text"]
    return {"text": words, "claims": [], "writer": decided["by"]} if words else None


def _suggestible(drafted: Drafted, state: TicketState) -> bool:
    """A reply with its sources; also a question, where all that it lacks is a person's leave."""
    checked = state.get("checked")
    if checked is not None and checked["verdict"] in {"pass", "suggest"}:
        return True
    return drafted["kind"] == "reply" and bool(drafted["claims"])


def _offered(ask: AskAssessment, *, worth: bool) -> AskAssessment:
    """As the writer sees it: what is worth no draft has no evidence."""
    return {**ask, "supported": worth, "evidence": ask["evidence"] if worth else []}


def _is_worth_it(ask: AskAssessment, context: TicketContext) -> bool:
    """Whether a draft of it would help: below the threshold to suggest a person gets findings instead."""
    limit = min(context.desk.thresholds.suggest, context.answer_threshold)
    return bool(ask["evidence"]) and ask["confidence"] >= limit


def drafted_of(stored: Handoff) -> Drafted | None:
    """The suggestion as a draft, so that approving it delivers it with its sources."""
    suggestion = story_of(stored).suggestion
    if suggestion is None:
        return None
    plain = suggestion.model_dump(mode="json")
    return {
        "attempt": 1,
        "kind": "reply",
        "text": plain["text"],
        "claims": plain["claims"],
        "writer": plain["writer"],
    }

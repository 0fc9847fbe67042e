"""For the person who gets a ticket in another language: which articles are nearest in meaning."""

from __future__ import annotations

from typing import Any

from graph.context import TicketContext
from graph.nodes.gather import result_of
from graph.state import Step, StepResult, TicketState
from memory.fingerprints import fingerprint
from memory.journal.codes import Cause, Reason
from memory.tool_names import SEARCH

ASK = "ask-1"
MOST_QUERY_CHARS = 2_000
WHY = "Nearest in meaning: the question is in another language than the articles."


async def looked_up(state: TicketState, context: TicketContext) -> StepResult | None:
    """A search with the message in its own language; None where that is not why it is handed off."""
    triaged = state.get("triaged")
    if triaged is None or triaged["stop"] != Reason.LANGUAGE:
        return None
    screening = triaged["screening"]
    arguments = {
        "query": screening["masked"][:MOST_QUERY_CHARS],
        "language": screening["language"],
        "limit": context.desk.limits.evidence,
    }
    step: Step = {
        "id": fingerprint(SEARCH, arguments),
        "ask_id": ASK,
        "kind": "search",
        "tool": SEARCH,
        "arguments": arguments,
        "cause": "planned",
    }
    outcome = await context.gateway.call(
        {"tool": SEARCH, "arguments": arguments, "step_id": step["id"], "cause": Cause.HAND_OFF},
        context.caller(),
    )
    return result_of(step, outcome, context.desk)


def parts(found: StepResult, masked: str) -> dict[str, Any]:
    """What the search adds to a handoff's story: the message as an ask, and what was found for it."""
    ask = {"id": ASK, "text": masked, "intent": None}
    names = [item["id"] for item in found["evidence"]]
    return {
        "asks": [ask],
        "assessments": [{"ask_id": ASK, "evidence": names, "why": WHY if names else ""}],
        "tried": [found],
    }

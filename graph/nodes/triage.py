"""triage: what kind of message is this, and may the agent go on at all?"""

from __future__ import annotations

from graph.context import NodeResult, TicketContext
from graph.policies import Reason
from graph.state import Classification, MessageRecord, Screening, TicketState, Triaged
from memory.journal import Entry


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Screen the customer's unanswered messages and name their intent."""
    screening = await context.minds.screener.screen(
        state["subject"] if state["turn"] == 1 else "",
        unanswered(state["conversation"]),
        state["headers"],
    )
    classification = await context.minds.classifier.classify(_wording(state, screening))
    stop, detail = _stop(context, screening, classification)
    intent = context.desk.intent(classification["intent"])
    triaged: Triaged = {
        "screening": screening,
        "classification": classification,
        "priority": "low" if screening["automatic"] else intent.priority if intent else "normal",
        "stop": stop,
        "stop_detail": detail,
    }
    return NodeResult({"triaged": triaged}, outcome=stop or "ok", entries=_decisions(triaged))


def unanswered(conversation: list[MessageRecord]) -> str:
    """The customer's messages since the last one from the desk."""
    texts: list[str] = []
    for message in reversed(conversation):
        if message["role"] != "customer":
            break
        texts.append(message["text"])
    return "\n\n".join(reversed(texts))


def _wording(state: TicketState, screening: Screening) -> str:
    return screening["text"] or state["subject"]


def _stop(
    context: TicketContext, screening: Screening, classification: Classification
) -> tuple[str | None, str]:
    intent = context.desk.intent(classification["intent"])
    if screening["automatic"]:
        return Reason.AUTOMATIC_MAIL, screening["automatic"]
    if screening["injection"] >= context.desk.thresholds.injection:
        limit = context.desk.thresholds.injection
        return Reason.INJECTION, f"Probability {screening['injection']:.2f}, limit {limit:.2f}."
    if screening["language"] not in {context.desk.language, "und"}:
        return Reason.LANGUAGE, f"It reads as {screening['language']!r}."
    if intent is not None and intent.handling == "person":
        return (
            Reason.ALWAYS_PERSON,
            f"Intent {intent.name}, probability {classification['confidence']:.2f}.",
        )
    return None, ""


def _decisions(triaged: Triaged) -> tuple[Entry, ...]:
    screening, guess = triaged["screening"], triaged["classification"]
    return (
        Entry(
            "decision",
            "intent",
            "planned",
            guess["intent"] or "none",
            numbers={"confidence": guess["confidence"], "threshold": guess["threshold"]},
        ),
        Entry(
            "decision",
            "screen",
            "planned",
            triaged["stop"] or "go on",
            numbers={
                "injection": screening["injection"],
                "language": screening["language"],
                "personal_data": len(screening["personal_data"]),
                "truncated": screening["truncated"],
            },
        ),
    )

"""triage: what kind of message is this, and may the agent go on at all?"""

from __future__ import annotations

from graph.context import NodeResult, TicketContext
from graph.policies import Reason
from graph.state import Classification, MessageRecord, Screening, TicketState, Triaged
from memory.identity import MARK
from memory.journal import Entry

FEW_WORDS = 8
"""So many words beside a code are no ask: "Hi, my code is ... Thanks, Ann"."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Screen the customer's unanswered messages and name their intent."""
    screening = await context.minds.screener.screen(
        state["subject"] if _is_first(state) else "",
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
    """The customer's messages since the last one from the desk.

    A code that we asked for is no ask: what was asked before it is, and comes first.
    """
    texts: list[str] = []
    left = list(conversation)
    while left:
        stretch = _last_stretch(left)
        while left and left[-1]["role"] != "customer":
            left.pop()
        texts = [one for text in stretch if (one := _without_code(text))] + texts
        if not any(MARK in text for text in stretch):
            break
    return "\n\n".join(texts)


def _is_first(state: TicketState) -> bool:
    """Whether the first message is among those to be answered, so that its subject counts."""
    texts = [one["text"] for one in state["conversation"] if one["role"] == "customer"]
    return state["turn"] == 1 or all(MARK in text for text in texts[1:])


def _last_stretch(left: list[MessageRecord]) -> list[str]:
    """The customer's last messages in a row, taken off the end."""
    texts: list[str] = []
    while left and left[-1]["role"] == "customer":
        texts.insert(0, left.pop()["text"])
    return texts


def _without_code(text: str) -> str:
    """What else was said beside a code; nothing where it is a word or two around it."""
    if MARK not in text:
        return text
    rest = " ".join(text.replace(MARK, " ").split())
    return rest if "?" in rest or len(rest.split()) > FEW_WORDS else ""


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

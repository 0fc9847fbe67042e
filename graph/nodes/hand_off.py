"""hand_off: put the ticket into a person's hands, with the whole story.

It must work when nothing else does: it calls no mind that it needs, its handoff is written
before anything optional is tried, and no exhausted budget stands in its way.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

from graph.briefing import Briefing, brief, conversation
from graph.context import NodeResult, TicketContext
from graph.nodes.act import foretold
from graph.nodes.deliver import already, outdated
from graph.nodes.foreign import looked_up, parts
from graph.nodes.suggestion import drafted_of, suggestion_of
from graph.nodes.worth import proposals, units_of
from graph.reasons import explain
from graph.state import (
    Acted,
    Checked,
    Failure,
    HandedOff,
    TicketState,
    asks_of,
    intents_of,
    results_of,
)
from graph.steps import in_words
from graph.text.notices import NOTICES
from memory.handoffs.model import Story
from memory.handoffs.outbox import notice_key
from memory.journal.codes import Cause, Limit, Reason
from memory.journal.events import HandOffRan
from memory.storage.errors import Fenced, StorageUnavailable
from memory.tables import AutonomyLevel, EffectStatus, Handoff, HandoffStatus, now
from memory.tickets.messages import Said
from memory.tool_names import NOTIFY
from tools.contract import ToolCall, answered

SIMILAR_TICKETS = 3
"""Settled tickets shown beside a handoff."""
OPTIONAL_SHARE = 0.125
"""Part of the node's time that each of its four optional parts may take."""

SENT: dict[str, str] = {
    EffectStatus.DONE: "The customer already has this reply.",
    EffectStatus.UNKNOWN: "The customer may already have this reply: nobody could confirm it.",
    EffectStatus.INTENDED: "The customer may already have this reply: its sending was cut off.",
}
"""What a person must know before sending the same text, or another one, after it."""

T = TypeVar("T")


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Open the handoff once, then tell the customer once that a person is taking over."""
    reason, detail = why(state)
    sent = await already(state, context)
    ordinal = state.get("handoffs", 0) + 1
    briefing = await brief(state, context, now())
    handoff = Handoff(
        id=handoff_id(context.ticket_id, context.turn, ordinal),
        ticket_id=context.ticket_id,
        tenant=context.tenant,
        turn=context.turn,
        status=HandoffStatus.OPENING,
        reason=reason,
        explanation=" ".join(filter(None, (explain(reason, detail), SENT.get(sent or "")))),
        story=(await story(state, context, briefing, sent)).as_data(),
        **briefing.fields(),
    )
    stored = await context.ledger.open_handoff(handoff)
    notice = _notice(state, await context.as_it_is_now(), reason)
    told = False
    if notice is not None:
        told = bool(await _optional("notice", _tell_customer(notice, context), context, []))
    owed = notice is not None and not told
    if notice is not None and owed:
        await context.ledger.owe(stored, notice)
    handed_off: HandedOff = {
        "handoff_id": stored.id,
        "reason": reason.value,
        "explanation": stored.explanation,
        "owed": owed,
    }
    update: TicketState = {
        "handed_off": handed_off,
        "handoffs": ordinal,
        "drafted": state.get("drafted") or drafted_of(stored),
        "decided": None,
        "failure": None,
    }
    return NodeResult(
        update,
        replace(about(reason, state), detail=detail, customer_told=told),
    )


def why(state: TicketState) -> tuple[Reason, str]:
    """The reason and its numbers, from the part of the state that led here."""
    triaged, assessed = state.get("triaged"), state.get("assessed")
    checked, acted = state.get("checked"), state.get("acted")
    if failure := state.get("failure"):
        return _of_failure(failure)
    if acted is not None and acted["failed"]:
        return Reason.ACTION_FAILED, _of_actions(acted)
    if checked is not None and checked["verdict"] in {"suggest", "hand_off"}:
        return _of_check(checked)
    if assessed is not None and assessed["verdict"] == "hand_off":
        return Reason(assessed["reason"] or Reason.LOW_CONFIDENCE), assessed["detail"]
    if triaged is not None and triaged["stop"] is not None:
        return Reason(triaged["stop"]), triaged["stop_detail"]
    return Reason.NODE_FAILED, "No step left a reason."


def _of_failure(failure: Failure) -> tuple[Reason, str]:
    reason = Reason(failure["kind"])
    said_all = reason is Reason.SENDING_STOPPED
    return reason, "" if said_all else f"{failure['node']}: {failure['message']}"


def _of_actions(acted: Acted) -> str:
    """Whoever reads it must know whether to look at the service before anything is done again."""
    doubt = sorted({one["tool"] for one in acted["actions"] if one["status"] == "unknown"})
    undone = sorted(
        {one["tool"] for one in acted["actions"] if one["status"] not in {"ok", "unknown"}}
    )
    words = [
        f"In doubt, so look there whether it was done: {', '.join(doubt)}." if doubt else "",
        f"Certainly not done: {', '.join(undone)}." if undone else "",
    ]
    return " ".join(one for one in words if one)


def _of_check(checked: Checked) -> tuple[Reason, str]:
    if checked["verdict"] == "suggest":
        return Reason.SUGGEST_ONLY, ""
    return Reason.CHECK_FAILED, "; ".join(sorted({f["detail"] for f in checked["findings"]}))


def about(reason: Reason, state: TicketState) -> HandOffRan:
    """The reason with what it is about, as fields."""
    ran, failure = HandOffRan(outcome=reason), state.get("failure")
    results = results_of(state)
    broken = [one for one in results if one["status"] in {"failed", "refused", "unknown"}]
    match reason:
        case Reason.NEEDS_APPROVAL:
            proposed = sorted(one["tool"] for one in proposals(state))
            planned = state.get("planned")
            lacking = [] if proposed or planned is None else planned.get("lacking", [])
            return replace(ran, subject=tuple(proposed), lacking=tuple(lacking))
        case Reason.TOOL_FAILED if broken:
            return replace(ran, subject=(broken[0]["tool"],))
        case Reason.LIMIT_REACHED:
            errors = [failure] if failure else [one["error"] for one in broken if one["error"]]
            limits = [limit for one in errors if (limit := one.get("limit"))]
            return replace(ran, limit=Limit(limits[0])) if limits else ran
        case Reason.CHECK_FAILED:
            return _ungrounded(ran, state)
    return ran


def _ungrounded(ran: HandOffRan, state: TicketState) -> HandOffRan:
    findings = (state.get("checked") or {"findings": []})["findings"]
    scored = [one for one in findings if "score" in one]
    if not scored:
        return ran
    first = min(scored, key=lambda one: one["detail"])
    return replace(ran, grounding=round(first["score"], 2), grounding_needed=first["needed"])


def handoff_id(ticket_id: str, turn: int, ordinal: int) -> str:
    """The same handoff has the same id, however often the node runs."""
    digest = hashlib.sha256(f"{ticket_id}\n{turn}\n{ordinal}".encode()).hexdigest()
    return f"hnd_{digest[:24]}"


async def story(
    state: TicketState, context: TicketContext, briefing: Briefing, sent: str | None = None
) -> Story:
    """Everything a person needs to take over without asking again."""
    triaged, assessed = state.get("triaged"), state.get("assessed")
    checked = state.get("checked")
    text = "" if triaged is None else triaged["screening"]["masked"]
    missing: list[str] = []
    suggestion = await _optional("suggestion", suggestion_of(state, context), context, missing)
    similar = await _optional("similar", _similar(text, context), context, missing)
    foreign = await _optional("articles", looked_up(state, context), context, missing)
    return Story.model_validate(
        {
            "summary": _summary(state),
            "conversation": conversation(state),
            "question": text,
            "intent": None if triaged is None else triaged["classification"],
            "asks": asks_of(state),
            "assessments": [] if assessed is None else assessed["asks"],
            "tried": results_of(state),
            "findings": [] if checked is None else checked["findings"],
            "suggestion": suggestion,
            "actions": [
                {
                    "fingerprint": one["fingerprint"],
                    "tool": one["tool"],
                    "arguments": one["arguments"],
                    "units": units_of(one, state, context.desk),
                    "told": (told := foretold(context.desk, one["tool"], one["arguments"])),
                    "replaces": outdated(state, {one["fingerprint"]}) if told else [],
                }
                for one in proposals(state)
            ],
            "similar": similar or [],
            "missing": missing,
            "returns": state.get("returns", 0),
            "returns_allowed": context.desk.limits.returns,
            "reply_sent": sent,
            "priority": {"because": briefing.because},
            **({} if foreign is None else parts(foreign, text)),
        }
    )


async def _optional(
    name: str, part: Awaitable[T], context: TicketContext, missing: list[str]
) -> T | None:
    """The part, or None with a note in `missing`: nothing optional may hold the handoff up."""
    seconds = context.desk.limits.node_seconds * OPTIONAL_SHARE
    try:
        async with asyncio.timeout(seconds):
            return await part
    except (Fenced, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a mind or an index raises, a person waits
        missing.append(f"{name}: {in_words(error)}")
        return None


async def _similar(text: str, context: TicketContext) -> list[dict[str, Any]]:
    return await context.ledger.similar(text, SIMILAR_TICKETS) if text else []


def _summary(state: TicketState) -> str:
    if asks := asks_of(state):
        return " / ".join(ask["text"] for ask in asks)
    triaged = state.get("triaged")
    return state["subject"] if triaged is None else triaged["screening"]["masked"][:280]


def _notice(state: TicketState, context: TicketContext, reason: str) -> str | None:
    """What the customer hears: the desk's own sentence, or the plain one in their language."""
    if not _speaks(state, context, reason):
        return None
    triaged = state.get("triaged")
    language = None if triaged is None else triaged["screening"]["language"]
    own = context.desk.handoff.message
    return own if language in {None, context.desk.language} else NOTICES.get(language or "", own)


def _speaks(state: TicketState, context: TicketContext, reason: str) -> bool:
    """Whether the agent says by itself that a person has the ticket."""
    before = state.get("handed_off")
    if reason in {Reason.AUTOMATIC_MAIL, Reason.SPAM}:
        return False  # a robot would answer back
    if state.get("handoffs", 0) > 0 and not (before and before.get("owed")):
        return False  # one notice in a turn is enough
    triaged = state.get("triaged")
    if triaged is not None and triaged["stop"] == Reason.DELIVERY_FAILED:
        return False  # nothing arrives there
    return context.autonomy.of(*intents_of(state)) is AutonomyLevel.AUTO


async def _tell_customer(message: str, context: TicketContext) -> bool:
    call: ToolCall = {
        "tool": NOTIFY,
        "arguments": {"kind": "notice", "text": message, "citations": []},
        "step_id": notice_key(context.turn),
        "cause": Cause.DELIVER,
    }
    outcome = await context.gateway.call(call, context.caller())
    if not answered(outcome):
        return False
    await context.ledger.sent(Said(notice_key(context.turn), "notice", message))
    return True

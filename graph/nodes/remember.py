"""remember: turn a settled turn into long-term memory, masked, with its origin and its end."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from graph.context import NodeResult, TicketContext
from graph.nodes.deliver import sending
from graph.state import TicketState, Triaged
from memory.journal.events import RememberRan
from memory.tables import Memory, now

KEPT_FOR = timedelta(days=365)
"""A memory ends after so long."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Keep question and answer; a ticket closed without a reply teaches nothing."""
    delivered, triaged, decided = state.get("delivered"), state.get("triaged"), state.get("decided")
    if delivered is None or delivered["kind"] != "reply" or triaged is None:
        return NodeResult(
            {"remembered": {"memory_id": None}}, RememberRan(outcome="nothing to keep")
        )
    text = decided["text"] if decided is not None and decided["text"] else _draft(state)
    screening = await context.minds.screener.screen("", text, {})
    memory = Memory(
        id=hashlib.sha256(f"{context.ticket_id}\n{context.turn}".encode()).hexdigest()[:32],
        tenant=context.tenant,
        ticket_id=context.ticket_id,
        turn=context.turn,
        intent=triaged["classification"]["intent"],
        question=_nameless(_question(state, triaged), context.sender.name),
        answer=_nameless(screening["masked"], context.sender.name),
        origin=delivered["by"],
        sources=",".join(_sources(state)),
        model_revision="",
        expires_at=now() + KEPT_FOR,
    )
    await context.ledger.remember(memory, context.sender.email)
    return NodeResult({"remembered": {"memory_id": memory.id}}, RememberRan())


def _draft(state: TicketState) -> str:
    drafted = state.get("drafted")
    return "" if drafted is None else drafted["text"]


def _question(state: TicketState, triaged: Triaged) -> str:
    """What was searched for, where one thing was asked: the same question finds it. Else all that was said."""
    planned = state.get("planned")
    asks = [] if planned is None else planned["asks"]
    return asks[0]["query"] if len(asks) == 1 else triaged["screening"]["masked"]


def _sources(state: TicketState) -> list[str]:
    """What the answer that was sent stands on; nothing where a person wrote all of it."""
    call = sending(state)
    return [] if call is None else [one["source"] for one in call["arguments"]["citations"]]


def _nameless(text: str, name: str | None) -> str:
    """The text without the customer's name, which a greeting brings in."""
    for part in (name or "").split():
        text = re.sub(rf"\b{re.escape(part)}\b", "[name]", text)
    return text

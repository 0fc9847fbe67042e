"""remember: turn a settled turn into long-term memory, masked, with its origin and its end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta

from graph.context import NodeResult, TicketContext
from graph.nodes.deliver import sending
from graph.nodes.draft import evidence_of
from graph.state import Claim, TicketState, Triaged, asks_of
from graph.text.words import says
from memory.journal.events import RememberRan
from memory.tables import Memory, now

KEPT_FOR = timedelta(days=365)
"""A memory ends after so long."""
FEWEST_WORDS = 3
"""That carry a topic, in a statement by which one knows that it was kept: "Yes." stands in many a reply."""


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
        vouched=",".join(_vouched(state)) if delivered["by"] == "person" else "",
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
    asks = asks_of(state)
    return asks[0]["query"] if len(asks) == 1 else triaged["screening"]["masked"]


def _sources(state: TicketState) -> list[str]:
    """What the answer that was sent stands on; nothing where a person wrote all of it."""
    call = sending(state)
    return [] if call is None else [one["source"] for one in call["arguments"]["citations"]]


def _vouched(state: TicketState) -> list[str]:
    """Passages of the articles of which a person sent what was drafted, or at least half of it word for word.

    Where one thing was asked: of several nobody can tell which one an article answers.
    """
    planned, drafted, call = state.get("planned"), state.get("drafted"), sending(state)
    if planned is None or len(planned["asks"]) != 1 or drafted is None or call is None:
        return []
    articles = {
        name: one["source"] for name, one in evidence_of(state).items() if one["kind"] == "article"
    }
    told: dict[str, list[Claim]] = {}
    for claim in drafted["claims"]:
        for source in {articles[name] for name in claim["evidence"] if name in articles}:
            told.setdefault(source, []).append(claim)
    given = call["arguments"]
    sent = [one for one in told if given["citations"] or _stands(told[one], _plain(given["text"]))]
    used = {name for claim in drafted["claims"] for name in claim["evidence"]}
    return sorted(name for name in used if articles.get(name) in sent)


def _stands(claims: Sequence[Claim], sent: str) -> bool:
    said = [_plain(one["text"]) for one in claims if says(one["text"], FEWEST_WORDS)]
    kept = sum(len(one) for one in said if one in sent)
    return bool(said) and 2 * kept >= sum(map(len, said))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _nameless(text: str, name: str | None) -> str:
    """The text without the customer's name, which a greeting brings in."""
    for part in (name or "").split():
        text = re.sub(rf"\b{re.escape(part)}\b", "[name]", text)
    return text

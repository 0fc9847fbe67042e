"""What a person reads first: the conversation in short, how urgent it is, whose it is, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.context import TicketContext
from graph.state import MessageRecord, TicketState, asks_of, intents_of
from graph.targets import due_at, resolve_by
from graph.team_route import team_route
from graph.urgency import PRIORITIES, Urgency, urgency

SHOWN_ASKS = 6
_ROLES = {"customer": "The customer", "agent": "The agent", "person": "A person"}
_KINDS = {
    "message": ("message", "messages"),
    "reply": ("reply", "replies"),
    "clarification": ("question", "questions"),
    "notice": ("notice", "notices"),
}


@dataclass(frozen=True)
class Briefing:
    """The parts of a handoff that order the queue and route it."""

    priority: int
    intent: str | None
    team: str
    skills: tuple[str, ...]
    due_at: datetime
    resolve_by: datetime
    because: tuple[str, ...]

    def fields(self) -> dict[str, Any]:
        """The same as columns of a handoff."""
        return {
            "priority": self.priority,
            "intent": self.intent,
            "team": self.team,
            "skills": list(self.skills),
            "due_at": self.due_at,
            "resolve_by": self.resolve_by,
        }


async def brief(state: TicketState, context: TicketContext, moment: datetime) -> Briefing:
    """How urgent it is, whose it is and what is promised, from what the run knows."""
    intents = _intents(state)
    found = await _urgency(state, context)
    whose = team_route(context.desk, intents)
    hours = context.desk.hours
    return Briefing(
        priority=PRIORITIES[found.priority],
        intent=intents[0] if intents else None,
        team=whose.team,
        skills=whose.skills,
        due_at=due_at(hours, moment, found.priority),
        resolve_by=resolve_by(hours, moment, found.priority),
        because=found.because,
    )


async def _urgency(state: TicketState, context: TicketContext) -> Urgency:
    triaged = state.get("triaged")
    if triaged is None:
        return Urgency("normal", ("It could not be read.",))
    if triaged["screening"]["automatic"]:
        return Urgency("low", ("It is automatic mail.",))
    earlier = await context.ledger.earlier_handoffs(context.sender.email)
    return urgency(
        context.desk,
        triaged["priority"],
        intent=triaged["classification"]["intent"],
        email=context.sender.email,
        text=triaged["screening"]["text"],
        earlier=earlier,
    )


def _intents(state: TicketState) -> list[str]:
    return [name for name in dict.fromkeys(intents_of(state)) if name is not None]


def conversation(state: TicketState) -> str:
    """The conversation in a few sentences: who wrote how often, and what is asked. Masked."""
    told = _counts(state.get("conversation") or [])
    asks = [ask["text"] for ask in asks_of(state)]
    if asks:
        shown = "; ".join(f"({n}) {text}" for n, text in enumerate(asks[:SHOWN_ASKS], start=1))
        return f"{told} What is asked: {shown}"
    triaged = state.get("triaged")
    masked = "" if triaged is None else " ".join(triaged["screening"]["masked"].split())[:400]
    return f"{told} {masked}".strip()


def _counts(messages: Sequence[MessageRecord]) -> str:
    found = Counter((one["role"], one["kind"]) for one in messages)
    parts: list[str] = []
    for (role, kind), number in found.items():
        one, many = _KINDS.get(kind, (kind, f"{kind}s"))
        parts.append(f"{_ROLES.get(role, role)} wrote {number} {one if number == 1 else many}.")
    return " ".join(parts)

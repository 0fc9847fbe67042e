"""What a drive reads of its ticket: the conversation, and the person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graph.state import Decided, MessageRecord
from memory import handoffs
from memory.handoffs.model import story_of
from memory.storage.database import Database
from memory.tables import Handoff, HandoffStatus, Message
from memory.tickets import lifecycle, tickets


@dataclass(frozen=True)
class TurnInput:
    """What the tickets table says when a turn is handed to the graph."""

    subject: str
    headers: dict[str, str]
    conversation: Sequence[MessageRecord]


class TicketReader(Protocol):
    """What a drive reads of its ticket."""

    async def begin(self) -> TurnInput:
        """The conversation, marked as handed to the graph."""
        ...

    async def decision(self) -> Decided | None:
        """The decision on this turn's newest handoff, None while nobody has decided."""
        ...


@dataclass(frozen=True)
class LedgerReader:
    """`TicketReader` over the tickets table."""

    database: Database
    ticket_id: str
    tenant: str
    turn: int
    epoch: int

    async def begin(self) -> TurnInput:
        """See `TicketReader.begin`."""
        async with self.database.transaction() as session:
            ticket = await lifecycle.hold(session, self.ticket_id, epoch=self.epoch)
            stored = await tickets.messages(session, ticket.id)
            ticket.handled = stored[-1].seq
            session.add(ticket)
            # By turns: what came in while the last turn was answered is this turn's question.
            told = sorted(stored, key=lambda one: (one.turn, one.seq))
            return TurnInput(ticket.subject, ticket.headers, [_record(one) for one in told])

    async def decision(self) -> Decided | None:
        """See `TicketReader.decision`."""
        async with self.database.reading() as session:
            handoff = await handoffs.newest(session, self.ticket_id, self.turn)
        if handoff is None or handoff.status != HandoffStatus.DECIDED:
            return None
        return decided_of(handoff)


def decided_of(handoff: Handoff) -> Decided:
    """The stored decision as the graph takes it: approving sends the suggested text."""
    decision: dict[str, Any] = handoff.decision or {}
    text = decision.get("text", "")
    if decision["kind"] == "approve":
        text = story_of(handoff).suggested
    return {
        "kind": decision["kind"],
        "text": text,
        "guidance": decision.get("guidance", ""),
        "actions": list(decision.get("actions", ())),
        "by": handoff.decided_by or "",
        "handoff_id": handoff.id,
    }


def _record(message: Message) -> MessageRecord:
    return {
        "seq": message.seq,
        "role": message.role,  # type: ignore[typeddict-item]
        "kind": message.kind,
        "text": message.text,
    }

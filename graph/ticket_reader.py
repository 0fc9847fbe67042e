"""What a drive reads of its ticket: the conversation, and the person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from typing_extensions import override

from graph.state import Decided, MessageRecord
from memory import handoffs
from memory.handoffs.model import story_of
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.units import Row, Statements
from memory.tables import Handoff, HandoffStatus, Ticket
from memory.tickets import driving


@dataclass(frozen=True)
class TurnInput:
    """What the tickets table says when a turn is handed to the graph."""

    subject: str
    headers: dict[str, str]
    conversation: Sequence[MessageRecord]
    decided: bool = True
    """Whether a person may have decided in this turn; else nobody need look for it."""


class TicketReader(Protocol):
    """What a drive reads of its ticket."""

    async def begin(self) -> TurnInput:
        """The conversation, marked as handed to the graph."""
        ...

    async def decision(self) -> Decided | None:
        """The decision on this turn's newest handoff, None while nobody has decided."""
        ...

    async def amended(self, after: int) -> bool:
        """Whether the turn has to begin anew, with what the customer wrote behind message `after`.

        Not where something has left or been done already, or a person has a part in it.
        """
        ...

    async def untouched(self) -> bool:
        """Whether nothing of this turn has left or been done, and no person has a part in it."""
        ...


@dataclass(frozen=True)
class LedgerReader(TicketReader):
    """`TicketReader` over the tickets table."""

    database: Database
    ticket_id: str
    tenant: str
    turn: int
    epoch: int
    given: TurnInput | None = None
    """What `begin` gives, where it was read before: as the run began."""

    @override
    async def begin(self) -> TurnInput:
        if self.given is not None:
            return self.given
        return await self.database.units.write(self._begin)

    def _begin(self, do: Statements) -> TurnInput:
        ticket = driving.read_in(do, self.ticket_id)
        if ticket.epoch != self.epoch:
            raise Fenced(f"another drive than {self.epoch} has {self.ticket_id}")
        return begin_in(do, ticket)

    @override
    async def decision(self) -> Decided | None:
        units = self.database.units
        if not await units.look(lambda do: driving.is_decided_in(do, self.ticket_id, self.turn)):
            return None
        async with self.database.reading() as session:
            handoff = await handoffs.newest(session, self.ticket_id, self.turn)
        if handoff is None or handoff.status != HandoffStatus.DECIDED:
            return None
        return _decided_of(handoff)

    @override
    async def amended(self, after: int) -> bool:
        name, turn = self.ticket_id, self.turn
        return await self.database.units.read(
            lambda do: (
                driving.wrote_more_in(do, name, turn, after=after)
                and driving.is_untouched_in(do, name, turn)
            )
        )

    @override
    async def untouched(self) -> bool:
        return await self.database.units.read(
            lambda do: driving.is_untouched_in(do, self.ticket_id, self.turn)
        )


def begin_in(do: Statements, ticket: Ticket) -> TurnInput:
    """The conversation of a ticket that the caller's unit holds, marked as handed to the graph."""
    # By turns: what came in while the last turn was answered is this turn's question.
    told = sorted(driving.conversation_in(do, ticket), key=lambda one: (one[1], one[0]))
    decided = driving.is_decided_in(do, ticket.id, ticket.turn)
    return TurnInput(ticket.subject, ticket.headers, [_record(one) for one in told], decided)


def _decided_of(handoff: Handoff) -> Decided:
    """The stored decision as the graph takes it: approving sends the suggested text, with results."""
    decision: dict[str, Any] = handoff.decision or {}
    text = decision.get("text", "")
    if decision["kind"] == "approve":
        text = story_of(handoff).suggested
    return {
        "kind": decision["kind"],
        "text": text,
        "guidance": decision.get("guidance", ""),
        "redraft": decision.get("redraft", False),
        "actions": list(decision.get("actions", ())),
        "tell_results": decision["kind"] == "approve" or decision.get("tell_results", False),
        "files": decision.get("files", []),
        "by": handoff.decided_by or "",
        "handoff_id": handoff.id,
    }


def _record(message: Row) -> MessageRecord:
    seq, turn, role, kind, text = message
    return {"seq": seq, "role": role, "kind": kind, "text": text, "turn": turn}

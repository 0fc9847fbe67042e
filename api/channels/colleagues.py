"""What a colleague's act on the other side is here: a takeover, or the end of a handoff."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.contract import Later
from memory import handoffs
from memory.channels import arrivals, drafts
from memory.handoffs.faults import (
    AlreadyAnswered,
    AlreadyDecided,
    ClaimedByOther,
    NothingToTake,
    NotYetOpen,
)
from memory.journal import journal
from memory.journal.codes import Cause
from memory.journal.events import TurnSettled
from memory.storage.queue import Queue
from memory.tables import DecisionKind, HandoffStatus, Outcome, Ticket, TicketStatus, now

LEASE = timedelta(minutes=30)
"""How long a ticket is a colleague's after they answered on the other side."""
MOMENT_SECONDS = 1.0
_NOT_TAKEN = (AlreadyAnswered, AlreadyDecided, ClaimedByOther, NothingToTake, NotYetOpen)


@dataclass(frozen=True)
class Colleagues:
    """The other side's people, in one transaction of the way in."""

    session: AsyncSession
    queue: Queue
    tenant: str
    channel: str

    async def answered(self, ticket: Ticket, who: str) -> None:
        """Somebody answered there: the agent lets go, and nobody needs to be told that it is late."""
        taken = await self._take_over(ticket, who, f"Answered in {self.channel}.")
        if taken is not None:
            taken.handoff.responded_at = taken.handoff.responded_at or now()
            self.session.add(taken.handoff)
        elif await self._answered_instead(ticket):
            ticket.outcome = Outcome.ANSWERED_BY_PERSON
            self.session.add(ticket)
            ended = TurnSettled(cause=Cause.PERSON, outcome=Outcome.ANSWERED_BY_PERSON)
            await journal.append(self.session, ticket, ended)

    async def _answered_instead(self, ticket: Ticket) -> bool:
        """Whether the turn ended with an answer of the agent's that never left."""
        by_agent = ticket.outcome in {Outcome.DELIVERED, Outcome.CLARIFYING}
        settled = ticket.status == TicketStatus.SETTLED and by_agent
        return settled and await drafts.is_dropped(self.session, ticket.id, ticket.turn)

    async def holds(self, ticket: Ticket, who: str) -> None:
        """The customer wrote on to somebody who has the conversation there."""
        await self._take_over(ticket, who, f"{who} has this conversation in {self.channel}.")

    async def closed(self, ticket: Ticket) -> None:
        """Somebody closed the conversation there: what waits here for a person is done.

        Nothing where somebody here has it. Raises `Later` while the agent is just handing it over.
        """
        handoff = await handoffs.newest(self.session, ticket.id, ticket.turn)
        if handoff is not None and handoff.status == HandoffStatus.OPENING:
            raise Later(MOMENT_SECONDS)
        if handoff is None or handoff.status not in handoffs.UNDECIDED:
            return
        thread = await arrivals.thread_of(self.session, ticket.id)
        holder = None if thread is None else thread.place.get("holder")
        if handoff.claimed_by not in {None, holder}:
            return
        # By the version, so that all that was said counts as dealt with.
        await handoffs.decide(
            self.session,
            self.queue,
            tenant=self.tenant,
            handoff_id=handoff.id,
            who=handoff.claimed_by or self.channel,
            decision=handoffs.Decision(DecisionKind.CLOSE),
            version=handoff.version,
        )

    async def _take_over(self, ticket: Ticket, who: str, words: str) -> handoffs.Taken | None:
        """None where nothing of the agent's is under way, or somebody has it."""
        with suppress(*_NOT_TAKEN):
            return await handoffs.take_over(
                self.session,
                self.queue,
                tenant=self.tenant,
                ticket_id=ticket.id,
                who=who,
                lease=LEASE,
                explanation=words,
            )
        return None

"""What happens here, told in the helpdesk: a note for each handoff, and how the conversation stands.

It follows the events of the handoffs, whose numbers become visible in order. The rows that it
wants and its place in the events are one commit, so each note is wanted once, and the way out
sends it once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.dispatch import NotYet
from api.channels.helpdesk.notes import note_of
from api.telemetry.outages import Outage, of_channels
from graph.desk.helpdesks import HelpdeskChannel
from memory import handoffs
from memory.channels import arrivals, drafts, outgoing, silent_ends, states
from memory.channels.outgoing import NOTE, Wanted
from memory.faults import MemoryFault
from memory.handoffs import log as events
from memory.storage.database import Database
from memory.tables import (
    ChannelOutgoing,
    HandoffEvent,
    HandoffStatus,
    Outcome,
    Ticket,
    TicketStatus,
)
from memory.tickets import tickets
from tools.adapters.channels import Step, foreign_id

PART = "told"
SECONDS = 1.0
MOST_EVENTS = 200
STEPS = frozenset({"opened", "taken_over", "asked", "answered", "closed"})
"""Events after which a conversation may stand otherwise."""
TAG = "deskhand"
Standing = Literal["open", "waiting", "settled"]
_ANSWERED = (Outcome.DELIVERED, Outcome.CLARIFYING, Outcome.ANSWERED_BY_PERSON)


@dataclass(frozen=True)
class Mirror:
    """Tells one helpdesk of one tenant."""

    database: Database
    tenant: str
    channel: str
    settings: HelpdeskChannel
    domain: str
    """What stands behind the @ of our ids."""
    outage: Outage = field(default_factory=of_channels)

    async def run(self) -> None:
        """Follow, until cancelled."""
        while True:
            try:
                told = await self.round()
            except MemoryFault as error:
                self.outage.failed(str(error), part="mirror", channel=self.channel)
                told = 0
            else:
                self.outage.worked()
            if told < MOST_EVENTS:
                await asyncio.sleep(SECONDS)

    async def round(self) -> int:
        """Want what the next events call for, and turns that ended in silence; how many there were."""
        async with self.database.reading() as session:
            after = (await states.cursor(session, self.tenant, self.channel, PART)).get("after", 0)
            found = await events.since(session, self.tenant, after, MOST_EVENTS)
            silent = await silent_ends.unsettled(session, self.tenant, self.channel)
        if not found and not silent:
            return 0
        async with self.database.transaction() as session:
            for ticket in silent:
                key = f"silent:{ticket.id}:{ticket.turn}"
                await outgoing.want_step(session, self.tenant, key, ticket.id, ticket.turn)
            for event in found:
                await self._tell(session, event)
            place = {"after": found[-1].id if found else after}
            await states.move_cursor(session, self.tenant, self.channel, PART, place)
        return len(found) + len(silent)

    async def _tell(self, session: AsyncSession, event: HandoffEvent) -> None:
        if event.what not in STEPS:
            return
        thread = await arrivals.thread_of(session, event.ticket_id)
        if thread is None or thread.channel != self.channel:
            return
        handoff = await handoffs.get(session, self.tenant, event.handoff_id)
        if event.what == "opened" and self.settings.people_work == "there":
            key = f"note:{handoff.id}"
            one = Wanted(key, handoff.ticket_id, handoff.turn, NOTE, {"text": note_of(handoff)})
            await outgoing.want(session, self.tenant, foreign_id(key, self.domain), one)
        key = f"event:{event.id}"
        await outgoing.want_step(session, self.tenant, key, handoff.ticket_id, handoff.turn)

    async def step_of(self, session: AsyncSession, row: ChannelOutgoing) -> Step | None:
        """How the conversation is to stand by now. Raises `NotYet`.

        None where a later turn says it, and where a colleague has answered before the agent could:
        how the conversation stands is their word.
        """
        ticket = await tickets.get(session, self.tenant, row.ticket_id)
        if ticket.turn > row.turn:
            return None
        if ticket.status in {TicketStatus.QUEUED, TicketStatus.RUNNING}:
            raise NotYet
        if ticket.outcome in _ANSWERED and await drafts.is_dropped(session, ticket.id, row.turn):
            return None
        handoff = await handoffs.newest(session, ticket.id, ticket.turn)
        asked = handoff is not None and handoff.status == HandoffStatus.WAITING_CUSTOMER
        status = _standing(ticket, asked=asked)
        group = None
        if status == "open" and self.settings.people_work == "there":
            group = self.settings.group_of("" if handoff is None else handoff.team)
        return Step(status, group, self._tags(ticket))

    def _tags(self, ticket: Ticket) -> tuple[str, ...]:
        if not self.settings.tags:
            return ()
        return (TAG,) if ticket.intent is None else (TAG, ticket.intent)


def _standing(ticket: Ticket, *, asked: bool) -> Standing:
    if ticket.status == TicketStatus.WAITING:
        return "waiting" if asked else "open"
    return "waiting" if ticket.outcome == Outcome.CLARIFYING else "settled"

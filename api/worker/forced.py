"""A handoff that no run opened: it uses nothing of the graph, and shows the ticket as it came."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from api.runtimes import TenantRuntime
from graph.nodes.hand_off import handoff_id
from graph.policies import PRIORITIES, due_at, explain
from memory import handoffs
from memory.handoffs import log as handoff_log
from memory.handoffs.model import Story
from memory.tables import Handoff, HandoffStatus, Ticket, now

FIRST_FORCED = 1_000
"""Ordinals of handoffs that no run opened begin here; the number of the run is added."""


async def open_forced(
    session: AsyncSession, runtime: TenantRuntime | None, ticket: Ticket, reason: str, detail: str
) -> None:
    """Open it for a ticket that a person has from now on. Never commits."""
    before = await handoffs.newest(session, ticket.id, ticket.turn)
    if before is not None and before.status == HandoffStatus.OPENING:
        # The run had the whole story written and died on the last steps to its rest.
        before.status = HandoffStatus.OPEN
        session.add(before)
        await handoff_log.record(session, before, handoff_log.AGENT, "opened")
    else:
        handoff = Handoff(
            id=handoff_id(ticket.id, ticket.turn, FIRST_FORCED + ticket.run),
            ticket_id=ticket.id,
            tenant=ticket.tenant,
            turn=ticket.turn,
            status=HandoffStatus.OPEN,
            priority=PRIORITIES["high"],
            reason=reason,
            explanation=explain(reason, detail),
            story=Story(summary=ticket.subject).as_data(),
            due_at=None if runtime is None else due_at(runtime.desk.hours, now()),
        )
        await handoffs.open_once(session, handoff)
    await handoffs.finished(session, ticket.id)

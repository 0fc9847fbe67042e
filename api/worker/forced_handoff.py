"""A handoff that no run opened: it uses nothing of the graph, and shows the ticket as it came."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.runtimes import TenantRuntime
from graph.nodes.hand_off import handoff_id
from graph.reasons import explain
from graph.targets import due_at
from graph.urgency import PRIORITIES
from memory import autonomy, handoffs
from memory.handoffs import log as handoff_log
from memory.handoffs import outbox
from memory.handoffs.model import Story
from memory.tables import (
    AutonomyLevel,
    Effect,
    EffectStatus,
    Handoff,
    HandoffStatus,
    Ticket,
    now,
)
from memory.tool_names import NOTIFY

FIRST_FORCED = 1_000
"""Ordinals of handoffs that no run opened begin here; the number of the run is added."""
PRIORITY = "high"
"""Nothing is known of such a ticket but that something went wrong with it."""


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
        handoff = before
    else:
        new = Handoff(
            id=handoff_id(ticket.id, ticket.turn, FIRST_FORCED + ticket.run),
            ticket_id=ticket.id,
            tenant=ticket.tenant,
            turn=ticket.turn,
            status=HandoffStatus.OPEN,
            priority=PRIORITIES[PRIORITY],
            reason=reason,
            explanation=explain(reason, detail),
            story=Story(summary=ticket.subject).as_data(),
            due_at=None if runtime is None else due_at(runtime.desk.hours, now(), PRIORITY),
        )
        handoff = await handoffs.open_once(session, new)
    await handoffs.finished(session, ticket.id)
    if runtime is not None and await _speaks(session, runtime, ticket):
        await outbox.owe(session, handoff, runtime.desk.handoff.message)


async def _speaks(session: AsyncSession, runtime: TenantRuntime, ticket: Ticket) -> bool:
    """Whether the customer is to hear of it. Not where the run may have said so itself."""
    said = select(Effect.key).where(
        Effect.ticket_id == ticket.id,
        Effect.turn == ticket.turn,
        Effect.tool == NOTIFY,
        Effect.status != EffectStatus.FAILED,
    )
    if (await session.exec(said.limit(1))).first() is not None:
        return False
    return await speaks(session, runtime, ticket, ticket.intent)


async def speaks(
    session: AsyncSession, runtime: TenantRuntime, ticket: Ticket, intent: str | None
) -> bool:
    """Whether the desk says anything by itself to the customers of this channel and intent."""
    declared = runtime.desk.autonomy.levels
    found = await autonomy.in_force(session, ticket.tenant, ticket.channel, declared)
    return found.of(intent) is AutonomyLevel.AUTO

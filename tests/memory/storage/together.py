"""Many who do one thing at the same time, on a ledger of either engine."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from memory import handoffs
from memory.faults import MemoryFault
from memory.tables import (
    Handoff,
    HandoffStatus,
)
from memory.tickets import lifecycle
from memory.tickets.lifecycle import Begun
from tests.memory.ledgers import TENANT, Ledger

AT_ONCE = 8
ROUNDS = 5


async def together(acts: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """What became of acts that begin at the same time; faults of memory stand for themselves."""
    found = await asyncio.gather(*(act() for act in acts), return_exceptions=True)
    unknown = [one for one in found if isinstance(one, BaseException)]
    assert all(isinstance(one, MemoryFault) for one in unknown), unknown
    return found


async def handed_off(ledger: Ledger, name: str) -> Handoff:
    """A ticket in the hands of people, claimed by nobody."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        handoff = await handoffs.open_once(
            session,
            Handoff(
                id=name,
                ticket_id=ticket.id,
                tenant=TENANT,
                turn=1,
                status=HandoffStatus.OPENING,
                reason="low_confidence",
                explanation="It is not known well enough.",
                story={"summary": "a question", "suggestion": {"text": "Here."}},
            ),
        )
        begun = await lifecycle.begin(session, ticket.id, run=1)
        assert isinstance(begun, Begun)
        moved = await lifecycle.rest(
            session, ticket.id, epoch=begun.ticket.epoch, interrupt_id="i", reason="low_confidence"
        )
        await handoffs.arrived(session, lifecycle.made(moved).id, handoff.id, "i")
    return handoff

"""Counts tickets together, and each alone where one of them cannot be counted: figures stop no worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from memory.faults import MemoryFault
from memory.storage.units import Statements, Units

log = structlog.get_logger()

HOLD = "SELECT 1 FROM tickets WHERE id = ?"
LEAVE = "UPDATE tickets SET counted = TRUE WHERE id = ?"

Count = Callable[[Statements, Sequence[str]], int]
"""Counts these tickets; how many they were."""


async def counted_apart(units: Units, count: Count, tickets: Sequence[str]) -> int:
    """How many were counted. One that cannot be stays in the sums as it was until it changes."""
    try:
        return await units.write(lambda do: count(do, tickets))
    except MemoryFault:
        raise
    except Exception as error:  # noqa: BLE001 - whatever its rows hold, the others go on
        if len(tickets) > 1:
            return sum([await counted_apart(units, count, [one]) for one in tickets])
        log.error("ticket_not_counted", ticket=tickets[0], error=type(error).__name__)  # noqa: TRY400 - its words may be the customer's
    await units.write(lambda do: _leave(do, tickets[0]))
    return 0


def _leave(do: Statements, ticket: str) -> None:
    do.row(HOLD + do.lock, (ticket,))
    do.run(LEAVE, (ticket,))

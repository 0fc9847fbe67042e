"""What a worker does again and again beside the runs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from api.telemetry.outages import Outage
from memory.faults import MemoryFault

PHASE = random.random()  # noqa: S311 - no secret
"""Each process does its chores at moments of its own."""
LEAST_SHARE = 0.1
"""Of the time between two rounds: what is nearer than that is left out."""


def until_next(seconds: float) -> float:
    """How long until the next round of what is done so often.

    All rounds fall on common moments, so that an idle worker wakes up seldom.
    """
    left = seconds - (asyncio.get_running_loop().time() + PHASE) % seconds
    return left if left > LEAST_SHARE * seconds else left + seconds


async def every(seconds: float, chore: Callable[[], Awaitable[object]], outage: Outage) -> None:
    """Do it until cancelled; what the ledger or the disk does to it is tried again."""
    while True:
        try:
            await chore()
        except (MemoryFault, OSError) as error:
            # The next round tries again; meanwhile the tickets are safe where they are.
            outage.failed(str(error), chore=getattr(chore, "func", chore).__name__)
        else:
            outage.worked()
        await asyncio.sleep(until_next(seconds))

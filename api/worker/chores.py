"""What a worker does again and again beside the runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from api.telemetry.outages import Outage
from memory.storage.database import MemoryFault


async def every(seconds: float, chore: Callable[[], Awaitable[object]], outage: Outage) -> None:
    """Do it until cancelled; what the ledger or the disk does to it is tried again."""
    while True:
        try:
            await chore()
        except (MemoryFault, OSError) as error:
            # The next round tries again; meanwhile the tickets are safe where they are.
            outage.failed(str(error), chore=chore.__name__)
        else:
            outage.worked()
        await asyncio.sleep(seconds)

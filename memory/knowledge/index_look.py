"""Does the vector index answer? One look at a time: a thread that waits for it cannot be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from memory.faults import MemoryFault

CHECK_SECONDS = 2.0
"""How long the vector index may take to show that it is there."""
MOST_WORDS = 500


class IndexLook:
    """Looks again once the look before has ended, or a server that hangs would take every thread."""

    def __init__(self, check: Callable[[], None]) -> None:
        """`check` blocks and raises a `MemoryFault` where the index cannot be used."""
        self._check = check
        self._under_way: asyncio.Future[None] | None = None

    async def trouble(self) -> str | None:
        """What is wrong, None if it answered."""
        look = self._under_way or asyncio.ensure_future(asyncio.to_thread(self._check))
        self._under_way = look
        done, _ = await asyncio.wait([look], timeout=CHECK_SECONDS)
        if not done:
            return f"the vector index did not answer within {CHECK_SECONDS:g} s"
        self._under_way = None
        try:
            look.result()
        except MemoryFault as error:
            return str(error)[:MOST_WORDS]
        return None

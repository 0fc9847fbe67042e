"""Searches outlast a vector server that is away for a moment: they wait for it, for a while and no longer.

Most outages are a restart. A ticket that went to a person for each of them would cost a day's work of people
for two minutes, and one that waited without an end would be forgotten.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from typing_extensions import override

from memory.admission import Overwhelmed, limited, standing_still, waiting_outside
from memory.knowledge.contract import Hit, KnowledgeBase
from memory.knowledge.index import IndexUnavailable

log = structlog.get_logger()

OUTAGE_SECONDS = 180.0
"""How long an outage is waited for. Who comes later in it, or while it goes on, waits for the rest of it or not at all."""
SEARCH_SECONDS = 6.0
"""How long a search may take before the server counts as away: half open, it never says so."""
LOOK_EVERY_SECONDS = 1.0
"""Between two looks at a server that is away."""


@dataclass
class Failing:
    """Searches of one tenant that fail, one after another."""

    since: float | None = None
    last: float = 0.0

    def for_long(self, now: float, most: float) -> bool:
        """Whether they do for as long, now that one has failed again; what failed long ago is another matter."""
        if self.since is None or now - self.last > most:
            self.since = now
        self.last = now
        return now - self.since >= most


class Patience:
    """What one process knows of a server that is away. All methods belong to one event loop."""

    def __init__(
        self, trouble: Callable[[], Awaitable[str | None]], seconds: float = OUTAGE_SECONDS
    ) -> None:
        """`trouble` looks at the server: what is wrong with it, None if it answers."""
        self._trouble = trouble
        self._seconds = seconds
        self._outage: asyncio.Task[bool] | None = None
        """Whether the server came back in time, once that is known."""

    async def outlast(self, search: Callable[[], Awaitable[list[Hit]]], own: Failing) -> list[Hit]:
        """What the search finds once the server is there. Raises `IndexUnavailable`."""
        while True:
            if self._outage is None or self._outage.done():
                try:
                    found = await _in_time(search)
                except IndexUnavailable as fault:
                    if own.for_long(asyncio.get_running_loop().time(), self._seconds):
                        raise
                    if self._outage is None and await self._looks_well():
                        continue  # what fails is of this search: nobody else waits for it
                    self._outage = self._outage or self._begun(str(fault))
                else:
                    self._outage, own.since = None, None
                    return found
            with standing_still(), waiting_outside():
                back = await asyncio.shield(self._outage)
            if not back:
                msg = f"the vector server was waited for in vain, for {self._seconds:g} s"
                raise IndexUnavailable(msg)

    async def _looks_well(self) -> bool:
        """If so, a moment later."""
        with standing_still(), waiting_outside():
            if well := await self._trouble() is None:
                await asyncio.sleep(LOOK_EVERY_SECONDS)
        return well

    def _begun(self, fault: str) -> asyncio.Task[bool]:
        """Watched for all, so in no ticket's own context."""
        watch = self._is_back(fault)
        return asyncio.get_running_loop().create_task(watch, context=contextvars.Context())

    async def _is_back(self, fault: str) -> bool:
        loop = asyncio.get_running_loop()
        began = loop.time()
        log.warning("vectors_away", error=fault, waits_seconds=self._seconds)
        while loop.time() - began < self._seconds:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            if await self._trouble() is None:
                log.info("vectors_back", seconds=round(loop.time() - began, 1))
                self._outage = None
                return True
        log.error("vectors_away_for_long", seconds=self._seconds)
        return False


async def _in_time(search: Callable[[], Awaitable[list[Hit]]]) -> list[Hit]:
    try:
        async with limited(SEARCH_SECONDS):
            return await search()
    except Overwhelmed:
        raise
    except TimeoutError as late:
        raise IndexUnavailable(f"no search came back within {SEARCH_SECONDS:g} s") from late


class PatientSearch(KnowledgeBase):
    """`KnowledgeBase` of one tenant whose searches outlast a server that is away."""

    def __init__(self, knowledge: KnowledgeBase, patience: Patience) -> None:
        self._knowledge = knowledge
        self._patience = patience
        self._failing = Failing()

    @override
    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """Raises `IndexUnavailable`."""
        return await self._patience.outlast(
            lambda: self._knowledge.search(tenant, query, limit), self._failing
        )

"""Minds are fitted anew when people corrected intents: within one sweep, without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import structlog

from api.runtimes import Runtimes
from graph.desk.corrections import corrected
from graph.desk.model import Desk
from graph.minds.contract import Minds
from memory.handoffs import corrections
from memory.storage.database import Database

log = structlog.get_logger()

NOTHING = "0|None|None"
"""The revision of a tenant without a correction of an intent."""


class Refit:
    """Watches the corrections of every tenant of one worker."""

    def __init__(
        self, database: Database, runtimes: Runtimes, fit: Callable[[Desk], Minds]
    ) -> None:
        self._database = database
        self._runtimes = runtimes
        self._fit_minds = fit
        self._seen: dict[str, str] = {}

    async def look(self) -> int:
        """Fit the minds of tenants whose corrections changed; how many that were.

        A run that is under way keeps the minds it began with.
        """
        changed = 0
        for tenant in list(self._runtimes):
            look = partial(corrections.revision_in, tenant=tenant)
            revision = await self._database.units.read(look)
            if revision == self._seen.get(tenant, NOTHING):
                continue
            async with self._database.reading() as session:
                examples = await corrections.examples(session, tenant)
            await self._fit(tenant, examples)
            self._seen[tenant] = revision
            changed += 1
        return changed

    async def _fit(self, tenant: str, examples: corrections.Examples) -> None:
        runtime = self._runtimes[tenant]
        desk = corrected(runtime.desk, examples)
        minds = await asyncio.to_thread(self._fit_minds, desk)
        self._runtimes.put(replace(runtime, minds=minds))
        log.info("minds_fitted", tenant=tenant, examples=sum(map(len, examples.values())))

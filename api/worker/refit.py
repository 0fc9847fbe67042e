"""Minds are fitted anew when people corrected intents: within one sweep, without a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog

from api.wiring import MindsFactory, Wiring, fitted
from graph.desk.corrections import corrected
from memory.handoffs import corrections

log = structlog.get_logger()

NOTHING = "0|None|None"
"""The revision of a tenant without a correction of an intent."""


class Refit:
    """Watches the corrections of every tenant of one worker."""

    def __init__(self, wiring: Wiring, minds: MindsFactory | None = None) -> None:
        self._wiring = wiring
        self._minds = minds
        self._seen: dict[str, str] = {}

    async def look(self) -> int:
        """Fit the minds of tenants whose corrections changed; how many that were.

        A run that is under way keeps the minds it began with.
        """
        changed = 0
        for tenant in list(self._wiring.runtimes):
            async with self._wiring.database.reading() as session:
                revision = await corrections.revision(session, tenant)
                if revision == self._seen.get(tenant, NOTHING):
                    continue
                examples = await corrections.examples(session, tenant)
            await self._fit(tenant, examples)
            self._seen[tenant] = revision
            changed += 1
        return changed

    async def _fit(self, tenant: str, examples: corrections.Examples) -> None:
        wiring, runtime = self._wiring, self._wiring.runtimes[tenant]
        desk = corrected(runtime.desk, examples)
        minds = await asyncio.to_thread(fitted, desk, wiring, self._minds)
        wiring.runtimes = {**wiring.runtimes, tenant: replace(runtime, minds=minds)}
        log.info("minds_fitted", tenant=tenant, examples=sum(map(len, examples.values())))

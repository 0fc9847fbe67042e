"""A desk that changed, and intents that people corrected, count within seconds, without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from api.runtimes import RuntimeBuilder, Runtimes, TenantRuntime
from api.worker.autonomy import declare
from graph.desk.corrections import corrected
from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid
from graph.minds.model.prices import ModelRefused
from memory.encoder.faults import EncoderUnavailable
from memory.handoffs import corrections
from memory.storage.database import Database
from tools.catalog import CatalogFault
from tools.plugins import PluginFault

log = structlog.get_logger()

UNFIT = (DeskInvalid, ModelRefused, CatalogFault, PluginFault, EncoderUnavailable)
"""Why a desk cannot be worked with: its file, what it names, or a model that its first intents need."""
NOTHING = "0|None|None"
"""The revision of a tenant without a correction of an intent."""


class Refit:
    """Watches desk.yaml and the corrections of every tenant of one worker."""

    def __init__(
        self,
        database: Database,
        runtimes: Runtimes,
        builder: RuntimeBuilder,
        desks: Callable[[], Mapping[str, Desk]],
    ) -> None:
        self._database = database
        self._runtimes = runtimes
        self._builder = builder
        self._desks = desks
        self._seen: dict[str, str] = {}
        self._refused: dict[str, Desk] = {}
        """Desks that cannot be worked with, by tenant: each is told once."""

    async def look(self) -> int:
        """Fit what changed for a tenant, its desk or its corrections; how many that were.

        A run that is under way keeps what it began with. A tenant may be new.
        """
        known = {tenant: one.desk for tenant, one in self._runtimes.items()}
        desks, changed = {**known, **await asyncio.to_thread(self._desks)}, 0
        for tenant, desk in desks.items():
            look = partial(corrections.revision_in, tenant=tenant)
            revision = await self._database.units.read(look)
            anew = desk not in (known.get(tenant), self._refused.get(tenant))
            if not anew and revision == self._seen.get(tenant, NOTHING):
                continue
            runtime = (await self._built(desk) if anew else None) or self._runtimes.get(tenant)
            if runtime is not None:
                await self._fit(runtime, revision)
                changed += 1
            self._seen[tenant] = revision
        return changed

    async def _built(self, desk: Desk) -> TenantRuntime | None:
        """What works with a desk that changed; None where it cannot, and the former one goes on."""
        try:
            runtime = await asyncio.to_thread(self._builder.build, desk)
        except UNFIT as error:
            self._refused[desk.tenant] = desk
            log.warning("desk_refused", tenant=desk.tenant, problem=str(error))
            return None
        await declare(self._database, [desk])
        log.info("desk_changed", tenant=desk.tenant)
        return runtime

    async def _fit(self, runtime: TenantRuntime, revision: str) -> None:
        tenant = runtime.desk.tenant
        if not revision == self._seen.get(tenant, NOTHING) == NOTHING:
            async with self._database.reading() as session:
                examples = await corrections.examples(session, tenant)
            desk = corrected(runtime.desk, examples)
            minds = await asyncio.to_thread(self._builder.minds, desk)
            runtime = replace(runtime, minds=minds)
            log.info("minds_fitted", tenant=tenant, examples=sum(map(len, examples.values())))
        self._runtimes.put(runtime)

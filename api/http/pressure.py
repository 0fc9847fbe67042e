"""How full each tenant's queue is: read seldom, counted on in between."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from memory.storage.database import Database
from memory.tickets import tickets
from memory.tickets.tickets import Load
from memory.workers import beats

FRESH_SECONDS = 0.5
"""So long a reading is counted on before the next one; runs that end meanwhile only lower it."""
LONGEST_RETRY_SECONDS = 60
"""More is never asked of a caller: by then the queue has to be looked at anew."""
MAX_TENANTS = 10_000
"""Tenants remembered; beyond that all are forgotten, which costs a reading each."""


@dataclass
class _Reading:
    load: Load
    at: float
    accepted: int = 0
    """Tickets this process has taken on since."""


class Pressure:
    """Spares most posts a query, and asks the ledger whenever the answer could be a refusal."""

    def __init__(self, database: Database, depth: int) -> None:
        """`depth` is the number of waiting tickets at which a tenant's queue is full."""
        self._database = database
        self.depth = depth
        self._seen: dict[str, _Reading] = {}

    async def load(self, tenant: str) -> Load:
        """The tenant's load, at most `FRESH_SECONDS` old, and exact where the queue is full."""
        seen = self._seen.get(tenant)
        if seen is not None and time.monotonic() - seen.at < FRESH_SECONDS:
            depth = seen.load.depth + seen.accepted
            if depth < self.depth:
                return Load(depth, seen.load.oldest_seconds)
        return await self._read(tenant)

    async def seconds_until_room(self, load: Load) -> int:
        """When a caller may try again: once a full queue is expected to have a place.

        The oldest ticket has waited while all the others came, so tickets leave at about
        depth / age in a second. Where no worker lives, none leaves.
        """
        async with self._database.reading() as session:
            at, workers = await beats.present(session), await beats.all_rows(session)
        if all(beats.is_silent(one, at) for one in workers):
            return LONGEST_RETRY_SECONDS
        too_many = load.depth - self.depth + 1
        seconds = math.ceil(too_many * load.oldest_seconds / load.depth)
        return min(LONGEST_RETRY_SECONDS, max(1, seconds))

    def accepted(self, tenant: str) -> None:
        """A ticket of the tenant was taken on."""
        if (seen := self._seen.get(tenant)) is not None:
            seen.accepted += 1

    async def _read(self, tenant: str) -> Load:
        load = await self._database.units.look(lambda do: tickets.load_in(do, tenant))
        if len(self._seen) >= MAX_TENANTS:
            self._seen.clear()
        self._seen[tenant] = _Reading(load, time.monotonic())
        return load

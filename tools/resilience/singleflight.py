"""Equal calls of one run: the second takes the first one's result, done or still under way."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from memory.fingerprints import canonical
from tools.contract import EffectKind, ToolOutcome

REMEMBERED_SECONDS = 600.0
"""How long a result is reused; a ticket that waited for a person looks again."""
MOST_REMEMBERED = 4_096
"""Results kept, over all runs of a process; the oldest is forgotten first."""
MOST_REMEMBERED_BYTES = 33_554_432
"""Their size together, as JSON."""
MOST_EQUAL_FAILURES = 3
"""Times that a run may repeat a call which keeps failing for a passing reason."""

Key = tuple[str, str, int, str, str]
"""Tenant, ticket, turn, sender, fingerprint."""


@dataclass
class _Flight:
    """A call under way."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: ToolOutcome | None = None
    """None after the end means that it was cancelled: someone else must make it."""


@dataclass(frozen=True)
class _Memory:
    outcome: ToolOutcome
    failures: int
    final: bool
    at: float
    size: int


@dataclass(frozen=True)
class Shared:
    """An outcome, and whether it is an earlier call's."""

    outcome: ToolOutcome
    repeated: bool


class SingleFlight:
    """Calls of a process, by run and fingerprint. Bounded in number and size."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._flying: dict[Key, _Flight] = {}
        self._memories: OrderedDict[Key, _Memory] = OrderedDict()
        self._bytes = 0

    async def once(
        self, key: Key, effect: EffectKind, make: Callable[[], Awaitable[ToolOutcome]]
    ) -> Shared:
        """Make the call, or take what an equal one brought or is about to bring."""
        while True:
            if (known := self._recall(key)) is not None and known.final:
                return Shared(known.outcome, repeated=True)
            flight = self._flying.get(key)
            if flight is None:
                return Shared(await self._fly(key, effect, make), repeated=False)
            await flight.ended.wait()
            if flight.outcome is not None:
                return Shared(flight.outcome, repeated=True)

    async def _fly(
        self, key: Key, effect: EffectKind, make: Callable[[], Awaitable[ToolOutcome]]
    ) -> ToolOutcome:
        flight = self._flying[key] = _Flight()
        try:
            flight.outcome = await make()
            self._remember(key, effect, flight.outcome)
            return flight.outcome
        finally:
            del self._flying[key]
            flight.ended.set()

    def _recall(self, key: Key) -> _Memory | None:
        known = self._memories.get(key)
        if known is not None and self._now() - known.at > REMEMBERED_SECONDS:
            self._forget(key)
            return None
        return known

    def _remember(self, key: Key, effect: EffectKind, outcome: ToolOutcome) -> None:
        before = self._recall(key)
        failures = 0 if outcome["error"] is None else 1 + (before.failures if before else 0)
        final = _final(effect, outcome, failures)
        size = len(canonical(outcome["value"] or {}))
        self._forget(key)
        self._memories[key] = _Memory(outcome, failures, final, self._now(), size)
        self._bytes += size
        while self._bytes > MOST_REMEMBERED_BYTES or len(self._memories) > MOST_REMEMBERED:
            self._forget(next(iter(self._memories)))

    def _forget(self, key: Key) -> None:
        memory = self._memories.pop(key, None)
        self._bytes -= memory.size if memory else 0


def _final(effect: EffectKind, outcome: ToolOutcome, failures: int) -> bool:
    error = outcome["error"]
    if error is None:
        return True
    if effect == "write":
        return False  # the effect ledger knows better, and a person may try again
    if error["kind"] == "budget":
        return False  # what others hold may come back
    return not error["retryable"] or failures >= MOST_EQUAL_FAILURES

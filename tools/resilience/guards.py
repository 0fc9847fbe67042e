"""What stands between all runs of a process and one tool: breaker, rate limit, bulkhead."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from typing import Any

from tools.contract import ToolSpec
from tools.resilience.breaker import Breaker, BreakerPolicy
from tools.resilience.bulkhead import Bulkhead
from tools.resilience.clock import Clock
from tools.resilience.rate_limit import TokenBucket
from tools.resilience.tool_stats import ToolStats

MOST_GUARDS = 1_000
"""Tools, over all tenants, that are watched at once; the longest idle is forgotten first."""


@dataclass(frozen=True)
class Guard:
    """The guard of one tool of one tenant."""

    breaker: Breaker
    bucket: TokenBucket
    bulkhead: Bulkhead
    built_for: tuple[int, int]
    """Slots and calls a minute; a desk that changes them gets a new guard."""
    tally: ToolStats = field(default_factory=ToolStats)
    """What became of the attempts."""

    @property
    def idle(self) -> bool:
        """Nothing would be lost by forgetting it."""
        in_use = self.bulkhead.in_use or self.bulkhead.waiting
        return not in_use and self.breaker.view().state == "closed"

    def view(self) -> dict[str, Any]:
        """Its state as data: breaker, tokens, slots in use, callers waiting, and its tally."""
        return {
            "breaker": asdict(self.breaker.view()),
            "tokens": round(self.bucket.tokens, 3),
            "slots": self.bulkhead.slots,
            "in_use": self.bulkhead.in_use,
            "waiting": self.bulkhead.waiting,
            **self.tally.view(),
        }


@dataclass
class Guards:
    """All guards of a process. Give the same object to every gateway."""

    pace: Clock = field(default_factory=Clock)
    policy: BreakerPolicy = field(default_factory=BreakerPolicy)
    _guards: OrderedDict[tuple[str, str], Guard] = field(default_factory=OrderedDict)

    def of(self, tenant: str, spec: ToolSpec) -> Guard:
        """The guard of a tenant's tool, made when it is first called."""
        key, wanted = (tenant, spec.name), (spec.slots, spec.calls_per_minute)
        guard = self._guards.get(key)
        if guard is None or guard.built_for != wanted:
            guard = self._new(spec, wanted, ToolStats() if guard is None else guard.tally)
            self._guards[key] = guard
            self._forget_idle()
        self._guards.move_to_end(key)
        return guard

    def view(self) -> dict[str, dict[str, Any]]:
        """State of every guard, by `tenant/tool`."""
        return {f"{tenant}/{tool}": g.view() for (tenant, tool), g in self._guards.items()}

    def views(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The same by (tenant, tool)."""
        return {key: guard.view() for key, guard in self._guards.items()}

    def _new(self, spec: ToolSpec, wanted: tuple[int, int], tally: ToolStats) -> Guard:
        now = self.pace.now
        return Guard(
            Breaker(self.policy, now),
            TokenBucket(spec.calls_per_minute, now),
            Bulkhead(spec.slots),
            wanted,
            tally,
        )

    def _forget_idle(self) -> None:
        surplus = len(self._guards) - MOST_GUARDS
        if surplus <= 0:
            return
        for key in [key for key, guard in self._guards.items() if guard.idle][:surplus]:
            del self._guards[key]

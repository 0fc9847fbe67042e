"""A worker tells the others, every few seconds, how its tools are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from api.runtimes import TenantRuntime
from memory.journal import tool_health
from memory.storage.database import Database
from memory.tables import ToolHealth
from tools.checks.permission import SYSTEM_TOOLS
from tools.contract import ToolSpec
from tools.resilience.breaker import BreakerPolicy
from tools.resilience.guards import Guard, Guards

EVERY_SECONDS = 5.0
"""Between two looks at the tools."""
AGAIN_SECONDS = 20.0
"""After which the same is reported again: readers forget a worker after `tool_health.EXPIRES`."""


class ToolReports:
    """The reports of one worker."""

    def __init__(
        self,
        database: Database,
        guards: Guards,
        runtimes: Mapping[str, TenantRuntime],
        worker: str,
    ) -> None:
        self._database = database
        self._guards = guards
        self._runtimes = runtimes
        self._worker = worker
        self._told: tuple[list[Any], float] = ([], 0.0)

    async def write(self) -> None:
        """Put the present state in the place of the last one, if it is another. Raises `MemoryFault`."""
        states, moment = list(_states(self._guards, self._runtimes)), time.monotonic()
        before, at = self._told
        if states == before and moment - at < AGAIN_SECONDS:
            return
        rows = [self._row(*known) for known in states]
        async with self._database.transaction() as session:
            await tool_health.replace(session, self._worker, rows[: tool_health.MOST_ROWS])
        self._told = states, moment

    async def end(self) -> None:
        """Take the rows away: this worker sees nothing any more. Raises `MemoryFault`."""
        async with self._database.transaction() as session:
            await tool_health.forget(session, self._worker)

    def _row(self, tenant: str, tool: str, state: dict[str, Any]) -> ToolHealth:
        breaker = state["breaker"]
        return ToolHealth(
            worker=self._worker,
            tenant=tenant,
            tool=tool,
            breaker=breaker["state"],
            opened=breaker["opened"],
            retry_in_seconds=round(breaker["retry_in_seconds"], 3),
            **{name: state[name] for name in _SAME},
        )


_SAME = (
    *("tokens", "slots", "in_use", "waiting", "succeeded", "errors", "latency"),
    *("schema_changes", "difference", "changed_at"),
)


def _states(
    guards: Guards, runtimes: Mapping[str, TenantRuntime]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(tenant, tool, state) of every tool that was called or could be."""
    called = guards.views()
    yield from ((tenant, tool, state) for (tenant, tool), state in called.items())
    for tenant, runtime in runtimes.items():
        for spec in runtime.desk.tools:
            if (tenant, spec.name) not in called:
                yield tenant, spec.name, _untouched(spec)
        for name in sorted(SYSTEM_TOOLS):
            if (tenant, name) not in called:
                yield tenant, name, _untouched(ToolSpec(name=name, description=""))


def _untouched(spec: ToolSpec) -> dict[str, Any]:
    """The state of a tool that nobody has called yet."""
    fresh: Guard = Guards(policy=BreakerPolicy()).of("", spec)
    return fresh.view()

"""`GET /v1/tools`: which tools work, which are left alone, and what has changed behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from fastapi import APIRouter

from api.http.deps import AgentKey, ContextDep
from api.http.desk.tools_schemas import (
    BreakerState,
    LatencyBucket,
    ToolOut,
    ToolsOut,
    WorkerOnTool,
)
from memory.journal import tool_health
from memory.tables import ToolHealth
from tools.resilience.tool_stats import BOUNDS_MS, quantile

router = APIRouter(prefix="/v1/tools", tags=["tools"])

NEVER = datetime.min.replace(tzinfo=UTC)
WORST_FIRST: tuple[BreakerState, ...] = ("open", "half_open", "closed")


@router.get("", summary="See how the tools are")
async def list_tools(key: AgentKey, context: ContextDep) -> ToolsOut:
    """Breakers, limits, errors, times and changed schemas, as the living workers see them.

    Each worker writes every few seconds.
    """
    async with context.database.reading() as session:
        rows = await tool_health.of_tenant(session, key.tenant)
    found = [_tool(name, list(same)) for name, same in groupby(rows, key=lambda row: row.tool)]
    return ToolsOut(items=found)


def _tool(name: str, rows: Sequence[ToolHealth]) -> ToolOut:
    """One tool, its workers' rows added up."""
    errors: Counter[str] = Counter()
    for row in rows:
        errors.update(row.errors)
    latency = [sum(counts) for counts in zip(*(row.latency for row in rows), strict=True)]
    succeeded = sum(row.succeeded for row in rows)
    newest = max(rows, key=lambda row: row.changed_at or NEVER)
    states = {row.breaker for row in rows}
    return ToolOut(
        tool=name,
        breaker=next(state for state in WORST_FIRST if state in states),
        attempts=succeeded + errors.total(),
        succeeded=succeeded,
        errors=dict(sorted(errors.items())),
        opened=sum(row.opened for row in rows),
        p50_ms=quantile(latency, 0.5),
        p95_ms=quantile(latency, 0.95),
        latency=[
            LatencyBucket(up_to_ms=bound, attempts=count)
            for bound, count in zip((*BOUNDS_MS, None), latency, strict=True)
        ],
        schema_changes=sum(row.schema_changes for row in rows),
        difference=newest.difference,
        changed_at=newest.changed_at,
        workers=[_worker(row) for row in rows],
    )


def _worker(row: ToolHealth) -> WorkerOnTool:
    return WorkerOnTool.model_validate(
        {
            "worker": row.worker,
            "breaker": row.breaker,
            "retry_in_seconds": row.retry_in_seconds,
            "free_turns": row.tokens,
            "slots": row.slots,
            "in_use": row.in_use,
            "waiting": row.waiting,
            "updated_at": row.updated_at,
        }
    )

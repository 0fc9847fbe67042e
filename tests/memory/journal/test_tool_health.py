"""What workers see of their tools: each its own rows, the living ones only."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from memory.journal import tool_health
from memory.storage.database import Database
from memory.tables import ToolHealth, now
from tests.memory.ledgers import Ledger


def row(worker: str, tool: str = "refund", tenant: str = "acme", **parts: Any) -> ToolHealth:
    """One worker on one tool."""
    found: dict[str, Any] = {
        "breaker": "closed",
        "opened": 0,
        "retry_in_seconds": 0.0,
        "tokens": 1.0,
        "slots": 4,
        "in_use": 0,
        "waiting": 0,
        "succeeded": 1,
        "errors": {},
        "latency": [1] * 13,
        "schema_changes": 0,
        "difference": [],
        **parts,
    }
    return ToolHealth(worker=worker, tenant=tenant, tool=tool, **found)


async def write(database: Database, worker: str, *rows: ToolHealth) -> None:
    """One report."""
    async with database.transaction() as session:
        await tool_health.replace(session, worker, rows)


async def tools(database: Database, tenant: str = "acme") -> list[tuple[str, str]]:
    """(tool, worker) of what a reader sees."""
    async with database.reading() as session:
        return [(one.tool, one.worker) for one in await tool_health.of_tenant(session, tenant)]


async def test_a_report_replaces_the_last_one(ledger: Ledger) -> None:
    """Of the same worker, and of no other."""
    await write(ledger.database, "w1", row("w1"), row("w1", "lookup"))
    await write(ledger.database, "w2", row("w2"))
    await write(ledger.database, "w1", row("w1", succeeded=9))
    assert await tools(ledger.database) == [("refund", "w1"), ("refund", "w2")]


async def test_tenants_do_not_see_each_other(ledger: Ledger) -> None:
    """Each its own tools."""
    await write(ledger.database, "w1", row("w1"), row("w1", tenant="other"))
    assert await tools(ledger.database, "other") == [("refund", "w1")]
    assert await tools(ledger.database, "third") == []


async def test_a_dead_worker_is_neither_shown_nor_kept(ledger: Ledger) -> None:
    """The next report of any worker sweeps its rows away."""
    old = now() - tool_health.EXPIRES * 2
    await write(ledger.database, "dead", row("dead", updated_at=old))
    assert await tools(ledger.database) == []
    await write(ledger.database, "w1", row("w1"))
    async with ledger.database.reading() as session:
        assert len((await session.exec(select(ToolHealth))).all()) == 1


async def test_a_worker_that_ends_takes_its_rows_along(ledger: Ledger) -> None:
    """At once."""
    await write(ledger.database, "w1", row("w1"))
    async with ledger.database.transaction() as session:
        await tool_health.forget(session, "w1")
    assert await tools(ledger.database) == []


async def test_workers_write_at_the_same_time(ledger: Ledger) -> None:
    """None loses its rows."""
    names = [f"w{number}" for number in range(8)]
    await asyncio.gather(*(write(ledger.database, name, row(name)) for name in names * 3))
    assert await tools(ledger.database) == [("refund", name) for name in names]


async def test_a_report_is_of_ones_own(ledger: Ledger) -> None:
    """Another worker's row would live for ever."""
    with pytest.raises(ValueError, match="its own"):
        await write(ledger.database, "w1", row("w2"))

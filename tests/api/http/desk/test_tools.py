"""`GET /v1/tools` and `deskhand tools`: what workers report, added up, for their tenant alone."""

from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.worker import assembly
from memory.journal import tool_health
from memory.storage.database import Database
from tests import bench as benches
from tests import desks
from tests.commands import runs
from tools.checks.permission import SYSTEM_TOOLS
from tools.faults import SchemaChanged, ServiceError
from tools.gateway import ToolGateway


async def reported(home: Path, template: Path, *workers: str) -> Settings:
    """A ledger in which workers have reported a little trouble; its settings."""
    async with benches.opened(home, template) as bench:
        gateway = bench.runtime.gateway
        assert isinstance(gateway, ToolGateway)
        spec = gateway._catalog.ready["search_knowledge"].spec
        guard = bench.wiring.guards.of(benches.TENANT, spec)
        guard.tally.success(0.004)
        guard.tally.fault(ServiceError("500"), 0.2)
        guard.tally.fault(SchemaChanged("x", difference=("result.text was removed",)), 0.04)
        for _ in range(5):
            guard.breaker.record(guard.breaker.admit(), "failure")
        for worker in workers:
            await assembly.tool_reports(bench.wiring, worker).write()
        return bench.wiring.settings


async def read(settings: Settings, **key: str) -> Any:
    """What the API says."""
    async with desks.serving(settings) as client:
        return (await client.get("/v1/tools", headers=key)).json()


async def test_workers_reports_are_added_up(tmp_path: Path, template: Path) -> None:
    """The worst breaker, the sum of the counts, the last difference."""
    settings = await reported(tmp_path / "home", template, "w1", "w2")
    key = await desks.new_key(settings, "ann", ["agent"], benches.TENANT)
    found = {one["tool"]: one for one in (await read(settings, **key))["items"]}
    assert set(found) == set(SYSTEM_TOOLS)
    search = found["search_knowledge"]
    assert (search["breaker"], search["opened"], search["attempts"]) == ("open", 2, 6)
    assert search["errors"] == {"schema_changed": 2, "service_error": 2}
    assert (search["p50_ms"], search["p95_ms"]) == (50, 250)
    assert sum(bucket["attempts"] for bucket in search["latency"]) == 6
    assert (search["schema_changes"], search["difference"]) == (2, ["result.text was removed"])
    assert [worker["worker"] for worker in search["workers"]] == ["w1", "w2"]
    assert found["notify"]["attempts"] == 0
    assert found["notify"]["p50_ms"] is None


async def test_another_tenant_sees_nothing(tmp_path: Path, template: Path) -> None:
    """And a key that only hands tickets in may not look."""
    settings = await reported(tmp_path / "home", template, "w1")
    other = await desks.new_key(settings, "eve", ["agent"], "other")
    assert (await read(settings, **other)) == {"items": []}
    intake = await desks.new_key(settings, "shop", ["intake"], benches.TENANT)
    assert (await read(settings, **intake))["status"] == 403


async def test_a_report_ends_with_its_worker(tmp_path: Path, template: Path) -> None:
    """A worker that comes to an end is seen no more."""
    async with benches.opened(tmp_path / "home", template) as bench:
        reports = assembly.tool_reports(bench.wiring, "w1")
        await reports.write()
        await reports.end()
        async with bench.wiring.database.reading() as session:
            assert await tool_health.of_tenant(session, benches.TENANT) == []


def test_the_command_shows_them(
    tmp_path: Path,
    template: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the difference of a changed schema below the table."""
    settings = desks.run(reported(tmp_path / "home", template, "w1"))
    key = desks.run(desks.new_key(settings, "ann", ["agent"], benches.TENANT))
    token = key["Authorization"].removeprefix("Bearer ")
    with desks.listening(settings) as url:
        status, out, notes = runs(monkeypatch, capsys)("tools", "--url", url, "--key", token)
    assert status == 0
    assert "since each worker started" in notes
    assert "search_knowledge" in out
    assert "schema_changed 1" in out
    assert "result.text was removed" in out


async def test_a_worker_without_tenants_reports_nothing(settings: Settings) -> None:
    """And breaks nothing."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        await tool_health.replace(session, "w1", [])

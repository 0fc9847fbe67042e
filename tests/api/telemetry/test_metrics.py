"""The figures equal the journal, survive restarts, stay bounded, and are for one reader only."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from api.settings import Settings
from api.telemetry import meter as meters
from api.telemetry.catalog import METRICS
from api.telemetry.exposition import exposed
from api.telemetry.meter import Meter
from memory.budgets.amounts import Ceiling
from memory.insight import ledger_metrics
from memory.storage.database import Database
from memory.tables import ToolHealth
from tests import desks
from tests.bench import Bench

TOKEN = "a-token-of-the-prometheus-server"
QUESTION = "How do I reset my password?"


async def ceiling(_tenant: str) -> Ceiling:
    """A day's budget."""
    return Ceiling(money_micros=5_000, tool_calls=100)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(ledger_metrics, "SETTLING_SECONDS", -1.0)


def meter_of(bench: Bench) -> Meter:
    """A meter on the bench's ledger."""
    return Meter(bench.wiring.database, bench.wiring.settings.home, ceiling)


@dataclass(frozen=True)
class Read:
    """Samples by name."""

    samples: dict[str, list[tuple[dict[str, str], float]]]

    def __call__(self, name: str, **labels: str) -> float:
        """The sum of the samples with these labels."""
        found = self.samples.get(name, [])
        return sum(value for own, value in found if labels.items() <= own.items())


async def read(meter: Meter) -> Read:
    """What a Prometheus server reads."""
    samples: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(exposed(await meter.read()).decode()):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return Read(samples)


async def test_the_sums_are_those_of_the_journal(bench: Bench) -> None:
    """Tickets, endings, reasons, calls, confidence; counted once, however often it is read."""
    await bench.answer(QUESTION)
    await bench.answer(f"{QUESTION} #person")
    await bench.accept("waits")
    meter = meter_of(bench)
    for _ in range(2):
        found = await read(meter)
    assert found("deskhand_tickets_accepted_total", tenant="acme") == 3
    assert found("deskhand_turns_total", outcome="delivered") == 1
    assert found("deskhand_turns_total", outcome="with_person") == 1
    assert found("deskhand_handoffs_total", reason="low_confidence") == 1
    assert found("deskhand_tickets", status="queued") == 1
    assert found("deskhand_tickets", status="waiting") == 1
    assert found("deskhand_queue_age_seconds", tenant="acme") >= 0
    async with bench.wiring.database.reading() as session:
        rows = await session.execute(
            text("SELECT kind, count(*), sum(duration_ms) FROM journal GROUP BY kind")
        )
        raw = {kind: (number, total) for kind, number, total in rows}
    assert found("deskhand_tool_calls_total") == raw["call"][0]
    assert found("deskhand_tool_attempts_total") == raw["attempt"][0]
    assert found("deskhand_node_seconds_count") == raw["step"][0]
    assert found("deskhand_node_seconds_sum") == pytest.approx(raw["step"][1] / 1000)
    assert found("deskhand_confidence_bucket", le="0.2") == 2  # the unsure ask, looked at twice
    assert found("deskhand_confidence_bucket", le="+Inf") == 3
    assert found("deskhand_budget_left", resource="tool_calls") < 100
    assert found("deskhand_budget_left", resource="money_micros") == 5_000
    assert found("deskhand_journal_behind_rows") == 0


async def test_every_family_is_there_before_anything_happened(bench: Bench) -> None:
    """A rule on a metric that never had a sample must not be a typing error."""
    body = exposed(await meter_of(bench).read()).decode()
    for metric in METRICS.values():
        assert f"# TYPE {metric.name}{'_total' * (metric.kind == 'counter')} {metric.kind}" in body


async def test_a_restart_goes_on_where_it_was(bench: Bench) -> None:
    """By its file; and the sums stay though the journal behind them is forgotten."""
    await bench.answer(QUESTION)
    first = meter_of(bench)
    await first.read()
    await first.close()
    async with bench.wiring.database.transaction() as session:
        await session.execute(text("DELETE FROM journal WHERE id < 5"))
    await bench.answer(QUESTION)
    found = await read(meter_of(bench))
    assert found("deskhand_tickets_accepted_total") == 2
    assert found("deskhand_turns_total", outcome="delivered") == 2


async def test_two_processes_come_to_the_same_sums(bench: Bench) -> None:
    """Whichever of them wrote the file."""
    await bench.answer(QUESTION)
    one, two = meter_of(bench), meter_of(bench)
    assert (await one.read()).figures == (await two.read()).figures
    await one.close()
    await two.close()
    assert (await meter_of(bench).read()).figures == (await one.read()).figures


@pytest.mark.parametrize("broken", ["", "{}", "[1]", '{"version": 99, "last_id": 1}'])
async def test_a_broken_file_costs_the_sums_only(bench: Bench, broken: str) -> None:
    """They begin anew, near the end of the journal."""
    (bench.wiring.settings.home / meters.FILE_NAME).write_text(broken)
    await bench.answer(QUESTION)
    found = await read(meter_of(bench))
    assert found("deskhand_tickets_accepted_total") == 1


async def test_a_refresh_reads_a_bounded_number_of_rows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left is reported, and read the next time."""
    meter = meter_of(bench)
    await meter.read()
    await bench.answer(QUESTION)
    monkeypatch.setattr(meters, "BATCH_ROWS", 2)
    monkeypatch.setattr(meters, "MOST_BATCHES", 3)
    found = await read(meter)
    assert found("deskhand_journal_behind_rows") > 0
    for _ in range(20):
        found = await read(meter)
    assert found("deskhand_journal_behind_rows") == 0
    assert found("deskhand_turns_total", outcome="delivered") == 1


async def test_the_first_reading_is_shorter_than_a_later_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without sums it begins so few batches before the journal's end."""
    await bench.answer(QUESTION)
    monkeypatch.setattr(meters, "BATCH_ROWS", 1)
    monkeypatch.setattr(meters, "MOST_BATCHES", 1_000)
    found = await read(meter_of(bench))
    assert found("deskhand_tickets_accepted_total") == 0  # the journal's first row


async def test_the_first_reading_after_a_restart_is_as_short(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much was written while nobody asked; the next ones take in what is left."""
    before = meter_of(bench)
    await before.read()
    await before.close()
    await bench.answer(QUESTION)
    monkeypatch.setattr(meters, "BATCH_ROWS", 1)
    monkeypatch.setattr(meters, "MOST_BATCHES", 1_000)
    meter = meter_of(bench)
    found = await read(meter)
    assert found("deskhand_journal_behind_rows") > 0
    assert found("deskhand_tickets_accepted_total") == 1
    assert found("deskhand_turns_total") == 0
    found = await read(meter)
    assert found("deskhand_journal_behind_rows") == 0
    assert found("deskhand_turns_total", outcome="delivered") == 1


async def test_a_young_row_waits_for_those_written_beside_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction with a lower id may still be under way."""
    monkeypatch.setattr(ledger_metrics, "SETTLING_SECONDS", 60.0)
    await bench.answer(QUESTION)
    found = await read(meter_of(bench))
    assert found("deskhand_tickets_accepted_total") == 0
    assert found("deskhand_journal_behind_rows") > 0


async def test_breakers_are_counted_by_state(bench: Bench) -> None:
    """As the living workers see them."""
    async with bench.wiring.database.transaction() as session:
        for worker, state in (("w1", "open"), ("w2", "open"), ("w3", "closed")):
            session.add(
                ToolHealth(
                    worker=worker,
                    tenant="acme",
                    tool="lookup_order",
                    breaker=state,
                    opened=1,
                    retry_in_seconds=0,
                    tokens=1,
                    slots=4,
                    in_use=0,
                    waiting=0,
                    succeeded=0,
                    errors={},
                    latency=[],
                    schema_changes=0,
                    difference=[],
                )
            )
    found = await read(meter_of(bench))
    assert found("deskhand_breakers", tool="lookup_order", state="open") == 2
    assert found("deskhand_breakers", tool="lookup_order", state="closed") == 1


async def test_metrics_are_for_whoever_has_the_token(tmp_path: Path, template: Path) -> None:
    """Tenants stand in the labels: another key will not do, and nothing is there without one."""
    settings = desks.settings_in(tmp_path / "home", template, metrics_token=TOKEN)
    admin = await desks.new_key(settings, "me", ["admin"])
    async with desks.serving(settings) as client:
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/metrics", headers=admin)).status_code == 401
        wrong = {"Authorization": f"Bearer {TOKEN}x"}
        assert (await client.get("/metrics", headers=wrong)).status_code == 401
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "# HELP deskhand_turns_total" in answer.text
        assert "/metrics" not in (await client.get("/openapi.json")).json()["paths"]


async def test_without_a_token_there_are_no_metrics(settings: Settings) -> None:
    """Whatever address the caller has: a proxy on this machine is local, too."""
    async with desks.serving(settings) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_an_emptied_journal_is_read_from_its_beginning(bench: Bench) -> None:
    """Ids begin anew with the first row."""
    await bench.answer(QUESTION)
    meter = meter_of(bench)
    await meter.read()
    async with bench.wiring.database.transaction() as session:
        await session.execute(text("DELETE FROM journal"))
    await bench.answer(QUESTION)
    assert meter._figures is not None
    meter._figures.last_id += 1_000
    found = await read(meter)
    assert found("deskhand_tickets_accepted_total") == 2


async def test_the_first_since_a_moment_is_found(bench: Bench) -> None:
    """By halving ids: none, all, and the rows of the second ticket."""
    from memory.journal import journal
    from memory.tables import now

    database: Database = bench.wiring.database
    await bench.answer(QUESTION)
    between = now()
    ticket = await bench.answer(QUESTION)
    async with database.reading() as session:
        rows = await journal.since(session, between, limit=1_000)
        assert {row.ticket_id for row in rows} == {ticket.id}
        assert await journal.since(session, now() + timedelta(days=1), limit=10) == []
        whole = await journal.since(session, now() - timedelta(days=1), limit=1_000)
        assert [row.id for row in whole] == list(range(1, len(whole) + 1))
        assert len(await journal.since(session, between, limit=3)) == 3

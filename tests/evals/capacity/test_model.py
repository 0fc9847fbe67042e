"""What a deployment carries follows from the costs of a ticket, and the queues from chance."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.capacity.command import costs_of
from evals.capacity.model import FULL, Costs, Site, Station, carried, load, played
from evals.figures.datasets import DataError

COSTS = Costs(
    api_ms=5,
    worker_ms=45,
    minds_ms=0,
    commit_ms=5,
    server_ms=10,
    wait_ms=0,
    mb_per_1000=8,
)


def test_the_first_station_to_be_full_bounds_what_is_carried() -> None:
    """Cores grow with the machines; the one writer of a file does not."""
    one, first = carried(COSTS, Site(1, 2, "sqlite"))
    assert first.name == "cores of APIs and workers"
    assert one == pytest.approx(FULL * 40)
    many, first = carried(COSTS, Site(1, 64, "sqlite"))
    assert first.name == "commits of the ledger"
    assert many == pytest.approx(FULL * 200)
    _, first = carried(replace(COSTS, commit_ms=0.1), Site(100, 8, "postgres"))
    assert first.name == "cores of the database server"


def test_a_single_queue_waits_as_theory_has_it() -> None:
    """M/M/1 at half load: the mean time in it is twice the service."""
    taken = played([Station("one", 1, 100.0)], 5.0, 40_000, 0.0)
    assert sum(taken) / len(taken) == pytest.approx(0.2, rel=0.1)


def test_beyond_what_is_carried_the_queue_only_grows() -> None:
    """And no time is claimed for it."""
    found = load(COSTS, Site(1, 2, "sqlite"), 1_000.0, 100)
    assert (found.p50_seconds, found.busy > 1) == (None, True)


def test_a_newer_report_takes_the_place_of_what_was_measured_before(tmp_path: Path) -> None:
    """For the engine that it speaks of; another file is refused by its name."""
    report = tmp_path / "bench.json"
    report.write_text('{"metrics": {"sqlite_ticket_cpu_ms": {"value": 12.5}}}')
    assert costs_of("sqlite", report, local_minds=False).worker_ms == 12.5
    assert costs_of("postgres", report, local_minds=False).worker_ms != 12.5
    assert costs_of("sqlite", None, local_minds=False).minds_ms == 0
    report.write_text("[]")
    with pytest.raises(DataError, match=r"bench\.json is no report"):
        costs_of("sqlite", report, local_minds=True)

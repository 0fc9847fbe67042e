"""What the benchmarks make of what they saw."""

from pathlib import Path

import numpy as np
import pytest

from evals.bench import command, processes
from evals.bench.acknowledging import rate_figures
from evals.bench.bare import bare_runs
from evals.bench.command import NAMES, chosen, measured, reasons
from evals.bench.cost import Driven, cost_figures, disk_figure, process_figures
from evals.bench.figure import (
    Figures,
    Probe,
    Sizes,
    Spent,
    Unmeasured,
    of_percent,
    ratio,
    ratio_at,
    unmeasured,
    value,
)
from evals.bench.flooding import flood_figures
from evals.bench.ingesting import ingest_figures
from evals.bench.local_minds import local_figures
from evals.bench.passages import made, queries, recall
from evals.bench.plot import AIMS, svg
from evals.bench.searching import FULL, on_passages, search_figures
from evals.bench.waiting import kilobytes_each, share_of_ideal
from evals.figures.datasets import DataError


def test_cost_is_set_beside_the_bare_graph_in_processor_time() -> None:
    """The ratio is of processor time a piece; the clock stands beside it."""
    bare, driven = Spent(1.0, 9.0, 100), Driven(Spent(3.0, 4.0, 20), {}, {})
    found = cost_figures("sqlite", bare, driven)
    assert found["cpu_over_bare_sqlite"].value == pytest.approx(15.0)
    assert found["sqlite_ticket_wall_ms"].value == pytest.approx(200.0)
    assert found["sqlite_bare_cpu_ms"].value == pytest.approx(10.0)
    assert found["sqlite_bare_wall_ms"].n == 100


def test_processes_are_told_with_their_start() -> None:
    """A core carries as many tickets as fit into its second."""
    memory, ready = {"api": 160.0, "worker-0": 300.5}, {"api": 1.5, "worker-0": 3.0}
    found = process_figures(Driven(Spent(2.0, 1.0, 16), memory, ready))
    assert found["tickets_per_second_per_core"].value == pytest.approx(8.0)
    assert found["worker_mb"].value == pytest.approx(300.5)
    assert found["api_ready_cpu_seconds"].value == pytest.approx(1.5)


def test_disk_is_counted_beyond_the_texts() -> None:
    """Megabytes for a thousand tickets."""
    found = disk_figure(1_000_000, 3_100_000, texts=100_000, tickets=50)
    assert found.value == pytest.approx(40.0)


def test_acknowledgements_are_set_beside_the_least_handler() -> None:
    """The ratio is of the two 99th percentiles, and nothing counted is no figure."""
    found = rate_figures(50, [0.010] * 200, [0.002] * 200)
    assert found["ack_p99_over_bare_50"].value == pytest.approx(5.0)
    assert found["ack_ms_p50_at_50"].value == pytest.approx(10.0)
    assert ratio_at(99, [], [0.1]).reason
    assert of_percent([], 99).value is None


def test_waiting_is_set_beside_what_the_model_takes() -> None:
    """Two hundred calls of two seconds, a hundred at once, take four seconds at best."""
    assert share_of_ideal(8.0, tickets=200, at_once=100, calls=200).value == pytest.approx(0.5)
    assert share_of_ideal(4.0, tickets=50, at_once=100, calls=100).value == pytest.approx(1.0)
    assert kilobytes_each(200.0, 206.4, 64).value == pytest.approx(100.0)


def test_a_small_tenant_is_set_beside_itself() -> None:
    """Beside a flood over alone."""
    assert flood_figures([0.3] * 9, [0.2] * 9)["small_tenant_p95_ratio"].value == pytest.approx(1.5)


def test_ingestion_and_local_minds_show_processor_and_clock() -> None:
    """Both stand side by side."""
    ingested = ingest_figures(Spent(4.0, 2.0, 80))
    assert ingested["ingest_per_second"].value == pytest.approx(40.0)
    assert ingested["ingest_per_cpu_second"].value == pytest.approx(20.0)
    local = local_figures(Spent(10.0, 6.0, 20), 400.0)
    assert local["local_cpu_ms"].value == pytest.approx(500.0)
    assert local["local_ticket_wall_ms"].value == pytest.approx(300.0)


def test_the_named_search_figures_need_the_named_size() -> None:
    """A smaller base is told under other names, with the reason beside the empty ones."""
    small = search_figures([5.0, 6.0], 4.0, 0.97, 1_000)
    assert small["search_ms_p95_100k"].value is None
    assert f"--passages {FULL}" in str(small["search_recall_100k"].reason)
    assert small["search_recall"].value == pytest.approx(0.97)
    whole = search_figures([5.0, 6.0], 4.0, 0.97, FULL)
    assert whole["search_recall_100k"].value == pytest.approx(0.97)


def test_what_took_no_time_is_nothing_to_set_beside() -> None:
    """Neither a division by zero nor an infinite ratio."""
    assert ratio(1.0, 0.0, 5).value is None
    assert ratio(1.0, 0.0, 5).reason


def test_recall_counts_exact_neighbours() -> None:
    """Of four neighbours three were found; without any there is none."""
    assert recall([["a", "b"], ["c", "x"]], [["a", "b"], ["c", "d"]]) == pytest.approx(0.75)
    assert recall([], []) is None


def test_made_passages_lie_in_clouds_and_are_the_same_each_time() -> None:
    """A question beside a passage has neighbours that are nearer than the rest."""
    first, again = next(iter(made(500))), next(iter(made(500)))
    assert first.texts == again.texts
    assert np.allclose(np.linalg.norm(first.vectors, axis=1), 1.0, atol=1e-5)
    _, asked = queries(first.vectors, 3)
    cosines = np.sort(asked @ first.vectors.T, axis=1)
    assert (cosines[:, -1] > cosines[:, 0] + 0.3).all()


def test_a_small_base_is_searched(tmp_path: Path) -> None:
    """The whole path on a few passages: rows, full text, vectors, recall."""
    found = on_passages(Sizes(passages=300, searches=5), tmp_path)
    assert found["search_ms_p50"].n == 5
    assert found["search_recall"].value == pytest.approx(1.0, abs=0.1)


async def test_bare_runs_take_time() -> None:
    """Both clocks move, a run at a time."""
    spent = await bare_runs(2)
    assert spent.count == 2
    assert spent.wall > 0


STAT = "42 (a (odd) name) S 7 1 1 0 -1 4194560 1 0 0 0 250 50 70 30 20 0 9 0 1 1 1"


def test_processor_time_is_read_behind_an_odd_name() -> None:
    """Own and waited-for children's time, in seconds."""
    assert processes.cpu_seconds(STAT) == pytest.approx(400 / processes.TICKS)
    assert processes.parent(STAT) == 7


def test_a_process_that_has_ended_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No figure is made up for it."""
    monkeypatch.setattr(processes, "PROC", Path("/nowhere"))
    with pytest.raises(Unmeasured, match="process 1 "):
        processes.used(1)


def test_the_machine_is_stated() -> None:
    """Cores and versions stand with the figures."""
    assert processes.machine()["cores"] >= 1


def test_only_some_are_measured() -> None:
    """A metric's name brings its measurement; a wrong one says which there are."""
    assert [probe.names for probe in chosen(["local_cpu_ms"])] == [("local_cpu_ms",)]
    assert len(chosen([])) == len(command.PROBES)
    with pytest.raises(DataError, match="local_cpu_ms"):
        chosen(["speed"])


def test_what_cannot_be_measured_says_why() -> None:
    """It is null with its reason, and no failure of the others."""

    def absent(_sizes: Sizes, _folder: Path) -> Figures:
        raise Unmeasured("there is no server here")

    probes = [
        Probe(("cpu_over_bare_postgres",), absent),
        Probe(("api_mb",), lambda *_: {"other": value(1.0, 1), "api_mb": value(150.0, 1)}),
    ]
    found, failures = measured(probes, Sizes())
    assert failures == 0
    assert list(found) == ["api_mb", "cpu_over_bare_postgres", "other"]
    assert reasons(found) == [("cpu_over_bare_postgres", "there is no server here")]
    assert found["cpu_over_bare_postgres"].value is None


def test_a_measurement_that_fails_costs_the_others_nothing() -> None:
    """The failure is counted, so that the command fails, and its figure stays empty."""

    def broken(_sizes: Sizes, _folder: Path) -> Figures:
        raise LookupError("no such thing")

    probes = [
        Probe(("local_cpu_ms",), broken),
        Probe(("api_mb",), lambda *_: {"api_mb": value(150.0, 1)}),
    ]
    found, failures = measured(probes, Sizes())
    assert failures == 1
    assert found["local_cpu_ms"].value is None
    assert dict(reasons(found)) == {"local_cpu_ms": "it failed: LookupError: no such thing"}
    assert found["api_mb"].value == pytest.approx(150.0)


def test_every_promised_metric_has_a_measurement() -> None:
    """The names that a report is asked for."""
    promised = """cpu_over_bare_sqlite cpu_over_bare_postgres tickets_per_second_per_core
    local_cpu_ms ack_p99_over_bare_50 ack_p99_over_bare_200 waiting_share_of_ideal
    waiting_kb_each search_ms_p95_100k search_recall_100k ingest_per_second api_mb worker_mb
    small_tenant_p95_ratio mb_per_1000_tickets handoffs_slowest_ms_10k"""
    assert set(NAMES) == set(promised.split())


def test_the_plot_shows_how_far_each_figure_is_from_its_aim() -> None:
    """Also which have none, in one line for each figure that has an aim."""
    found = {
        "cpu_over_bare_sqlite": value(4.0, 10),
        "search_recall_100k": value(1.0, 10),
        "api_mb": unmeasured("no memory"),
        "of_no_aim": value(1.0, 1),
    }
    lines = svg(found).splitlines()
    assert sum("<rect" in one for one in lines) == 1 + 2
    assert any("4 (aim 2)" in one for one in lines)
    assert any("not measured" in one for one in lines)
    assert not any("of_no_aim" in one for one in lines)
    assert AIMS["cpu_over_bare_sqlite"].distance(4.0) == 2.0
    assert AIMS["search_recall_100k"].distance(0.99) == 1.0


def test_every_named_figure_has_an_aim() -> None:
    """And nothing else has."""
    assert set(AIMS) == set(NAMES)

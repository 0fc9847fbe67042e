"""`python -m evals bench`: what a ticket costs, as ratios measured side by side in one run."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from evals.bench import (
    acknowledging,
    cost,
    flooding,
    ingesting,
    local_minds,
    queue,
    searching,
    waiting,
)
from evals.bench.figure import Figure, Figures, Probe, Sizes, Unmeasured, unmeasured
from evals.bench.plot import write_plot
from evals.bench.processes import machine
from evals.figures.datasets import DataError
from evals.figures.metrics import Metric
from evals.figures.options import BUILD
from evals.figures.report import STDERR, write_report

PROBES = (
    Probe(
        (
            "cpu_over_bare_sqlite",
            "tickets_per_second_per_core",
            "api_mb",
            "worker_mb",
            "mb_per_1000_tickets",
        ),
        cost.on_sqlite,
    ),
    Probe(("cpu_over_bare_postgres",), cost.on_postgres),
    Probe(("local_cpu_ms",), local_minds.on_local_minds),
    Probe(("ack_p99_over_bare_50", "ack_p99_over_bare_200"), acknowledging.on_load),
    Probe(("waiting_share_of_ideal", "waiting_kb_each"), waiting.on_slow_model),
    Probe(("small_tenant_p95_ratio",), flooding.on_flood),
    Probe(("ingest_per_second",), ingesting.on_articles),
    Probe(searching.NAMED, searching.on_passages),
    Probe(queue.NAMED, queue.on_queue),
)
NAMES = tuple(name for probe in PROBES for name in probe.names)
NOTES = (
    "minds cost nothing but in local_cpu_ms; bare is LangGraph alone: no checkpoint, journal, queue",
    "cpu_over_bare: the worker process's processor time a ticket over that of a bare run",
    "bare runs are made half before and half after; Postgres's own time stands apart",
    "ack: from the moment a request was due, worker busy; bare is one row and one commit",
    "waiting: ideal is what the model's calls take if as many wait as --waiting-at-once says",
    "small_tenant: 95th percentile from acceptance to the end, beside a flood over alone",
    "handoffs: pages and searches of 10,000 handoffs, the server in this process; median",
    "a figure with a reason was not measured",
)


def bench(  # noqa: PLR0917
    out: Annotated[
        Path, typer.Option(help="Where the figures go; a plot is put beside it.")
    ] = BUILD / "bench.json",
    only: Annotated[
        list[str] | None, typer.Option(help=f"Measure these alone: {', '.join(NAMES)}.")
    ] = None,
    further: Annotated[
        list[str] | None, typer.Argument(help="More names behind that of --only.")
    ] = None,
    tickets: Annotated[int, typer.Option(min=5, help="Tickets driven on each database.")] = 100,
    local_tickets: Annotated[int, typer.Option(min=3, help="Tickets for the local minds.")] = 20,
    load_seconds: Annotated[
        float,
        typer.Option(
            min=0.5, help="Of the quickest load on the API; the others send as many tickets."
        ),
    ] = 5.0,
    waiting_tickets: Annotated[int, typer.Option(min=4, help="For the slow model.")] = 200,
    waiting_at_once: Annotated[int, typer.Option(min=1, help="That should wait at once.")] = 100,
    passages: Annotated[int, typer.Option(min=100, help="That are searched.")] = searching.FULL,
    searches: Annotated[int, typer.Option(min=5, help="Questions to them.")] = 100,
    flood: Annotated[int, typer.Option(min=10, help="Tickets of the tenant that floods.")] = 250,
    small: Annotated[int, typer.Option(min=3, help="Tickets of the one beside it.")] = 15,
    cache: Annotated[Path, typer.Option(help="Where the encoder is kept.")] = Path(".cache"),
) -> None:
    """Measure what a ticket costs beside the bare parts: processor, clock, memory and disk."""
    sizes = Sizes(
        tickets=tickets,
        local_tickets=local_tickets,
        load_seconds=load_seconds,
        waiting=waiting_tickets,
        waiting_at_once=waiting_at_once,
        passages=passages,
        searches=searches,
        flood=flood,
        small=small,
        cache=cache,
    )
    where = machine()
    found, failures = measured(chosen([*(only or ()), *(further or ())]), sizes)
    inputs = {"sizes": asdict(sizes) | {"cache": str(cache)}, "machine": where}
    notes = [*NOTES, f"machine: {where}", *(f"{name}: {why}" for name, why in reasons(found))]
    write_report(out, inputs=inputs, metrics=found, notes=notes)
    write_plot(out.with_suffix(".svg"), found)
    if failures:
        raise typer.Exit(1)


def chosen(only: Sequence[str]) -> list[Probe]:
    """The measurements that bring these metrics, all without any. Raises `DataError`."""
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise DataError(f"no metric {', '.join(unknown)}: there are {', '.join(NAMES)}")
    return [probe for probe in PROBES if not only or set(probe.names) & set(only)]


def measured(probes: Sequence[Probe], sizes: Sizes) -> tuple[dict[str, Metric], int]:
    """The figures, the named ones first, and how many measurements failed."""
    found: dict[str, Figure] = {}
    failures = 0
    for probe in probes:
        STDERR.print(f"measuring {', '.join(probe.names)}")
        figures, failed = _figures(probe, sizes)
        found |= figures
        failures += failed
    named = {name: found[name] for name in NAMES if name in found}
    return {**named, **found}, failures


def reasons(found: dict[str, Metric]) -> list[tuple[str, str]]:
    """Which of them have no value, and why."""
    return [
        (name, one.reason)
        for name, one in found.items()
        if isinstance(one, Figure) and one.reason is not None
    ]


def _figures(probe: Probe, sizes: Sizes) -> tuple[Figures, bool]:
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder:
        try:
            return probe.measure(sizes, Path(folder)), False
        except Unmeasured as why:
            return _without(probe, str(why)), False
        except Exception as error:  # noqa: BLE001 - the other figures are kept, the command fails
            return _without(probe, f"it failed: {type(error).__name__}: {error}"), True


def _without(probe: Probe, why: str) -> Figures:
    return {name: unmeasured(why) for name in probe.names}

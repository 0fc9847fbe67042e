"""A ticket's cost with minds that cost nothing, beside the bare graph, on either database."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from evals.bench.bare import TENANT, TEXT, bare_runs
from evals.bench.figure import (
    MS,
    Figure,
    Figures,
    Sizes,
    Spent,
    Unmeasured,
    ratio,
    spent_figures,
    value,
)
from evals.bench.processes import Watch, used, used_by_family
from evals.bench.running import await_all, bench_stack, questions
from evals.stack.postgres import PostgresMissing, missing, private_cluster
from evals.stack.sending import send_all
from evals.stack.stack import Stack

WARM_UP = 5
"""Tickets that nobody counts: the first ones pay for what is made once."""
WORKER = "worker-0"
THOUSAND = 1000
MEGABYTE = 1e6


@dataclass(frozen=True)
class Driven:
    """What a worker took for its tickets."""

    worker: Spent
    memory_mb: dict[str, float]
    ready_cpu: dict[str, float]
    """Processor seconds of API and worker from their start until they were ready."""


def drive(stack: Stack, count: int) -> Driven:
    """Start the stack and let its worker drive so many tickets. Raises `Unmeasured`."""
    stack.start_api()
    stack.start_worker()
    ready = {name: used(one.pid) for name, one in stack.processes.items()}
    key = stack.key(TENANT)
    with stack.client(key) as client:
        await_all(stack, key, send_all(client, questions("warm-up", WARM_UP)))
        worker = stack.processes[WORKER].pid
        watch = Watch(lambda: used(worker))
        sent = send_all(client, questions("cost", count))
        await_all(stack, key, sent)
    return Driven(watch.spent(count), stack.memory_mb(), ready)


def cost_figures(engine: str, bare: Spent, driven: Driven) -> dict[str, Figure]:
    """The ratio, and processor and clock of both sides."""
    worker = driven.worker
    return {
        f"cpu_over_bare_{engine}": ratio(worker.cpu_ms, bare.cpu_ms, worker.count),
        **spent_figures(f"{engine}_ticket", worker),
        **spent_figures(f"{engine}_bare", bare),
    }


def process_figures(driven: Driven) -> dict[str, Figure]:
    """Tickets a second that one core would carry, memory, and the price of a start."""
    worker, count = driven.worker, driven.worker.count
    return {
        "tickets_per_second_per_core": ratio(MS, worker.cpu_ms, count),
        "api_mb": value(driven.memory_mb["api"], 1),
        "worker_mb": value(driven.memory_mb[WORKER], 1),
        "api_ready_cpu_seconds": value(driven.ready_cpu["api"], 1),
        "worker_ready_cpu_seconds": value(driven.ready_cpu[WORKER], 1),
    }


def disk_figure(before: int, after: int, texts: int, tickets: int) -> Figure:
    """Megabytes for a thousand tickets beyond their texts, all given in bytes."""
    return value((after - before - texts) / tickets * THOUSAND / MEGABYTE, tickets)


def on_sqlite(sizes: Sizes, folder: Path) -> Figures:
    """The embedded engine."""
    with bench_stack(folder) as stack:
        before = _settled_bytes(stack.home)
        bare, driven = _beside_bare(stack, sizes.tickets)
        stack.stop()
        after = _settled_bytes(stack.home)
    tickets = sizes.tickets + WARM_UP
    disk = disk_figure(before, after, len(TEXT) * tickets, tickets)
    return {
        **cost_figures("sqlite", bare, driven),
        **process_figures(driven),
        "mb_per_1000_tickets": disk,
    }


def on_postgres(sizes: Sizes, folder: Path) -> Figures:
    """The same on a private server, whose own processor time stands beside."""
    if (reason := missing()) is not None:
        raise Unmeasured(reason)
    try:
        with private_cluster() as cluster:
            server = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
            url = cluster.create("bench")
            with bench_stack(folder, DESKHAND_DATABASE_URL=url) as stack:
                return _with_server(stack, sizes.tickets, lambda: used_by_family(server))
    except PostgresMissing as error:
        raise Unmeasured(str(error)) from error


def _with_server(stack: Stack, tickets: int, server: Callable[[], float]) -> Figures:
    watch = Watch(server)
    bare, driven = _beside_bare(stack, tickets)
    whole = watch.spent(tickets + WARM_UP)
    return {
        **cost_figures("postgres", bare, driven),
        "postgres_server_cpu_ms": value(whole.cpu_ms, tickets),
    }


def _beside_bare(stack: Stack, tickets: int) -> tuple[Spent, Driven]:
    # Half of the bare runs before and half after: a machine that slows down slows both.
    before = asyncio.run(bare_runs(tickets))
    driven = drive(stack, tickets)
    after = asyncio.run(bare_runs(tickets))
    return Spent(before.cpu + after.cpu, before.wall + after.wall, 2 * tickets), driven


def _settled_bytes(home: Path) -> int:
    """Of the databases in the folder, with their logs of changes written back."""
    total = 0
    for one in home.rglob("*.db"):
        with closing(sqlite3.connect(one)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        total += one.stat().st_size
    return total

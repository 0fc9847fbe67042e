"""`python -m evals growth`: what many settled tickets cost the next one, and what more workers bring."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx2
import typer

from evals.bench.bare import TENANT, TEXT
from evals.bench.figure import MS, Figure, Unmeasured, unmeasured, value
from evals.bench.filling import fill
from evals.bench.processes import Watch, machine, used, used_by_family
from evals.bench.running import await_all, bench_stack, questions
from evals.figures.options import BUILD
from evals.figures.report import STDERR, write_report
from evals.stack.postgres import Cluster, PostgresMissing, private_cluster
from evals.stack.sending import Outgoing, send_all
from evals.stack.stack import Stack, StackFailed
from evals.stack.topology import vector_server

SIZES = (1_000, 10_000, 100_000)
WORKERS = (1, 2, 4)
ENGINES = ("sqlite", "postgres")
MODELS = 10
"""Tickets that the product settles, of which the others are copies."""
RARE = "zanzibar"
"""A word of one of them."""
WARM_UP = 5
CATCH_UP_SECONDS = 6.0
"""Until the workers have made found and counted what was settled last."""
TOKEN = "a-token-for-the-growth-of-figures"  # noqa: S105 - of a stack that ends with the command
METRICS = "/metrics"
LOOKS = {
    "list": "/v1/tickets",
    "search_common": "/v1/tickets?q=password",
    "search_rare": f"/v1/tickets?q={RARE}",
    "search_mistyped": "/v1/tickets?q=pasword",
    "search_nothing": "/v1/tickets?q=xylophone",
    "insight_30_days": "/v1/insight?days=30",
    "insight_a_year": "/v1/insight?days=365",
    "handoffs": "/v1/handoffs",
    "ready": "/health/ready",
}
NOTES = (
    "N settled tickets are copies of ten that the product settled, spread over 30 days",
    "ms: by the clock, median; cpu_ms: processor of the API; server_ms: of Postgres beside it",
    "metrics_first: the first answer of a process, once",
    "per_second: tickets ended after all workers were ready, which were accepted before",
    "workers beyond the machine's cores share them, also with Postgres and the measurement itself",
)


@dataclass(frozen=True)
class Place:
    """Where it is measured."""

    engine: str
    stack: Stack
    cluster: Cluster | None

    def server(self) -> float:
        """Processor seconds of the database's server so far."""
        pid = None if self.cluster is None else self.cluster.pid
        return 0.0 if pid is None else used_by_family(pid)


def growth(  # noqa: PLR0917
    out: Annotated[Path, typer.Option(help="Where the figures go (JSON).")] = BUILD / "growth.json",
    size: Annotated[
        list[int] | None, typer.Option(help=f"Settled tickets; repeat. {SIZES} by default.")
    ] = None,
    engine: Annotated[
        list[str] | None, typer.Option(help="sqlite or postgres; repeat. Both by default.")
    ] = None,
    workers: Annotated[
        list[int] | None, typer.Option(help=f"Workers on Postgres; repeat. {WORKERS} by default.")
    ] = None,
    tickets: Annotated[int, typer.Option(min=5, help="Driven at each size.")] = 50,
    queued: Annotated[int, typer.Option(min=10, help="Tickets that wait for the workers.")] = 400,
    looks: Annotated[int, typer.Option(min=3, help="Times that each page is asked for.")] = 10,
) -> None:
    """Measure cost at several numbers of settled tickets, and tickets a second by workers."""
    where, found = machine(), dict[str, Figure]()
    for name in engine or ENGINES:
        measure = partial(flat, name, size or SIZES, tickets, looks)
        found |= _measured(f"flat_{name}", measure)
    found |= _measured("workers", partial(by_workers, workers or WORKERS, queued))
    inputs = {"sizes": list(size or SIZES), "tickets": tickets, "queued": queued, "machine": where}
    notes = [*NOTES, f"machine: {where}"]
    notes += [f"{name}: {one.reason}" for name, one in found.items() if one.reason]
    write_report(out, inputs=inputs, metrics=found, notes=notes)


def _measured(name: str, measure: Callable[[], dict[str, Figure]]) -> dict[str, Figure]:
    STDERR.print(f"measuring {name}")
    try:
        return measure()
    except (PostgresMissing, StackFailed, Unmeasured, TimeoutError) as why:
        return {name: unmeasured(str(why))}


def flat(engine: str, sizes: Sequence[int], tickets: int, looks: int) -> dict[str, Figure]:
    """What a ticket and each page take at these numbers of settled tickets."""
    found: dict[str, Figure] = {}
    with _place(engine) as place:
        settled, filled = _models(place.stack), 0
        for size in sorted(sizes):
            STDERR.print(f"filling {engine} with {size} tickets")
            made = fill(place.stack.settings.ledger_url, settled, size - filled, before=filled)
            filled, at = size, f"{engine}_{size}"
            found[f"{at}_indexing_cpu_ms"] = value(made.indexing_cpu_ms, made.tickets)
            found[f"{at}_counting_cpu_ms"] = value(made.counting_cpu_ms, made.tickets)
            place.stack.start_api()
            found |= {f"{at}_{name}": one for name, one in _looked(place, looks).items()}
            found |= {f"{at}_{name}": one for name, one in _driven(place, tickets).items()}
            place.stack.stop()
    return found


@contextmanager
def _place(engine: str, *, shared: bool = False) -> Iterator[Place]:
    """`shared`: with a server of vectors, as several workers want it."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="deskhand-growth-")))
        extra, cluster = {"DESKHAND_METRICS_TOKEN": TOKEN, "DESKHAND_QUEUE_DEPTH": "1000000"}, None
        if engine == "postgres":
            cluster = opened.enter_context(private_cluster())
            extra["DESKHAND_DATABASE_URL"] = cluster.create("growth")
        if shared:
            extra["DESKHAND_CHROMA_URL"] = opened.enter_context(
                vector_server(folder / "chroma")
            ).address
        stack = opened.enter_context(bench_stack(folder / "stack", **extra))
        yield Place(engine, stack, cluster)


def _models(stack: Stack) -> list[str]:
    """Ids of the tickets that are copied."""
    stack.start_api()
    stack.start_worker()
    key = stack.key(TENANT)
    texts = [TEXT] * (MODELS - 1) + [f"{TEXT} Of the {RARE} account."]
    with stack.client(key) as client:
        outgoing = [Outgoing(f"model-{n}", {"text": one}) for n, one in enumerate(texts)]
        ended = await_all(stack, key, send_all(client, outgoing))
    time.sleep(CATCH_UP_SECONDS)
    stack.stop()
    return sorted(ended)


def _looked(place: Place, looks: int) -> dict[str, Figure]:
    """What each page takes."""
    found: dict[str, Figure] = {}
    with place.stack.client(place.stack.key(TENANT)) as client:
        client.get("/v1/tickets?limit=1").raise_for_status()
        with place.stack.client(TOKEN) as metrics:
            found |= _asked(place, metrics, "metrics_first", METRICS, 1)
        for name, path in LOOKS.items():
            found |= _asked(place, client, name, path, looks)
    return found


def _asked(
    place: Place, client: httpx2.Client, name: str, path: str, looks: int
) -> dict[str, Figure]:
    pid = place.stack.processes["api"].pid
    ours, theirs = Watch(lambda: used(pid)), Watch(place.server)
    times = []
    for _ in range(looks):
        began = time.perf_counter()
        client.get(path).raise_for_status()
        times.append((time.perf_counter() - began) * MS)
    found = {
        f"{name}_ms": value(sorted(times)[looks // 2], looks),
        f"{name}_cpu_ms": value(ours.spent(looks).cpu_ms, looks),
    }
    if place.cluster is not None:
        found[f"{name}_server_ms"] = value(theirs.spent(looks).cpu_ms, looks)
    return found


def _driven(place: Place, tickets: int) -> dict[str, Figure]:
    """What a ticket takes of its worker, and of the server beside it."""
    stack = place.stack
    stack.start_worker()
    key, pid = stack.key(TENANT), stack.processes["worker-0"].pid
    with stack.client(key) as client:
        await_all(stack, key, send_all(client, questions(f"warm-{time.time_ns()}", WARM_UP)))
        ours, theirs = Watch(lambda: used(pid)), Watch(place.server)
        await_all(stack, key, send_all(client, questions(f"cost-{time.time_ns()}", tickets)))
    found = {"ticket_cpu_ms": value(ours.spent(tickets).cpu_ms, tickets)}
    if place.cluster is not None:
        found["ticket_server_ms"] = value(theirs.spent(tickets).cpu_ms, tickets)
    return found


def by_workers(counts: Sequence[int], queued: int) -> dict[str, Figure]:
    """Tickets a second that so many workers on Postgres end, of those that wait for them."""
    return {f"workers_{count}_per_second": _rate(count, queued) for count in counts}


def _rate(workers: int, queued: int) -> Figure:
    STDERR.print(f"{workers} workers")
    with _place("postgres", shared=True) as place:
        stack = place.stack
        stack.start_api()
        key = stack.key(TENANT)
        with stack.client(key) as client:
            sent = send_all(client, questions("queued", queued))
        for number in range(workers):
            stack.start_worker(number, wait=False)
        for number in range(workers):
            stack.await_log(f"worker-{number}", b"worker ready")
        ready = time.time()
        ended = await_all(stack, key, sent)
    ends = sorted(datetime.fromisoformat(one["ended_at"]).timestamp() for one in ended.values())
    later = [one for one in ends if one > ready]
    if not later:
        return unmeasured("all of them ended before the last worker was ready: queue more")
    return value(len(later) / (later[-1] - ready), len(later))

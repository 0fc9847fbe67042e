"""A small tenant's tickets while another one floods the same worker."""

import threading
from pathlib import Path

from evals.bench.figure import MS, Figure, Figures, Sizes, of_percent, ratio_at
from evals.bench.running import DRAIN_SECONDS, bench_stack, questions
from evals.stack.sending import follow, seconds_to_end, send_all
from evals.stack.stack import Stack

SMALL, BIG = "small", "flood"
WARM_UP = 2


def on_flood(sizes: Sizes, folder: Path) -> Figures:
    """First alone, then while the other's tickets come as fast as they are taken."""
    extra = {
        "DESKHAND_WORKER_CONCURRENCY": "4",
        "DESKHAND_TENANT_CONCURRENCY": "2",
        "DESKHAND_QUEUE_DEPTH": "1000000",
    }
    with bench_stack(folder, (SMALL, BIG), **extra) as stack:
        stack.start_api()
        stack.start_worker()
        small, big = stack.key(SMALL), stack.key(BIG)
        _one_by_one(stack, small, "warm-up", WARM_UP)
        alone = _one_by_one(stack, small, "alone", sizes.small)
        flood = threading.Thread(target=_pour, args=(stack, big, sizes.flood), daemon=True)
        flood.start()
        beside = _one_by_one(stack, small, "beside", sizes.small)
        flood.join(DRAIN_SECONDS)
    return flood_figures(beside, alone)


def flood_figures(beside: list[float], alone: list[float]) -> dict[str, Figure]:
    """The ratio at the 95th percentile, and both sides. Times in seconds."""
    return {
        "small_tenant_p95_ratio": ratio_at(95, beside, alone),
        "small_tenant_ms_p95": of_percent([one * MS for one in beside], 95),
        "small_tenant_alone_ms_p95": of_percent([one * MS for one in alone], 95),
    }


def _one_by_one(stack: Stack, key: str, name: str, count: int) -> list[float]:
    """Seconds from acceptance to the end of each, by the server's clock."""
    with stack.client(key) as client:
        taken = []
        for one in questions(name, count):
            sent = send_all(client, [one])
            ended = follow(client, sent, DRAIN_SECONDS)
            taken += [seconds_to_end(found) for found in ended.values()]
        return taken


def _pour(stack: Stack, key: str, count: int) -> None:
    with stack.client(key) as client:
        send_all(client, questions("flood", count))

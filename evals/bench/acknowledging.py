"""How soon a ticket is acknowledged while the worker is busy, beside the least handler."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from evals.bench.bare import TENANT, TEXT
from evals.bench.figure import MS, Figure, Figures, Sizes, of_percent, ratio_at
from evals.bench.running import bench_stack, questions
from evals.stack.sending import send_all
from evals.stack.stack import Stack, free_port

RATES = (50, 200)
"""Tickets a second. Each load has as many tickets: of 250 the 99th percentile would be the third slowest."""
BACKLOG = 200
"""Tickets for each second of a load, before it: more than a worker ends, so that it is busy beside either
handler until the last request."""
ANSWER_SECONDS = 60.0
CONNECTIONS = 256
IDLE_SECONDS = 2.0
"""A connection is not used again after so long: the bare handler's server closes it after 5."""
BARE = "bare-api"
NO_KEY = "none"
"""The least handler looks at no key."""


def on_load(sizes: Sizes, folder: Path) -> Figures:
    """Both handlers in turn at each rate."""
    with bench_stack(folder, DESKHAND_QUEUE_DEPTH="1000000") as stack:
        bare = _start(stack)
        key = stack.key(TENANT)
        found: dict[str, Figure] = {}
        for rate in RATES:
            took, count = [], int(max(RATES) * sizes.load_seconds)
            for url, used, name in ((bare, NO_KEY, "bare"), (stack.url, key, "ours")):
                with stack.client(key) as client:
                    backlog = questions(f"{name}-{rate}", BACKLOG * count // rate)
                    send_all(client, backlog)
                with _uncollected():
                    took.append(asyncio.run(_post(url, used, rate, count, name)))
            least, ours = took
            found |= rate_figures(rate, ours, least)
        return found


def rate_figures(rate: int, ours: list[float], bare: list[float]) -> dict[str, Figure]:
    """The ratio at the 99th percentile, and both sides. Times in seconds."""
    return {
        f"ack_p99_over_bare_{rate}": ratio_at(99, ours, bare),
        f"ack_ms_p50_at_{rate}": of_percent([one * MS for one in ours], 50),
        f"ack_ms_p99_at_{rate}": of_percent([one * MS for one in ours], 99),
        f"bare_ack_ms_p99_at_{rate}": of_percent([one * MS for one in bare], 99),
    }


def _start(stack: Stack) -> str:
    stack.start_api()
    stack.start_worker()
    port = free_port()
    stack.start_module(
        BARE, "evals.bench.bare_api", "--port", str(port), "--db", str(stack.home / "bare.db")
    )
    url = f"http://127.0.0.1:{port}"
    stack.await_answer(BARE, f"{url}/health/live")
    return url


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without pauses of this process's own collector: they took 40 ms of whichever side they met."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _post(url: str, key: str, rate: int, count: int, name: str) -> list[float]:
    """Seconds from the moment at which each was due, so that a queue in front counts as well."""
    limits = httpx2.Limits(
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
    )
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(
        base_url=url, headers=headers, timeout=ANSWER_SECONDS, limits=limits
    ) as client:
        begun = time.perf_counter()

        async def one(number: int) -> float:
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            answer = await client.post(
                "/v1/tickets",
                json={"text": TEXT},
                headers={"Idempotency-Key": f"{name}-{rate}-{number}"},
            )
            answer.raise_for_status()
            return time.perf_counter() - due

        return await asyncio.gather(*(one(number) for number in range(count)))

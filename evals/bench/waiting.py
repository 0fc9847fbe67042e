"""Many tickets that wait for a slow model: how close to the ideal, and what a waiting one holds."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import yaml

from api.settings import MOST_AT_ONCE
from evals.bench.bare import TENANT
from evals.bench.figure import Figure, Figures, Sizes, spent_figures, value
from evals.bench.processes import Watch, used
from evals.bench.running import await_all, bench_stack, questions
from evals.faults.model_process import FaultyModel, serving_model
from evals.stack.sending import send_all
from evals.stack.stack import Stack

MODEL_SECONDS = 2.0
HELD_SECONDS = 25.0
"""A model so slow that as many wait as may, however long it takes them to get there."""
MODEL = "openai:slow-1"
PRICE = {"input_per_million": 1.0, "output_per_million": 4.0}
SAMPLE_SECONDS = 0.2
LOOK_SECONDS = 0.5
WORKER = "worker-0"
KILOBYTES = 1000.0


@dataclass
class Peak:
    """The most memory that was seen, in MB."""

    mb: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)


def on_slow_model(sizes: Sizes, folder: Path) -> Figures:
    """The classifier is a model that takes two seconds; everything else costs nothing."""
    slots = min(sizes.waiting_at_once, MOST_AT_ONCE)
    settings = {"WORKER_CONCURRENCY": str(slots), "TENANT_CONCURRENCY": str(slots)}
    extra = {f"DESKHAND_{name}": one for name, one in settings.items()}
    with (
        serving_model() as model,
        bench_stack(folder, OPENAI_API_KEY="loopback", **extra) as stack,
    ):
        _write_desk(stack.desk, model)
        stack.start_api()
        key = stack.key(TENANT)
        held, first = _held(stack, key, model, slots)
        with stack.client(key) as client:
            sent = send_all(client, questions("waiting", sizes.waiting))
        # The tickets stand in the queue before the worker comes: posting takes none of its time.
        stack.start_worker()
        worker = stack.processes[WORKER].pid
        ready = stack.memory_mb()[WORKER]
        watch, began = Watch(lambda: used(worker)), time.time()
        with _peak(stack) as peak:
            # The last ones first: to ask for each all the time takes the processors that the worker needs.
            for last in (sent[-1:], sent[-slots:]):
                await_all(stack, key, last)
        spent = watch.spent(sizes.waiting)
        wall = _last_end(await_all(stack, key, sent)) - began
        calls, waited = model.calls, model.most_at_once
    spent = replace(spent, wall=wall)
    return {
        "waiting_share_of_ideal": share_of_ideal(
            spent.wall, sizes.waiting, sizes.waiting_at_once, calls
        ),
        "waiting_kb_each": held,
        "waiting_peak_kb_each": kilobytes_each(ready + first, peak.mb, waited),
        "waiting_most_at_once": value(waited, sizes.waiting),
        **spent_figures("waiting_ticket", spent),
    }


def _last_end(ended: Mapping[str, Mapping[str, str]]) -> float:
    """When the last of them ended, by the server's clock: nobody asked for all of them at once."""
    return max(datetime.fromisoformat(one["ended_at"]).timestamp() for one in ended.values())


def _held(stack: Stack, key: str, model: FaultyModel, slots: int) -> tuple[Figure, float]:
    """What each ticket that waits holds, and megabytes that a worker loads once, for its first ticket."""
    _slow(model, MODEL_SECONDS)
    stack.start_worker()
    ready = stack.memory_mb()[WORKER]
    with stack.client(key) as client:
        await_all(stack, key, send_all(client, questions("first", 1)))
        first = stack.memory_mb()[WORKER]
        _slow(model, HELD_SECONDS)
        until = time.monotonic() + HELD_SECONDS
        sent = send_all(client, questions("held", slots))
    while model.most_at_once < slots and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    each = kilobytes_each(first, stack.memory_mb()[WORKER], model.most_at_once)
    await_all(stack, key, sent)
    stack.kill(WORKER)
    _slow(model, MODEL_SECONDS)
    return each, first - ready


def _slow(model: FaultyModel, seconds: float) -> None:
    model.reset()
    model.plan({"kind": "slow", "seconds": seconds}, forever=True)


def share_of_ideal(wall: float, tickets: int, at_once: int, calls: int) -> Figure:
    """The time that `calls` of two seconds take if `at_once` always wait, over the real time."""
    ideal = max(calls / at_once, calls / tickets) * MODEL_SECONDS
    return value(ideal / wall, tickets)


def kilobytes_each(ready_mb: float, peak_mb: float, waiting: int) -> Figure:
    """What the worker grew by, for each ticket that waited."""
    return value((peak_mb - ready_mb) * KILOBYTES / waiting, waiting)


def _write_desk(desks: Path, model: FaultyModel) -> None:
    spec = {"model": MODEL, "service": "model", "timeout_seconds": 30.0, "price": PRICE}
    desk = {
        "tenant": TENANT,
        "company": "Bench",
        "services": {"model": {"base_url": model.base_url}},
        "minds": {"classifier": "model", "model": spec},
        "intents": [{"name": "passwords", "examples": ["reset my password", "a new password"]}],
    }
    (desks / f"{TENANT}.yaml").write_text(yaml.safe_dump(desk), encoding="utf-8")


@contextmanager
def _peak(stack: Stack) -> Iterator[Peak]:
    """The worker's memory, looked at while the block runs."""
    peak = Peak()

    def look() -> None:
        while not peak.over.is_set():
            peak.mb = max(peak.mb, stack.memory_mb()[WORKER])
            time.sleep(SAMPLE_SECONDS)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak.over.set()
        thread.join()

"""A ticket's processor time with the local minds, on a real desk's articles and tickets."""

import json
from itertools import cycle, islice
from pathlib import Path

from evals.bench.figure import Figure, Figures, Sizes, Spent, spent_figures, value
from evals.bench.processes import Watch, used
from evals.bench.running import await_all
from evals.stack.sending import Outgoing, send_all
from evals.stack.stack import Stack, scratch

EXAMPLE = Path("examples/tarnbrook")
TENANT = "tarnbrook"
WORKER = "worker-0"
WARM_UP = 3


def on_local_minds(sizes: Sizes, folder: Path) -> Figures:
    """The example library, whose desk needs no outside service."""
    bodies = [_body(line) for line in (EXAMPLE / "tickets.jsonl").read_text().splitlines() if line]
    extra = {"DESKHAND_CACHE": str(sizes.cache.resolve())}
    with scratch(folder / "data", EXAMPLE / "desk.yaml", fresh=True, **extra) as stack:
        stack.load(str(EXAMPLE / "articles"), tenant=TENANT)
        stack.start_api()
        stack.start_worker()
        spent = _driven(stack, bodies, sizes.local_tickets)
        memory = stack.memory_mb()[WORKER]
    return local_figures(spent, memory)


def local_figures(spent: Spent, memory_mb: float) -> dict[str, Figure]:
    """Processor beside clock, and what the worker holds with its encoder at work."""
    return {
        "local_cpu_ms": value(spent.cpu_ms, spent.count),
        "local_worker_mb": value(memory_mb, 1),
        **spent_figures("local_ticket", spent),
    }


def _driven(stack: Stack, bodies: list[dict[str, str]], count: int) -> Spent:
    key, worker = stack.key(TENANT), stack.processes[WORKER].pid
    outgoing = [
        Outgoing(f"local-{number}", body)
        for number, body in enumerate(islice(cycle(bodies), WARM_UP + count))
    ]
    with stack.client(key) as client:
        await_all(stack, key, send_all(client, outgoing[:WARM_UP]))
        watch = Watch(lambda: used(worker))
        await_all(stack, key, send_all(client, outgoing[WARM_UP:]))
    return watch.spent(count)


def _body(line: str) -> dict[str, str]:
    ticket = json.loads(line)
    return {"subject": ticket["subject"], "text": ticket["body"]}

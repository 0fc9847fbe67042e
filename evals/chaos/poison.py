"""`python -m evals poison`: tickets that end their worker, beside those of three other tenants.

Each kind of poison is measured against the same tickets without it: what the others lose by it,
how many workers died, and whether a person has the poison in the end.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import typer

from evals.chaos.poisoned import CRASH, EAT, SPIN
from evals.figures.metrics import Metric, exact
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report
from evals.stack.chaotic import TENANT, chaotic_stack
from evals.stack.sending import Outgoing, follow, seconds_to_end, send_all
from evals.stack.stack import Stack
from memory.journal.codes import Reason
from memory.journal.events import WorkerDied

OTHERS = ("north", "south", "west")
"""Tenants whose tickets are innocent."""
EACH = 3
"""Tickets of each."""
TEXT = "How do I reset my password? #slow"
END_SECONDS = 180.0
MEMORY_MB = 700
"""Above what a worker with scripted minds holds."""
MOST_DELAY_SECONDS = 15.0
MOST_DEATHS = 2
POISONS = (SPIN, EAT, CRASH)


@dataclass(frozen=True)
class Outcome:
    """What one run showed."""

    poison: str
    """Empty for the run without one."""
    seconds: tuple[float, ...]
    """Of the innocent tickets, from acceptance to the end."""
    outcomes: tuple[str, ...]
    """Of the innocent tickets."""
    deaths: int
    """Of workers, held against the poison."""
    reason: str | None
    """Why a person has the poison; None if nobody has it."""

    @property
    def slowest(self) -> float:
        """Of the innocent tickets."""
        return max(self.seconds, default=0.0)


def poison(
    out: FiguresFile = BUILD / "poison.json",
) -> None:
    """Let three kinds of ticket end their worker; exit status 1 if others suffer for it."""
    with tempfile.TemporaryDirectory(prefix="deskhand-poison-") as folder:
        found = run_all(Path(folder))
    faults = [fault for one in found[1:] for fault in _faults_of(one, found[0])]
    write_report(
        out, inputs={"runs": [asdict(one) for one in found]}, metrics=figures(found), notes=faults
    )
    for fault in faults:
        STDERR.print(fault, style="red")
    if faults:
        raise typer.Exit(1)


def run_all(folder: Path, poisons: Sequence[str] = POISONS) -> list[Outcome]:
    """One run without poison, then one with each, on one stack."""
    with poisoned_stack(folder) as stack:
        return [one_run(stack, poison) for poison in ("", *poisons)]


def _faults_of(one: Outcome, healthy: Outcome) -> list[str]:
    """What must not be; empty if all is well."""
    found = []
    if one.reason != Reason.STOPPED_PROGRAM:
        found.append(f"{one.poison}: a person has it for {one.reason!r}")
    if one.deaths > MOST_DEATHS:
        found.append(f"{one.poison}: {one.deaths} workers died of it")
    if set(one.outcomes) != {"delivered"} or len(one.outcomes) != len(OTHERS) * EACH:
        found.append(f"{one.poison}: the other tickets ended as {sorted(one.outcomes)}")
    if one.slowest > healthy.slowest + MOST_DELAY_SECONDS:
        found.append(f"{one.poison}: {one.slowest:.1f} s instead of {healthy.slowest:.1f} s")
    return found


def figures(found: Sequence[Outcome]) -> dict[str, Metric]:
    """The runs in numbers."""
    metrics = {}
    for one in found:
        name = one.poison.removeprefix("#") or "none"
        metrics[f"{name}_slowest_seconds"] = exact(one.slowest, len(one.seconds))
        metrics[f"{name}_deaths"] = exact(one.deaths, 1)
    return metrics


@contextmanager
def poisoned_stack(folder: Path) -> Iterator[Stack]:
    """`deskhand up` over four tenants, with workers that can be poisoned."""
    limits = {"DESKHAND_WORKER_MEMORY_MB": str(MEMORY_MB), "DESKHAND_WORKER_CONCURRENCY": "4"}
    with chaotic_stack(folder, others=OTHERS, **limits) as stack:
        stack.start_module("up", "evals.chaos.poisoned", "up")
        stack.await_log("up", b"worker ready")
        yield stack


def one_run(stack: Stack, poison: str) -> Outcome:
    """The innocent tickets, and the poison if one is named, all at once."""
    with _clients(stack) as clients:
        bad = send_all(clients[TENANT], _texts(TENANT, poison, 1)) if poison else []
        sent = {name: send_all(clients[name], _texts(name, poison, EACH)) for name in OTHERS}
        ended = {
            one: view
            for name, some in sent.items()
            for one, view in follow(clients[name], some, END_SECONDS).items()
        }
        poisoned = follow(clients[TENANT], bad, END_SECONDS)
        deaths = sum(_deaths_of(clients[TENANT], one) for one in poisoned)
    return Outcome(
        poison,
        tuple(seconds_to_end(view) for view in ended.values()),
        tuple(str(view["outcome"]) for view in ended.values()),
        deaths,
        next((view["reason"] for view in poisoned.values()), None),
    )


def _texts(tenant: str, poison: str, count: int) -> list[Outgoing]:
    text = f"{TEXT} {poison}" if tenant == TENANT else TEXT
    return [
        Outgoing(f"{tenant}-{poison.removeprefix('#')}-{number}", {"text": text})
        for number in range(count)
    ]


@contextmanager
def _clients(stack: Stack) -> Iterator[dict[str, httpx2.Client]]:
    clients = {name: stack.client(stack.key(name)) for name in (TENANT, *OTHERS)}
    try:
        yield clients
    finally:
        for client in clients.values():
            client.close()


def _deaths_of(client: httpx2.Client, ticket_id: str) -> int:
    """By the ticket's own journal: it is written with the ending, where a log may come later."""
    rows = client.get(f"/v1/tickets/{ticket_id}/journal").raise_for_status().json()["rows"]
    return sum((row["kind"], row["name"]) == (WorkerDied.kind, WorkerDied.name) for row in rows)

"""`python -m evals chaos`: a real stack under kill -9, and what its customers see of it.

Every acknowledged ticket must end, no reply may be sent twice (counted where replies arrive),
and no journal may have a gap.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import Progress

from evals.chaos.journal_gaps import gaps, ways
from evals.chaos.worker_pool import WorkerPool
from evals.measures.metrics import Metric, exact, percentile
from evals.measures.report import write_report
from evals.stack.sending import ENDED, seconds_to_end
from evals.stack.stack import Stack, free_port, scratch
from memory.journal import journal
from memory.storage.database import Database

TENANT = "chaos"
SERVICE = "examples.fernhill.service"
ARTICLE = '{"doc_id": "a", "title": "Passwords", "text": "Reset a password under Settings."}\n'
TEXTS = (
    "How do I reset my password?",
    "Reset my password, please. #person",
    "How do I reset my password? #slow",
    "Reset my password. #unsure",
)
"""Delivered, with a person, delivered after half a second, answered with a question."""
KILLED_EARLY = 0.1
"""Share of the workers that are killed before they are ready."""
END_SECONDS = 120.0
"""How long the tickets may take after the last kill."""
PAUSE_SECONDS = 0.05
LONGEST_LIFE_SECONDS = 1.5
"""Of a worker, from the moment it is ready."""
STDERR = Console(stderr=True)

Step = Callable[[], None]


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    kills: int
    """Of the worker."""
    api_kills: int
    tickets: int
    seed: int = 1
    """Of the moments."""


@dataclass
class Observed:
    """What a run of chaos did and found."""

    tickets: int = 0
    worker_kills: int = 0
    api_kills: int = 0
    database_kills: int = 0
    repeated_posts: int = 0
    seconds: float = 0.0
    views: list[dict[str, Any]] = field(default_factory=list)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Messages that arrived, by ticket and kind."""
    suppressed: int = 0
    """Repetitions that the receiving service was spared or recognised."""
    gaps: list[str] = field(default_factory=list)
    drives: list[int] = field(default_factory=list)
    """Of each ticket: more than one means that it was cut off and taken up again."""

    @property
    def faults(self) -> list[str]:
        """What must not be; empty where all is well."""
        unended = [one["id"] for one in self.views if one["status"] not in ENDED]
        twice = [f"{kind} of {one} sent {n} times" for (one, kind), n in self.sent.items() if n > 1]
        silent = [
            f"{one['id']} is {one['outcome']} and nothing was sent"
            for one in self.views
            if one["status"] in ENDED and not any(key[0] == one["id"] for key in self.sent)
        ]
        lost = [] if len(self.views) == self.tickets else ["an acknowledged ticket is not there"]
        return [*lost, *(f"{one} did not end" for one in unended), *twice, *silent, *self.gaps]


def register(app: typer.Typer) -> None:
    """Bring the command."""
    app.command("chaos")(chaos)


def chaos(  # noqa: PLR0917 - typer passes each option by name
    kills: Annotated[int, typer.Option(help="Kills of the worker.")] = 100,
    api_kills: Annotated[int, typer.Option(help="Kills of the API.")] = 10,
    tickets: Annotated[int, typer.Option(help="Tickets that are sent meanwhile.")] = 300,
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = Path("chaos.json"),
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 1,
    every_step: Annotated[
        bool, typer.Option("--every-step", help="Die at every place of a run instead.")
    ] = False,
    repeats: Annotated[int, typer.Option(help="Deaths at each place (--every-step).")] = 5,
    postgres: Annotated[
        bool,
        typer.Option("--postgres", help="Three workers and two APIs that share a Postgres alone."),
    ] = False,
    lanes: Annotated[int, typer.Option(help="Stacks at once (--every-step).", min=1)] = 2,
) -> None:
    """Kill the worker and the API at random moments; exit status 1 where anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="deskhand-chaos-") as folder:
        if every_step:
            from evals.chaos.crash_matrix import run_all

            raise typer.Exit(run_all(Path(folder), repeats, out, lanes=lanes))
        with Progress(console=STDERR) as progress:
            task = progress.add_task("kills", total=kills + api_kills)
            plan = Plan(kills, api_kills, tickets, seed)
            tally = _storm(postgres=postgres)(Path(folder), plan, lambda: progress.advance(task))
    write_report(out, inputs=asdict(plan), metrics=figures(tally), notes=tally.faults)
    if tally.faults:
        raise typer.Exit(1)


def _storm(*, postgres: bool) -> Callable[[Path, Plan, Step], Observed]:
    if postgres:
        from evals.chaos.hosts import storm_of_hosts

        return storm_of_hosts
    return storm


def figures(tally: Observed) -> dict[str, Metric]:
    """The run in numbers."""
    ended = [one for one in tally.views if one["status"] in ENDED]
    seconds = [seconds_to_end(one) for one in ended]
    twice = sum(n - 1 for n in tally.sent.values())
    count = tally.tickets
    return {
        "worker_kills": exact(tally.worker_kills, tally.worker_kills),
        "api_kills": exact(tally.api_kills, tally.api_kills),
        "database_kills": exact(tally.database_kills, tally.database_kills),
        "acknowledged": exact(count, count),
        "ended": exact(len(ended), count),
        "sent_twice": exact(twice, count),
        "journal_gaps": exact(len(tally.gaps), count),
        "taken_up_again": exact(sum(drives > 1 for drives in tally.drives), count),
        "posts_repeated": exact(tally.repeated_posts, count),
        "service_suppressed": exact(tally.suppressed, count),
        "seconds_to_end_p50": percentile(seconds, 50),
        "seconds_to_end_p95": percentile(seconds, 95),
        "seconds": exact(tally.seconds, 1),
    }


def storm(folder: Path, plan: Plan, on_kill: Step = lambda: None) -> Observed:
    """Send tickets while workers and the API die at random moments; what became of them."""
    tally, started = Observed(tickets=plan.tickets), time.monotonic()
    with chaotic_stack(folder) as stack, nursery_of(stack) as pool:
        key = stack.key(TENANT)
        stack.start_api()
        sender = Sender(stack, key, plan.tickets, tally)
        sender.start()
        _kill_all(stack, pool, plan, tally, on_kill)
        pool.start()
        sender.join()
        with stack.client(key) as client:
            tally.views = await_ends(client, sender.ids, END_SECONDS)
        count_arrived(stack, tally)
        tally.gaps, tally.drives = asyncio.run(read_journals(stack, sender.ids))
    tally.seconds = time.monotonic() - started
    return tally


def _kill_all(stack: Stack, pool: WorkerPool, plan: Plan, tally: Observed, on_kill: Step) -> None:
    rng = random.Random(plan.seed)  # noqa: S311 - repeatable
    every = max(1, plan.kills // max(1, plan.api_kills))
    api_turns = {turn * every for turn in range(plan.api_kills)}
    for turn in range(plan.kills):
        # Some die before they are ready: while they recover what others have left.
        pool.start(wait=rng.random() > KILLED_EARLY)
        time.sleep(rng.uniform(0.0, LONGEST_LIFE_SECONDS))
        if turn in api_turns:
            stack.kill("api")
            tally.api_kills += 1
            on_kill()
        pool.kill()
        tally.worker_kills += 1
        on_kill()
        if "api" not in stack.processes:
            stack.start_api()


@dataclass
class Sender:
    """A customer's system: it repeats a post with the same key until it is acknowledged."""

    stack: Stack
    key: str
    tickets: int
    tally: Observed
    ids: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None
    error: BaseException | None = None

    def start(self) -> None:
        """Send in the background."""
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def join(self) -> None:
        """Until every ticket is acknowledged. Raises what the sender met."""
        assert self.thread is not None
        self.thread.join(END_SECONDS)
        if self.error is not None:
            raise self.error

    def target(self) -> str:
        """The API that the next try goes to."""
        return self.stack.url

    def _send(self) -> None:
        try:
            with self.stack.client(self.key) as client:
                for number in range(self.tickets):
                    self.ids.append(self._post(client, number))
                    time.sleep(PAUSE_SECONDS)
        except httpx2.HTTPError as error:
            self.error = error

    def _post(self, client: httpx2.Client, number: int) -> str:
        body = {"text": TEXTS[number % len(TEXTS)], "subject": f"ticket {number}"}
        until = time.monotonic() + END_SECONDS
        while True:
            try:
                answer = client.post(
                    f"{self.target()}/v1/tickets",
                    json=body,
                    headers={"Idempotency-Key": f"chaos-{number}"},
                )
                answer.raise_for_status()
                return str(answer.json()["id"])
            except (httpx2.TransportError, httpx2.HTTPStatusError):
                if time.monotonic() > until:
                    raise
                self.tally.repeated_posts += 1
                time.sleep(PAUSE_SECONDS)


@contextmanager
def chaotic_stack(folder: Path, *, others: Sequence[str] = (), **extra: str) -> Iterator[Stack]:
    """A stack with scripted minds, an article a tenant, and replies that leave to a service."""
    port = free_port()
    desks, articles = folder / "desks", folder / "kb.jsonl"
    desks.mkdir()
    for tenant in (TENANT, *others):
        (desks / f"{tenant}.yaml").write_text(desk_for(tenant, port), encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    settings = {
        "DESKHAND_MINDS": "scripted",
        "DESKHAND_LEASE_POLL_SECONDS": "0.2",
        "DESKHAND_SWEEP_SECONDS": "1",
        "DESKHAND_TENANT_CONCURRENCY": "4",
        **extra,
    }
    with scratch(folder / "data", desks, fresh=True, **settings) as stack:
        stack.start_service(SERVICE, port)
        for tenant in (TENANT, *others):
            stack.run("kb", "add", str(articles), "--tenant", tenant)
        yield stack


def desk_for(tenant: str, port: int) -> str:
    """A desk whose replies go to the service at that port."""
    return (
        f"tenant: {tenant}\ncompany: Chaos\n"
        f'services:\n  backoffice:\n    base_url: "http://127.0.0.1:{port}"\n'
        "delivery:\n  service: backoffice\n  path: /replies\n"
    )


@contextmanager
def nursery_of(stack: Stack) -> Iterator[WorkerPool]:
    """Workers for a stack, all dead at the end."""
    pool = WorkerPool(stack)
    try:
        yield pool
    finally:
        pool.close()


def await_ends(client: httpx2.Client, ids: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """The last view of each ticket, after all have ended or the time is up."""
    until = time.monotonic() + seconds
    views: dict[str, dict[str, Any]] = {}
    while time.monotonic() < until:
        for one in ids:
            if views.get(one, {}).get("status") not in ENDED:
                views[one] = client.get(f"/v1/tickets/{one}").raise_for_status().json()
        if all(view["status"] in ENDED for view in views.values()):
            break
        time.sleep(PAUSE_SECONDS)
    return list(views.values())


def service_url(stack: Stack) -> str:
    """Where the stack's replies arrive."""
    text = (stack.desk / f"{TENANT}.yaml").read_text(encoding="utf-8")
    return text.split('base_url: "')[1].split('"')[0]


def count_arrived(stack: Stack, tally: Observed) -> None:
    """Count the messages that arrived at the outside service, and what it was spared."""
    with httpx2.Client(base_url=service_url(stack)) as service:
        for reply in service.get("/replies").raise_for_status().json():
            kind = "notice" if reply["kind"] == "notice" else "answer"
            tally.sent[reply["ticket_id"], kind] += 1
        tally.suppressed = service.get("/stats").raise_for_status().json()["duplicates_suppressed"]


async def read_journals(stack: Stack, ids: Sequence[str]) -> tuple[list[str], list[int]]:
    """The gaps in the tickets' journals, each with its ticket, and the drives of each ticket."""
    database, edges = Database(stack.settings.ledger_url), ways()
    found: list[str] = []
    drives: list[int] = []
    try:
        for one in ids:
            async with database.reading() as session:
                rows = await journal.of_ticket(session, one)
            found += [f"{one}: {gap}" for gap in gaps(rows, edges)]
            drives.append(sum((row.kind, row.name) == ("run", "drive") for row in rows))
    finally:
        await database.close()
    return found, drives

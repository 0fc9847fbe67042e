"""The chaos run of many machines: workers and APIs that share a Postgres and nothing else.

Each has a home of its own, as if on a machine of its own. Any of them is killed at any moment,
and Postgres itself is now and then: crashed and started again.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2

from evals.chaos.observing import END_SECONDS, Observed, Plan, Sender, count_arrived
from evals.stack.killed import PAUSE_SECONDS, TENANT, await_ends, chaotic_stack, read_journals
from evals.stack.postgres import Cluster, private_cluster
from evals.stack.stack import Stack, free_port
from evals.stack.worker_pool import WorkerPool

APIS = 2
WORKERS = 3
LONGEST_PAUSE_SECONDS = 0.6
"""Between two kills."""
KILLED_EARLY = 0.1
"""Share of the workers that are killed before they are ready."""
LONGEST_LIFE_SECONDS = 1.5
"""Of another one, from the moment it is ready."""
DATABASE_EVERY = 40
"""Kills between two crashes of Postgres."""
CHROMA_SECONDS = 60.0

Step = Callable[[], None]


@dataclass
class Hosts:
    """What runs, each process in a home of its own."""

    cluster: Cluster
    apis: list[Stack] = field(default_factory=list)
    pools: list[WorkerPool] = field(default_factory=list)
    database_kills: int = 0


def storm_of_hosts(folder: Path, plan: Plan, on_kill: Step = lambda: None) -> Observed:
    """Send tickets while everything dies at random moments; what became of them."""
    tally, started = Observed(tickets=plan.tickets), time.monotonic()
    with hosts(folder) as running:
        first = running.apis[0]
        key = first.key(TENANT)
        for api in running.apis:
            api.start_api()
        for pool in running.pools:
            pool.start()
        sender = SenderToAny(first, key, plan.tickets, tally, apis=running.apis)
        sender.start()
        _kill_all(running, plan, tally, on_kill)
        _revive(running)
        sender.join()
        with first.client(key) as client:
            tally.views = await_ends(client, sender.ids, END_SECONDS)
        count_arrived(first, tally)
        tally.gaps, tally.drives = asyncio.run(read_journals(first, sender.ids))
    tally.database_kills = running.database_kills
    tally.seconds = time.monotonic() - started
    return tally


@contextmanager
def hosts(folder: Path) -> Iterator[Hosts]:
    """Postgres, a vector server, APIs and workers; nothing of ours is started yet."""
    with ExitStack() as open_parts:
        cluster = open_parts.enter_context(private_cluster())
        vectors = open_parts.enter_context(_vector_server(folder / "chroma"))
        shared = {
            "DESKHAND_DATABASE_URL": cluster.create("desk"),
            "DESKHAND_CHROMA_URL": vectors,
        }
        first = open_parts.enter_context(chaotic_stack(folder, **shared))
        running = Hosts(cluster, [first])
        for number in range(1, APIS):
            host = _host(folder, first, f"api-{number}")
            open_parts.callback(host.stop)
            running.apis.append(host)
        for number in range(WORKERS):
            pool = WorkerPool(_host(folder, first, f"worker-{number}"))
            open_parts.callback(pool.close)
            running.pools.append(pool)
        yield running


def _host(folder: Path, like: Stack, name: str) -> Stack:
    home = folder / name
    home.mkdir()
    return replace(like, home=home.resolve(), port=free_port(), processes={})


@contextmanager
def _vector_server(folder: Path) -> Iterator[str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
    port = free_port()
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:  # noqa: S603 - our own
        try:
            _await_vectors(port)
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


def _await_vectors(port: int) -> None:
    until = time.monotonic() + CHROMA_SECONDS
    while time.monotonic() < until:
        try:
            httpx2.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").raise_for_status()
        except httpx2.HTTPError:
            time.sleep(PAUSE_SECONDS)
        else:
            return
    msg = f"the vector server did not answer within {CHROMA_SECONDS:g} s"
    raise TimeoutError(msg)


def _kill_all(running: Hosts, plan: Plan, tally: Observed, on_kill: Step) -> None:
    rng = random.Random(plan.seed)  # noqa: S311 - repeatable
    victims = ["worker"] * plan.kills + ["api"] * plan.api_kills
    rng.shuffle(victims)
    for turn, victim in enumerate(victims, start=1):
        _revive(running)
        time.sleep(rng.uniform(0.0, LONGEST_PAUSE_SECONDS))
        if victim == "api":
            api = rng.choice([one for one in running.apis if "api" in one.processes])
            api.kill("api")
            tally.api_kills += 1
        else:
            pool = rng.choice([one for one in running.pools if one.alive])
            if rng.random() > KILLED_EARLY:
                pool.await_ready()  # or on a slow machine none would ever do anything
                time.sleep(rng.uniform(0.0, LONGEST_LIFE_SECONDS))
            pool.kill()
            tally.worker_kills += 1
        on_kill()
        if turn % DATABASE_EVERY == 0:
            running.cluster.stop()
            running.cluster.start()
            running.database_kills += 1


def _revive(running: Hosts) -> None:
    """Start what has died, without waiting for it: some are killed while they start."""
    for api in running.apis:
        if "api" in api.processes and api.processes["api"].poll() is not None:
            api.kill("api")
        if "api" not in api.processes:
            api.start_api(wait=False)
    for pool in running.pools:
        if not pool.alive:
            pool.start(wait=False)
    while not any(pool.alive for pool in running.pools):
        time.sleep(PAUSE_SECONDS)


@dataclass
class SenderToAny(Sender):
    """A customer's system behind a balancer: each try goes to the next API."""

    apis: list[Stack] = field(default_factory=list)
    tries: int = 0

    def target(self) -> str:
        """See `Sender.target`."""
        self.tries += 1
        return self.apis[self.tries % len(self.apis)].url

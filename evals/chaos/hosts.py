"""The chaos run of many machines: workers and APIs that share a Postgres and nothing else.

Each has a home of its own, as if on a machine of its own. Any of them is killed at any moment,
and so are the vector server and Postgres: it is crashed and started again, or its standby takes
its place for good and gets a follower of its own.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from api.settings import Settings
from evals.chaos.observing import END_SECONDS, Observed, Plan, Sender, await_arrivals
from evals.chaos.takeovers import at_work, cut_off, seconds_until_taken_up
from evals.stack.chaotic import PAUSE_SECONDS, TENANT, await_ends, chaotic_stack, read_journals
from evals.stack.stack import Stack, StackFailed
from evals.stack.standby import Pair, private_pair
from evals.stack.topology import APIS, WORKERS, VectorServer, another_host, vector_server
from evals.stack.worker_pool import KILLED_EARLY, LONGEST_LIFE_SECONDS, WorkerPool
from memory.storage.database import Database
from memory.tables import now

LONGEST_PAUSE_SECONDS = 0.6
"""Between two kills."""
DATABASE_EVERY = 20
"""Kills between two crashes of Postgres; every other one is a failover."""
CHROMA_EVERY = 15
"""Kills between two of the vector server."""
CALM_SECONDS = 15.0
"""After the database was down, until which takeovers show what it did as well."""
APART_SECONDS = 0.2
"""Between two posts, where workers die apart: something is always under way."""
APART_AT_WORK_SECONDS = 30.0
"""How long on average a kill may wait until all are ready and one is at work."""

Step = Callable[[], None]


@dataclass
class Hosts:
    """What runs, each process in a home of its own."""

    servers: Pair
    vectors: VectorServer
    apis: list[Stack] = field(default_factory=list)
    pools: list[WorkerPool] = field(default_factory=list)
    database_up: float = 0.0
    """When it was started last, or failed over."""

    @property
    def calm(self) -> bool:
        """Whether the database has not been down for a while."""
        return time.monotonic() - self.database_up > CALM_SECONDS

    @property
    def url(self) -> str:
        """Of the ledger."""
        return self.apis[0].settings.ledger_url


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
        pause = APART_SECONDS if plan.apart else PAUSE_SECONDS
        sender = SenderToAny(first, key, plan.tickets, tally, pause, apis=running.apis)
        sender.start()
        (_kill_apart if plan.apart else _kill_all)(running, plan, tally, on_kill)
        _revive(running)
        for api in running.apis:
            api.await_answer("api", f"{api.url}/health/live")
        sender.join()
        with first.client(key) as client:
            tally.views = await_ends(client, sender.ids, END_SECONDS)
        await_arrivals(first, tally)
        tally.gaps, tally.drives = asyncio.run(read_journals(first, sender.ids))
        asyncio.run(_measure(running, tally))
    tally.seconds = time.monotonic() - started
    return tally


async def _measure(running: Hosts, tally: Observed) -> None:
    async with Database(running.url) as database:
        calm = [one for one in tally.cut_off if one.is_calm(tally.died)]
        tally.taken_up = await seconds_until_taken_up(database, calm)
        tally.taken_up_in_all = await seconds_until_taken_up(database, tally.cut_off)


@contextmanager
def hosts(folder: Path) -> Iterator[Hosts]:
    """Postgres, a vector server, APIs and workers; nothing of ours is started yet."""
    with ExitStack() as open_parts:
        servers = open_parts.enter_context(private_pair())
        vectors = open_parts.enter_context(vector_server(folder / "chroma"))
        shared = {
            "DESKHAND_DATABASE_URL": servers.create("desk"),
            "DESKHAND_CHROMA_URL": vectors.address,
            "DESKHAND_LEASE_POLL_SECONDS": str(Settings.model_fields["lease_poll_seconds"].default),
        }
        first = open_parts.enter_context(chaotic_stack(folder, **shared))
        running = Hosts(servers, vectors, [first])
        for number in range(1, APIS):
            host = another_host(folder, first, f"api-{number}")
            open_parts.callback(host.stop)
            running.apis.append(host)
        for number in range(WORKERS):
            pool = WorkerPool(another_host(folder, first, f"worker-{number}"))
            open_parts.callback(pool.close)
            running.pools.append(pool)
        yield running


def _kill_all(running: Hosts, plan: Plan, tally: Observed, on_kill: Step) -> None:
    rng = random.Random(plan.seed)  # noqa: S311 - repeatable
    victims = ["worker"] * plan.kills + ["api"] * plan.api_kills
    rng.shuffle(victims)
    for turn, victim in enumerate(victims, start=1):
        _revive(running)
        time.sleep(rng.uniform(0.0, LONGEST_PAUSE_SECONDS))
        with_database = turn % DATABASE_EVERY == 0
        if victim == "api":
            api = rng.choice([one for one in running.apis if "api" in one.processes])
            api.kill("api")
            tally.api_kills += 1
        else:
            _kill_worker(running, rng, tally, with_database=with_database)
        on_kill()
        if turn % CHROMA_EVERY == 0:
            running.vectors.kill()
            running.vectors.start()
            tally.vector_kills += 1
        if with_database:
            _kill_database(running, tally)


def _kill_apart(running: Hosts, plan: Plan, tally: Observed, on_kill: Step) -> None:
    """Kill only while all the others are ready, so that it is seen how soon they take over."""
    rng = random.Random(plan.seed)  # noqa: S311 - repeatable
    until = time.monotonic() + APART_AT_WORK_SECONDS * plan.kills
    while tally.worker_kills < plan.kills and time.monotonic() < until:
        _revive(running)
        for pool in running.pools:
            pool.await_ready()
        time.sleep(rng.uniform(0.0, LONGEST_PAUSE_SECONDS))
        busy = at_work(running.url)
        victims = [pool for pool in running.pools if pool.pid in busy]
        if victims:
            _kill(running, rng.choice(victims), tally, disturbed=False)
            on_kill()


def _kill_worker(
    running: Hosts, rng: random.Random, tally: Observed, *, with_database: bool
) -> None:
    pool = rng.choice([one for one in running.pools if one.alive])
    if rng.random() > KILLED_EARLY:
        _await_ready(running, pool)  # or on a slow machine none would ever do anything
        time.sleep(rng.uniform(0.0, LONGEST_LIFE_SECONDS))
    _kill(running, pool, tally, disturbed=with_database or not running.calm)


def _await_ready(running: Hosts, pool: WorkerPool) -> None:
    """One that could not start while the database was down is started again, as a supervisor would."""
    try:
        pool.await_ready()
    except StackFailed:
        if running.calm:
            raise
        pool.start()


def _kill(running: Hosts, pool: WorkerPool, tally: Observed, *, disturbed: bool) -> None:
    assert pool.pid is not None
    others = frozenset(one.pid for one in running.pools if one.pid and one.ready) - {pool.pid}
    tally.died[pool.pid] = at = now()
    pool.kill()
    tally.worker_kills += 1
    tally.cut_off += cut_off(running.url, pool.pid, at, others, disturbed=disturbed)


def _kill_database(running: Hosts, tally: Observed) -> None:
    if tally.database_kills % 2 == 0:
        running.servers.restart()
    else:
        running.servers.fail_over()
        tally.failovers += 1
        running.servers.follow()
    tally.database_kills += 1
    running.database_up = time.monotonic()


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

    @override
    def target(self) -> str:
        self.tries += 1
        return self.apis[self.tries % len(self.apis)].url

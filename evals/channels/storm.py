"""One real stack, every channel at work on it, and processes that are killed all the while."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from evals.channels.calls import caller
from evals.channels.contract import Bad, Process, Progress, Side
from evals.channels.conversation import MESSAGES, converse
from evals.channels.files import brought, judge_answers
from evals.channels.judging import Verdict
from evals.channels.ledger import judge_ledger, under_way
from evals.channels.loading import load
from evals.channels.people import People
from evals.channels.traces import Trace
from evals.stack.stack import Stack, free_port
from evals.stack.worker_pool import KILLED_EARLY, LONGEST_LIFE_SECONDS, WorkerPool
from memory.storage.database import Database
from memory.storage.migrate import migrate

AT_ONCE = 8
"""Conversations of one channel that go on at the same time."""
QUIET_SECONDS = 120.0
"""How long nothing may come to its end before what is left is lost."""
LATE_SECONDS = 2.0
"""How long is waited for what should not come any more."""
WEIGHTS: Mapping[Process, float] = {"worker": 3, "api": 2, "channels": 2}
SETTINGS = {
    "DESKHAND_MINDS": "scripted",
    "DESKHAND_LEASE_POLL_SECONDS": "0.2",
    "DESKHAND_SWEEP_SECONDS": "1",
    "DESKHAND_TENANT_CONCURRENCY": "4",
    "DESKHAND_WORKER_CONCURRENCY": "24",
}


@dataclass(frozen=True)
class Plan:
    """How much of what, for each channel."""

    messages: int
    kills: int
    seed: int = 1


@dataclass
class Seen:
    """What became of one channel's conversations."""

    messages: int
    kills: int
    takeovers: int
    by_people: int
    """Handoffs that people answered, those of the takeovers among them."""
    files_in: int
    """Messages of customers with a file, of which the ledger was asked."""
    files_out: int
    """Files that arrived with people's answers."""
    faults: Counter[str]
    verdict: Verdict
    seconds: float


@dataclass
class Run:
    """One channel of a run."""

    side: Side
    bad: Bad
    progress: Progress
    traces: list[Trace] = field(default_factory=list)
    people: People | None = None
    seconds: float = 0.0


async def storm(
    folder: Path, sides: Sequence[Side], plan: Plan, on_kill: Callable[[], None] = lambda: None
) -> dict[str, Seen]:
    """Run all of them at once; what was found of each. Raises `StackFailed`, `NoServer`."""
    rng = random.Random(plan.seed)  # noqa: S311 - repeatable
    count = max(1, plan.messages // MESSAGES)
    runs = [Run(one, Bad(rng), Progress(count, plan.kills)) for one in sides]
    async with AsyncExitStack() as opened:
        for one in runs:
            await opened.enter_async_context(one.side.open(one.bad))
        stack = _set_up(folder, sides)
        settings = stack.settings.model_copy(update={"minds": "scripted"})
        await load(settings, [one.name for one in sides], folder)
        pools = await opened.enter_async_context(_pools(stack, runs))
        for one in runs:
            await one.side.join(stack)
        database = Database(stack.settings.ledger_url)
        opened.push_async_callback(database.close)
        await _work(stack, database, runs, _kill_all(runs, pools, rng, on_kill))
        return {one.side.name: await _seen(database, one) for one in runs}


def _set_up(folder: Path, sides: Sequence[Side]) -> Stack:
    desks, home = folder / "desks", folder / "data"
    desks.mkdir()
    home.mkdir()
    extra = dict(SETTINGS)
    for side in sides:
        (desks / f"{side.name}.yaml").write_text(side.desk(), encoding="utf-8")
        extra |= side.environment
    stack = Stack(home.resolve(), desks.resolve(), free_port(), extra)
    migrate(stack.settings.ledger_url)
    return stack


@asynccontextmanager
async def _pools(stack: Stack, runs: Sequence[Run]) -> AsyncIterator[dict[Process, WorkerPool]]:
    """A process of each program that is needed, ready; all dead at the end."""
    needed: set[Process] = {"api", *(name for run in runs for name in run.side.needs)}
    pools = {name: WorkerPool(stack, name) for name in WEIGHTS if name in needed}
    try:
        async with asyncio.TaskGroup() as starting:
            for pool in pools.values():
                starting.create_task(asyncio.to_thread(pool.start))
        yield pools
    finally:
        for pool in pools.values():
            await asyncio.to_thread(pool.close)


async def _work(
    stack: Stack, database: Database, runs: Sequence[Run], killing: Coroutine[None, None, None]
) -> None:
    """Conversations and deaths, until all has come to its end and nothing comes any more."""
    async with caller(stack.url) as http:
        working = [await _people(stack, database, http, run) for run in runs]
        async with asyncio.TaskGroup() as group:
            group.create_task(killing)
            for run in runs:
                group.create_task(_converse(run))
        for run in runs:
            run.bad.on = False
        await _until_quiet(database, [run.side.name for run in runs])
        for task in working:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _people(
    stack: Stack, database: Database, http: httpx2.AsyncClient, run: Run
) -> asyncio.Task[None]:
    traces = [
        Trace(run.side.name, number, with_files=run.side.with_files)
        for number in range(run.progress.conversations)
    ]
    key = await stack.new_key(run.side.name, "agent", name="person")
    run.traces = traces
    desk, by_mark = run.side.people(http, key), {one.mark(0): one for one in traces}
    run.people = People(http, database, run.side.name, key, desk, by_mark)
    return asyncio.create_task(run.people.work())


async def _converse(run: Run) -> None:
    """All conversations of a channel, some at a time, spread over the deaths."""
    started, room = time.monotonic(), asyncio.Semaphore(AT_ONCE)
    customers = [run.side.customer(trace) for trace in run.traces]

    async def one(number: int) -> None:
        async with room:
            await run.progress.may_begin(number, AT_ONCE)
            trace, customer = run.traces[number], customers[number]
            await converse(customer, trace, run.bad.seen, swaps=run.side.swaps)
            run.progress.ended += 1

    async with asyncio.TaskGroup() as group:
        for number in range(len(customers)):
            group.create_task(one(number))
    run.bad.on = False
    for customer in customers:
        await customer.look()
    run.seconds = time.monotonic() - started


async def _kill_all(
    runs: Sequence[Run],
    pools: Mapping[Process, WorkerPool],
    rng: random.Random,
    on_kill: Callable[[], None],
) -> None:
    """Until each channel has seen as many deaths as are wanted, or has nothing more to do."""
    while any(_wants_more(run.progress) for run in runs):
        await asyncio.sleep(rng.uniform(0.0, LONGEST_LIFE_SECONDS))
        due = [run for run in runs if run.progress.wants_death(AT_ONCE // 2)]
        wanting = {name for run in due for name in run.side.needs}
        if not wanting:
            continue
        names = [name for name in pools if name in wanting]
        name = rng.choices(names, [WEIGHTS[one] for one in names])[0]
        await asyncio.to_thread(_kill, pools[name], wait=rng.random() > KILLED_EARLY)
        for run in runs:
            if name in run.side.needs:
                run.progress.killed()
        on_kill()
    for pool in pools.values():
        await asyncio.to_thread(_ready, pool)


def _wants_more(one: Progress) -> bool:
    return one.seen < one.kills and one.ended < one.conversations


def _kill(pool: WorkerPool, *, wait: bool) -> None:
    pool.kill()
    pool.start(wait=wait)


def _ready(pool: WorkerPool) -> None:
    if not pool.alive:
        pool.start()
    pool.await_ready()


async def _until_quiet(database: Database, tenants: Sequence[str]) -> None:
    """Until nothing is under way, or nothing more comes to its end."""
    least, until = None, time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until:
        left = await under_way(database, tenants)
        if not left:
            break
        if least is None or left < least:
            least, until = left, time.monotonic() + QUIET_SECONDS
        await asyncio.sleep(0.5)
    await asyncio.sleep(LATE_SECONDS)


async def _seen(database: Database, run: Run) -> Seen:
    verdict = run.side.judge(run.traces)
    verdict.add(await judge_ledger(database, run.side.name, run.traces))
    verdict.add(judge_answers(run.traces))
    assert run.people is not None
    return Seen(
        messages=sum(len(one.asked) for one in run.traces),
        kills=run.progress.seen,
        takeovers=sum(len(one.taken) for one in run.traces),
        by_people=len(run.people.answered),
        files_in=sum(brought(one, mark) is not None for one in run.traces for mark in one.asked),
        files_out=sum(len(got.files) for one in run.traces for got in one.got),
        faults=+run.bad.seen,
        verdict=verdict,
        seconds=run.seconds,
    )

"""`python -m evals chaos`: a real stack under kill -9, and what its customers see of it.

Every acknowledged ticket must end, no reply may be sent twice (counted where replies arrive),
and no journal may have a gap.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from evals.chaos.observing import END_SECONDS, Observed, Plan, Sender, await_arrivals
from evals.figures.metrics import Metric, exact, percentile
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report
from evals.stack.chaotic import (
    TENANT,
    await_ends,
    chaotic_stack,
    nursery_of,
    read_journals,
)
from evals.stack.sending import ENDED, seconds_to_end
from evals.stack.stack import Stack
from evals.stack.worker_pool import KILLED_EARLY, LONGEST_LIFE_SECONDS, WorkerPool

Step = Callable[[], None]


def chaos(  # noqa: PLR0917 - typer passes each option by name
    kills: Annotated[int, typer.Option(help="Kills of the worker.")] = 100,
    api_kills: Annotated[int, typer.Option(help="Kills of the API.")] = 10,
    tickets: Annotated[int, typer.Option(help="Tickets that are sent meanwhile.")] = 300,
    out: FiguresFile = BUILD / "chaos.json",
    seed: Annotated[int, typer.Option(help="Chooses the moments.")] = 1,
    every_step: Annotated[
        bool, typer.Option("--every-step", help="Kill at every step of a run instead.")
    ] = False,
    repeats: Annotated[int, typer.Option(help="Deaths at each place (--every-step).")] = 5,
    postgres: Annotated[
        bool,
        typer.Option("--postgres", help="Three workers and two APIs that share only a Postgres."),
    ] = False,
    apart: Annotated[
        bool, typer.Option("--apart", help="One at a time: how soon others take over (--postgres).")
    ] = False,
    lanes: Annotated[int, typer.Option(help="Stacks at once (--every-step).", min=1)] = 2,
) -> None:
    """Kill the worker and the API at random moments; exit status 1 if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="deskhand-chaos-") as folder:
        if every_step:
            from evals.chaos.crash_matrix import run_all

            raise typer.Exit(run_all(Path(folder), repeats, out, lanes=lanes))
        with Progress(console=STDERR) as progress:
            task = progress.add_task("kills", total=kills + api_kills)
            plan = Plan(kills, api_kills, tickets, seed, apart=apart)
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
        "failovers": exact(tally.failovers, tally.failovers),
        "vector_kills": exact(tally.vector_kills, tally.vector_kills),
        "acknowledged": exact(count, count),
        "ended": exact(len(ended), count),
        "sent_twice": exact(twice, count),
        "journal_gaps": exact(len(tally.gaps), count),
        "taken_up_again": exact(sum(drives > 1 for drives in tally.drives), count),
        "taken_up_seconds_p50": percentile(tally.taken_up, 50),
        "taken_up_seconds_p95": percentile(tally.taken_up, 95),
        "taken_up_seconds_max": percentile(tally.taken_up, 100),
        "taken_up_in_all_seconds_p95": percentile(tally.taken_up_in_all, 95),
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
        await_arrivals(stack, tally)
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

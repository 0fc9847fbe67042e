"""`python -m evals soak`: mixed load with faults for as long as wanted; memory and disk must stay flat.

Nothing is restarted but the outside service, so that the memory of API and worker is that of one
life. What is judged are slopes within the run, so that the machine's speed does not matter.
"""

import asyncio
import itertools
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from evals.chaos.observing import END_SECONDS, Observed, Sender, await_arrivals
from evals.figures.metrics import Metric, exact, percentile
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_report
from evals.stack.chaotic import (
    SERVICE,
    TENANT,
    await_ends,
    chaotic_stack,
    read_journals,
    service_url,
)
from evals.stack.sending import ENDED, seconds_to_end
from evals.stack.stack import Stack

SAMPLES = 60
"""Looks at memory and disk in a run."""
WARM_SHARE = 0.25
"""Of the run, at its beginning: what is made once is made there, and is not judged."""
MOST_GROWTH = 0.10
"""Of a process's memory in the part of the run that is judged."""
MOST_DISK_GROWTH = 1.25
"""What a ticket of the second half may take on disk over one of the first half."""
DISK_JUDGED_SECONDS = 180.0
"""Of load behind the warm-up, from which disk is judged: files grow in steps, and so does their log."""
FEWEST_JUDGED = 8
"""Looks that a slope is taken from; of fewer nothing is said."""
FAULT_EVERY_SECONDS = 10.0
FROZEN_SECONDS = 1.0
AWAY_SECONDS = 2.0
"""How long the outside service is away."""
WORKER = "worker-0"


@dataclass(frozen=True)
class Look:
    """What stood there at one moment."""

    seconds: float
    """Since the load began."""
    memory_mb: dict[str, float]
    disk_bytes: int
    """Of the ledger with its log."""
    tickets: int
    """Accepted so far."""


@dataclass
class Soaked:
    """What a run saw."""

    observed: Observed
    looks: list[Look] = field(default_factory=list)
    faults_made: int = 0

    @property
    def judged(self) -> list[Look]:
        """The looks behind the warm-up."""
        last = self.looks[-1].seconds if self.looks else 0.0
        return [one for one in self.looks if one.seconds >= WARM_SHARE * last]

    def growth(self, process: str) -> float | None:
        """By what share a process grew in the judged part; None of too few looks."""
        looks = [one for one in self.judged if process in one.memory_mb]
        if len(looks) < FEWEST_JUDGED:
            return None
        points = [(one.seconds, one.memory_mb[process]) for one in looks]
        return slope(points) * (points[-1][0] - points[0][0]) / points[0][1]

    def disk_growth(self) -> float | None:
        """What a ticket of the second half took over one of the first half; None of a short run."""
        looks = self.judged
        if len(looks) < FEWEST_JUDGED or looks[-1].seconds - looks[0].seconds < DISK_JUDGED_SECONDS:
            return None
        middle = len(looks) // 2
        first, second = _each(looks[: middle + 1]), _each(looks[middle:])
        return second / first if first > 0 else None

    @property
    def faults(self) -> list[str]:
        """What must not be; empty if all is well."""
        return [*self.observed.faults, *self._grown()]

    def _grown(self) -> list[str]:
        found = []
        for name in ("api", WORKER):
            grown = self.growth(name)
            if grown is None:
                found.append(f"too few looks at {name} to judge its memory: let it run longer")
            elif grown > MOST_GROWTH:
                found.append(f"{name} grew by {grown:.0%} after the warm-up")
        disk = self.disk_growth()
        if disk is not None and disk > MOST_DISK_GROWTH:
            found.append(f"a ticket of the second half took {disk:.2f} times the disk of the first")
        return found


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs (Theil-Sen): outliers do not tilt it."""
    slopes = sorted(
        (y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2)
    )
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


def _each(looks: Sequence[Look]) -> float:
    tickets = looks[-1].tickets - looks[0].tickets
    return (looks[-1].disk_bytes - looks[0].disk_bytes) / tickets if tickets else 0.0


def soak(
    minutes: Annotated[float, typer.Option(min=0.2, help="How long the load lasts.")] = 30.0,
    rate: Annotated[float, typer.Option(min=0.1, help="Tickets a second.")] = 2.0,
    out: FiguresFile = BUILD / "soak.json",
) -> None:
    """Load a stack for a long time while faults happen; exit status 1 if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="deskhand-soak-") as folder:
        found = _soaked(Path(folder), minutes * 60, rate)
    inputs = {"minutes": minutes, "rate": rate, "faults_made": found.faults_made}
    write_report(out, inputs=inputs, metrics=figures(found), notes=found.faults)
    if found.faults:
        raise typer.Exit(1)


def figures(found: Soaked) -> dict[str, Metric]:
    """The run in numbers."""
    looks, views = found.looks, found.observed.views
    taken = [seconds_to_end(one) for one in views if one["status"] in ENDED]
    last = looks[-1] if looks else None
    n = len(found.judged)
    memory = {
        f"{name.removesuffix('-0')}_{kind}": exact(value, n)
        for name in ("api", WORKER)
        for kind, value in (
            ("growth", found.growth(name)),
            ("mb_at_end", None if last is None else last.memory_mb.get(name)),
        )
    }
    return {
        "tickets": exact(len(views), len(views)),
        "ended": exact(len(taken), len(views)),
        "faults_made": exact(found.faults_made, found.faults_made),
        **memory,
        "disk_growth_a_ticket": exact(found.disk_growth(), n),
        "disk_mb_per_1000_tickets": exact(_each(found.judged) / 1000 if n else None, n),
        "notices_not_sent": exact(len(found.observed.silent), len(views)),
        "posts_repeated": exact(found.observed.repeated_posts, len(views)),
        "seconds_to_end_p50": percentile(taken, 50),
        "seconds_to_end_p95": percentile(taken, 95),
    }


def _soaked(folder: Path, seconds: float, rate: float) -> Soaked:
    """Load a stack so long at so many tickets a second; what became of it."""
    count = max(1, round(seconds * rate))
    found = Soaked(Observed(tickets=count))
    with chaotic_stack(folder) as stack:
        stack.start_api()
        stack.start_worker()
        sender = Sender(stack, stack.key(TENANT), count, found.observed, pause=1 / rate)
        sender.start()
        stop = threading.Event()
        trouble = threading.Thread(target=_make_trouble, args=(stack, stop, found), daemon=True)
        trouble.start()
        _look_on(stack, sender, seconds, found.looks)
        stop.set()
        trouble.join(END_SECONDS)
        sender.join()
        with stack.client(sender.key) as client:
            found.observed.views = await_ends(client, sender.ids, END_SECONDS)
        await_arrivals(stack, found.observed)
        found.observed.gaps, found.observed.drives = asyncio.run(read_journals(stack, sender.ids))
    return found


def _look_on(stack: Stack, sender: Sender, seconds: float, looks: list[Look]) -> None:
    begun = time.monotonic()
    for number in range(SAMPLES):
        time.sleep(max(0.0, begun + (number + 1) * seconds / SAMPLES - time.monotonic()))
        disk = sum(one.stat().st_size for one in stack.home.glob("deskhand.db*"))
        passed = time.monotonic() - begun
        looks.append(Look(passed, stack.memory_mb(), disk, len(sender.ids)))


def _make_trouble(stack: Stack, stop: threading.Event, found: Soaked) -> None:
    """One fault after the other: a frozen worker, a frozen API, an outside service that is away."""
    kinds: tuple[Callable[[Stack, threading.Event], None], ...] = (
        lambda one, until: _freeze(one, WORKER, until),
        lambda one, until: _freeze(one, "api", until),
        _service_away,
    )
    for kind in itertools.cycle(kinds):
        if stop.wait(FAULT_EVERY_SECONDS):
            return
        kind(stack, stop)
        found.faults_made += 1


def _freeze(stack: Stack, name: str, stop: threading.Event) -> None:
    process = stack.processes[name]
    process.send_signal(signal.SIGSTOP)
    stop.wait(FROZEN_SECONDS)
    process.send_signal(signal.SIGCONT)


def _service_away(stack: Stack, stop: threading.Event) -> None:
    port = httpx2.URL(service_url(stack)).port
    assert port is not None
    stack.kill("service")
    stop.wait(AWAY_SECONDS)
    stack.start_service(SERVICE, port)

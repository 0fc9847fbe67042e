"""`python -m evals network`: whole workers whose ways to the vectors and to Postgres break.

Each way is cut, slow, and half open for a while, under tickets that go on coming in. They wait or go
to a person with the reason, none is lost or answered twice, and nobody starts anything again.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from evals.chaos.observing import END_SECONDS, Observed, Sender, await_arrivals
from evals.figures.metrics import Metric, exact
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report
from evals.stack.chaotic import TENANT, await_ends, chaotic_stack, read_journals
from evals.stack.postgres import private_cluster
from evals.stack.sending import ENDED
from evals.stack.stack import Stack
from evals.stack.topology import another_host, vector_server
from evals.stack.wire import Wire, wire_to

WORKERS = 2
PAUSE_SECONDS = 0.25
"""Between two tickets."""
SLOW_SECONDS = 0.3
"""How long each piece is under way on a slow one."""
LEAD_SECONDS = 2.0
"""Of whole ways before each fault, so that something is under way when it begins."""


@dataclass(frozen=True)
class Fault:
    """One way, and what happens to it."""

    way: str
    name: str
    begin: Callable[[Wire], None]

    @property
    def prefix(self) -> str:
        """Of the keys of its tickets."""
        return f"{self.way}-{self.name}".replace(" ", "-")


def _slow(wire: Wire) -> None:
    wire.delay_seconds = SLOW_SECONDS


def _half_open(wire: Wire) -> None:
    wire.is_half_open = True


FAULTS = tuple(
    Fault(way, name, begin)
    for way in ("vectors", "postgres")
    for name, begin in (("cut", Wire.cut), ("slow", _slow), ("half open", _half_open))
)


@dataclass
class Seen:
    """What became of the tickets."""

    tally: Observed
    sent_in: dict[str, list[str]] = field(default_factory=dict)
    """Tickets that were accepted under each fault."""
    recovered: dict[str, float] = field(default_factory=dict)
    """Seconds from the end of each fault until all that came until then had ended."""
    alive: int = WORKERS
    """Workers that live at the end, none of which was started again."""

    @property
    def faults(self) -> list[str]:
        """What must not be; empty if all is well."""
        died = [] if self.alive == WORKERS else ["a worker ended by itself"]
        mute = [
            f"{one['id']} waits for a person without a reason"
            for one in self.tally.views
            if one["status"] == "waiting" and not one.get("reason")
        ]
        return [*self.tally.faults, *died, *mute]

    def outcomes(self, name: str) -> Counter[str]:
        """How the tickets of one fault ended: the outcome, or the reason of the handoff."""
        mine = set(self.sent_in[name])
        views = [one for one in self.tally.views if one["id"] in mine]
        return Counter(
            str(one.get("outcome") or one.get("reason") or one["status"]) for one in views
        )


def network(
    seconds: Annotated[float, typer.Option(help="Length of each fault.", min=1.0)] = 12.0,
    out: FiguresFile = BUILD / "network.json",
) -> None:
    """Break the ways of two workers to what they need; exit status 1 if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="deskhand-network-") as folder:
        seen = _run(Path(folder), seconds)
    notes = [
        f"{name}: {dict(seen.outcomes(name))}, all ended {seen.recovered[name]:.1f} s after it"
        for name in seen.sent_in
    ]
    inputs = {"seconds": seconds}
    write_report(out, inputs=inputs, metrics=figures(seen), notes=[*notes, *seen.faults])
    if seen.faults:
        raise typer.Exit(1)


@contextmanager
def _broken_ways(folder: Path) -> Iterator[tuple[Stack, list[Stack], dict[str, Wire]]]:
    """An API with whole ways, workers behind the wires, and the wires by their names."""
    with ExitStack() as open_parts:
        cluster = open_parts.enter_context(private_cluster())
        vectors = open_parts.enter_context(vector_server(folder / "chroma"))
        url = cluster.create("desk")
        shared = {"DESKHAND_DATABASE_URL": url, "DESKHAND_CHROMA_URL": vectors.address}
        api = open_parts.enter_context(chaotic_stack(folder, **shared))
        wires = {
            "vectors": open_parts.enter_context(wire_to(vectors.port)),
            "postgres": open_parts.enter_context(wire_to(cluster.port)),
        }
        parts = urlsplit(url)
        behind = {
            **api.extra,
            "DESKHAND_DATABASE_URL": parts._replace(
                netloc=f"{parts.username}@127.0.0.1:{wires['postgres'].port}"
            ).geturl(),
            "DESKHAND_CHROMA_URL": f"127.0.0.1:{wires['vectors'].port}",
        }
        workers = [another_host(folder, api, f"worker-{one}") for one in range(WORKERS)]
        for one in workers:
            one.extra = behind
            open_parts.callback(one.stop)
        yield api, workers, wires


def _run(folder: Path, seconds: float) -> Seen:
    started, seen = time.monotonic(), Seen(Observed())
    each = round((seconds + LEAD_SECONDS) / PAUSE_SECONDS)
    with _broken_ways(folder) as (api, workers, wires):
        key = api.key(TENANT)
        api.start_api()
        for one in workers:
            one.start_worker()
        for fault in FAULTS:
            sender = Sender(api, key, each, seen.tally, PAUSE_SECONDS, prefix=fault.prefix)
            _break(fault, wires[fault.way], sender, seen)
        await_arrivals(api, seen.tally)
        ids = [one["id"] for one in seen.tally.views]
        seen.tally.gaps, seen.tally.drives = asyncio.run(read_journals(api, ids))
        seen.alive = sum(one.processes["worker-0"].poll() is None for one in workers)
    seen.tally.seconds = time.monotonic() - started
    return seen


def _break(fault: Fault, wire: Wire, sender: Sender, seen: Seen) -> None:
    """Break one way while tickets come in, mend it, and wait until all have ended."""
    name = f"{fault.way} {fault.name}"
    STDERR.print(name)
    sender.start()
    time.sleep(LEAD_SECONDS)
    fault.begin(wire)
    sender.join()
    wire.mend()
    mended = time.monotonic()
    with sender.stack.client(sender.key) as client:
        seen.tally.views += await_ends(client, sender.ids, END_SECONDS)
    seen.recovered[name] = time.monotonic() - mended
    seen.sent_in[name] = sender.ids
    seen.tally.tickets += sender.tickets


def figures(seen: Seen) -> dict[str, Metric]:
    """The run in numbers."""
    tally, count = seen.tally, seen.tally.tickets
    ended = sum(one["status"] in ENDED for one in tally.views)
    return {
        "acknowledged": exact(len(tally.views), count),
        "ended": exact(ended, count),
        "sent_twice": exact(sum(n - 1 for n in tally.sent.values()), count),
        "journal_gaps": exact(len(tally.gaps), count),
        "taken_up_again": exact(sum(drives > 1 for drives in tally.drives), count),
        "seconds_to_recover_max": exact(max(seen.recovered.values()), len(seen.recovered)),
        "seconds": exact(tally.seconds, 1),
    }

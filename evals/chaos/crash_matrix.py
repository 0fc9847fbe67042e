"""Death at every place of a run: what the customer sees must be as if nothing had happened.

At each place a worker ends itself once for each ticket that comes by; the next one goes on.
Only tickets that come by are sent, and lanes with a stack of their own run at once, so that five
deaths at each of all places take minutes. A death is a SIGKILL to a real worker all the same.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.figures.report import write_json
from evals.stack.chaotic import TENANT, chaotic_stack, nursery_of, read_journals, service_url
from evals.stack.crash_points import MARKS, places
from evals.stack.sending import ENDED, SETTLED, send_text, view
from evals.stack.stack import Stack, StackFailed
from evals.stack.worker_pool import WorkerPool

ANSWERED = "How do I reset my password?"
HANDED_OFF = "Reset my password, please. #person"
REPLY = "Please press Reset under Settings."
ONLY_ANSWERED = frozenset({"draft", "check"})
"""What a ticket that is handed off does not come by."""
ONLY_HANDED_OFF = frozenset({"hand_off", "await_human", "act", "notify"})
"""What an answered ticket does not come by."""
STUCK_SECONDS = 120.0
"""How long nothing may change before the tickets are taken for stuck.

A limit for all changes together would measure how busy the machine is: one that ended the wait for
the undisturbed tickets made every ticket after them look wrong.
"""
POLL_SECONDS = 0.02
LATE_SECONDS = 20.0
"""How long a death may come after the last ticket has come to rest."""
NONE = ""
"""The place of the run that is not killed."""

End = tuple[str, str | None, tuple[tuple[str, int], ...]]
"""Status, outcome, and how many messages of each kind arrived."""


@dataclass(frozen=True)
class Result:
    """What came of dying at one place."""

    place: str
    deaths: int
    tickets: int
    equal: int
    """Tickets that ended as the ones that nobody killed."""
    drives: int
    seconds: float
    faults: list[str]

    @property
    def passed(self) -> bool:
        """Whether it died once for each ticket, and nothing came of it."""
        return self.deaths == self.tickets == self.equal and not self.faults


def run_all(folder: Path, repeats: int, out: Path, only: Sequence[str] = (), lanes: int = 1) -> int:
    """Die `repeats` times at each place, print the table; the exit status.

    `out` gets the figures as JSON, and the table as Markdown beside it.
    """
    wanted = list(only) or places()
    started = time.monotonic()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("places", total=len(wanted))
        results = _in_lanes(folder, repeats, wanted, lanes, lambda: progress.advance(task))
    seconds = round(time.monotonic() - started, 1)
    _show(results)
    rows = [{**asdict(one), "passed": one.passed} for one in results]
    figures = {"repeats": repeats, "lanes": lanes, "seconds": seconds, "places": rows}
    write_json(out, figures)
    out.with_suffix(".md").write_text(markdown(results), encoding="utf-8")
    return 0 if all(one.passed for one in results) else 1


def _in_lanes(
    folder: Path, repeats: int, wanted: Sequence[str], lanes: int, on_done: Callable[[], None]
) -> list[Result]:
    """The results in the order of the places, whichever lane they came from."""
    one_by_one = threading.Lock()  # Alembic migrates one database at a time in a process
    shares = [list(wanted[number::lanes]) for number in range(lanes)]
    with ThreadPoolExecutor(lanes) as pool:
        runs = [
            pool.submit(_in_lane, folder / f"lane-{number}", repeats, share, one_by_one, on_done)
            for number, share in enumerate(shares)
            if share
        ]
        found = {one.place: one for run in runs for one in run.result()}
    return [found[place] for place in wanted]


def _in_lane(
    folder: Path,
    repeats: int,
    wanted: Sequence[str],
    one_by_one: threading.Lock,
    on_done: Callable[[], None],
) -> list[Result]:
    """Place after place on one stack."""
    folder.mkdir(parents=True)
    results: list[Result] = []
    with ExitStack() as open_until_done:
        with one_by_one:
            stack = open_until_done.enter_context(chaotic_stack(folder))
        pool = open_until_done.enter_context(nursery_of(stack))
        stack.start_api()
        client = open_until_done.enter_context(stack.client(stack.key(TENANT)))
        lane = _Lane(stack, pool, client)
        expected = lane.undisturbed()
        for place in wanted:
            results.append(lane.at(place, texts_for(place, repeats), expected))
            on_done()
    return results


def texts_for(place: str, repeats: int) -> list[str]:
    """Tickets that come by the place; of both kinds, in turn, where both do."""
    name = place.partition(" ")[2]
    if name in ONLY_ANSWERED:
        return [ANSWERED] * repeats
    if name in ONLY_HANDED_OFF:
        return [HANDED_OFF] * repeats
    return [(ANSWERED, HANDED_OFF)[number % 2] for number in range(repeats)]


@dataclass(frozen=True)
class _Lane:
    """A stack on which one place after another is died at."""

    stack: Stack
    pool: WorkerPool
    client: httpx2.Client

    def undisturbed(self) -> dict[str, End]:
        """How each kind ends where nobody dies. Raises `StackFailed`."""
        texts = (ANSWERED, HANDED_OFF)
        return as_expected(dict(zip(texts, self._ends(NONE, texts)[0], strict=True)))

    def at(self, place: str, texts: Sequence[str], expected: Mapping[str, End]) -> Result:
        """What comes of dying there, once for each ticket with these texts."""
        started = time.monotonic()
        ends, ids = self._ends(place, texts)
        faults, drives = asyncio.run(read_journals(self.stack, ids))
        pairs = [(end, expected[text]) for end, text in zip(ends, texts, strict=True)]
        faults += [
            f"{one} ended {end}, not {want}"
            for one, (end, want) in zip(ids, pairs, strict=True)
            if end != want
        ]
        return Result(
            place=place,
            deaths=self._deaths(place),
            tickets=len(ids),
            equal=sum(end == want for end, want in pairs),
            drives=sum(drives),
            seconds=round(time.monotonic() - started, 1),
            faults=faults,
        )

    def _ends(self, place: str, texts: Sequence[str]) -> tuple[list[End], list[str]]:
        """How tickets with these texts end where workers die at `place`."""
        ids = [send_text(self.client, text) for text in texts]
        self._until(ENDED, place, ids)
        for handoff in self.client.get("/v1/handoffs").raise_for_status().json()["items"]:
            body = {"kind": "reply", "text": REPLY}
            decided = self.client.post(f"/v1/handoffs/{handoff['id']}/decide", json=body)
            decided.raise_for_status()
        views = self._until({SETTLED}, place, ids)
        self._until_died(place, len(ids) if place != NONE else 0)
        self.pool.kill()
        arrived = _arrived(self.stack)
        return [_end(one, arrived) for one in views], ids

    def _until(self, rest: Container[str], place: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Start a worker after each death until all are at `rest`, or nothing changes any more."""
        seen: tuple[list[str], int] | None = None
        until = time.monotonic() + STUCK_SECONDS
        while True:
            if not self.pool.alive:
                self.pool.start(place, wait=False)
            views = [view(self.client, one) for one in ids]
            statuses = [one["status"] for one in views]
            if seen != (seen := (statuses, self._deaths(place))):
                until = time.monotonic() + STUCK_SECONDS
            if all(one in rest for one in statuses) or time.monotonic() > until:
                return views
            time.sleep(POLL_SECONDS)

    def _until_died(self, place: str, times: int) -> None:
        """A death after the last settle comes a moment later; one that never comes is told."""
        until = time.monotonic() + LATE_SECONDS
        while self._deaths(place) < times and time.monotonic() < until:
            time.sleep(POLL_SECONDS)

    def _deaths(self, place: str) -> int:
        return len(list((self.stack.home / MARKS).glob(f"{place.replace(' ', '-')}-*")))


def as_expected(ends: dict[str, End]) -> dict[str, End]:
    """The same; else every ticket that ends well would look wrong. Raises `StackFailed`."""
    if any(status != SETTLED for status, *_ in ends.values()):
        raise StackFailed(f"tickets that nobody disturbed have not ended: {ends}")
    return ends


def _arrived(stack: Stack) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    with httpx2.Client(base_url=service_url(stack)) as service:
        for reply in service.get("/replies").raise_for_status().json():
            found.setdefault(reply["ticket_id"], Counter())[reply["kind"]] += 1
    return found


def _end(found: dict[str, Any], arrived: dict[str, Counter[str]]) -> End:
    kinds = tuple(sorted(arrived.get(found["id"], Counter()).items()))
    return found["status"], found["outcome"], kinds


def _show(results: Sequence[Result]) -> None:
    table = Table(title="death at every place")
    for name in ("place", "deaths", "tickets", "equal", "drives", "s", "", "what is wrong"):
        table.add_column(name)
    for one in results:
        figures = (one.deaths, one.tickets, one.equal, one.drives, one.seconds)
        mark = "ok" if one.passed else "FAILED"
        table.add_row(one.place, *map(str, figures), mark, "\n".join(one.faults[:2]))
    Console().print(table)


def markdown(results: Sequence[Result]) -> str:
    """The table for a document."""
    lines = ["| place | deaths | tickets | equal | drives | s | |", "|---|---|---|---|---|---|---|"]
    for one in results:
        mark = "ok" if one.passed else "FAILED: " + "; ".join(one.faults[:2])
        figures = (one.deaths, one.tickets, one.equal, one.drives, one.seconds)
        lines.append(f"| {one.place} | {' | '.join(map(str, figures))} | {mark} |")
    return "\n".join(lines) + "\n"

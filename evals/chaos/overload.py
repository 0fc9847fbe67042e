"""`python -m evals overload`: the same tickets on an idle machine and on an overcommitted one.

Being busy is no failure: tickets wait longer and come out the same. Busy loops hold every
processor ten times over; the tickets are the example company's, with local minds and its service.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.demo.company import COMPANY, SERVICE, TENANT
from evals.figures.metrics import Metric, exact
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report
from evals.stack.sending import Outgoing, follow, send_all
from evals.stack.stack import free_port, scratch

OVERCOMMITTED = 10
"""Busy loops for each processor."""
AT_ONCE = (4, 64)
"""Drives at once, in turn."""
LIMIT_SECONDS = 3_600.0
BUSY = "while True: pass"

Ending = tuple[str, str | None, str | None, tuple[str, ...]]
"""Outcome, reason, intent and sources: everything of a ticket's end but its time."""


@dataclass(frozen=True)
class Run:
    """One pass over the tickets."""

    drives: int
    busy: bool
    seconds: float
    endings: dict[str, Ending]


def overload(
    out: FiguresFile = BUILD / "overload.json",
    tickets: Annotated[int, typer.Option(help="Tickets of the example, from its first on.")] = 40,
    factor: Annotated[int, typer.Option(help="Busy loops for each processor.")] = OVERCOMMITTED,
) -> None:
    """Compare how tickets end idle and overcommitted; exit status 1 where any differs."""
    lines = (COMPANY / "tickets.jsonl").read_text(encoding="utf-8").splitlines()[:tickets]
    cases = [json.loads(line) for line in lines]
    runs = [
        one_run(cases, drives, factor if busy else 0)
        for drives in AT_ONCE
        for busy in (False, True)
    ]
    faults = [fault for run in runs[1:] for fault in differences(runs[0], run)]
    write_report(
        out,
        inputs={"factor": factor, "tickets": len(cases), "runs": [asdict(run) for run in runs]},
        metrics=figures(runs),
        notes=faults,
    )
    for fault in faults:
        STDERR.print(fault, style="red", markup=False)
    if faults:
        raise typer.Exit(1)


def differences(first: Run, other: Run) -> list[str]:
    """Each ticket that did not end as in the first run."""
    name = f"{other.drives} drives, {'busy' if other.busy else 'idle'}"
    return [
        f"{name}: {ticket} ended as {other.endings.get(ticket)} instead of {ending}"
        for ticket, ending in first.endings.items()
        if other.endings.get(ticket) != ending
    ]


def figures(runs: Sequence[Run]) -> dict[str, Metric]:
    """Times and differences."""
    found = {}
    for run in runs:
        name = f"{'busy' if run.busy else 'idle'}_{run.drives}"
        found[f"{name}_seconds"] = exact(run.seconds, len(run.endings))
        found[f"{name}_different"] = exact(len(differences(runs[0], run)), len(runs[0].endings))
    return found


def one_run(cases: Sequence[dict[str, Any]], drives: int, factor: int) -> Run:
    """All tickets through a stack of their own."""
    service, started = free_port(), time.monotonic()
    limits = {
        "FERNHILL_BACKOFFICE_URL": f"http://127.0.0.1:{service}",
        "DESKHAND_WORKER_CONCURRENCY": str(drives),
        "DESKHAND_TENANT_CONCURRENCY": str(drives),
    }
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-overload-") as folder,
        scratch(Path(folder), COMPANY / "desk.yaml", fresh=True, **limits) as stack,
    ):
        stack.start_service(SERVICE, service)
        stack.run("kb", "add", str(COMPANY / "articles"), "--tenant", TENANT)
        stack.start_api()
        stack.start_worker()
        started = time.monotonic()
        with (
            stack.client(stack.key(TENANT)) as client,
            _busy_loops(factor * len(os.sched_getaffinity(0))),
        ):
            sent = send_all(client, [Outgoing(case["id"], _body(case)) for case in cases])
            views = follow(client, sent, LIMIT_SECONDS)
        seconds = time.monotonic() - started
    names = {one.ticket_id: one.name for one in sent}
    endings = {names[one]: _ending(view) for one, view in views.items()}
    STDERR.print(f"{drives} drives, {'busy' if factor else 'idle'}: {seconds:.0f} s")
    return Run(drives, bool(factor), seconds, endings)


@contextmanager
def _busy_loops(count: int) -> Iterator[None]:
    """So many processes that do nothing, all the time."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]  # noqa: S603
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def _body(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": case["subject"],
        "text": case["body"],
        "customer": {**case["customer"], "verified": "email" in case["customer"]},
        "headers": case.get("headers", {}),
    }


def _ending(view: dict[str, Any]) -> Ending:
    sources = tuple(sorted({str(source["source"]) for source in view["citations"]}))
    return str(view["outcome"]), view["reason"], view["intent"], sources

"""Death at every place of a run: what the customer sees must be as if nothing had happened.

At each place a worker ends itself once for each ticket that comes by; the next one goes on.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.chaos import (
    TENANT,
    await_ends,
    chaotic_stack,
    nursery_of,
    read_journals,
    service_url,
)
from evals.crashes import MARKS, places
from evals.sending import ENDED
from evals.stack import Stack
from evals.workers import Nursery

ANSWERED = "How do I reset my password?"
HANDED_OFF = "Reset my password, please. #person"
REPLY = "Please press Reset under Settings."
END_SECONDS = 60.0
POLL_SECONDS = 0.02
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
        """Whether it died at all, and nothing came of it."""
        return self.deaths > 0 and self.equal == self.tickets and not self.faults


def run_all(folder: Path, repeats: int, out: Path, only: Sequence[str] = ()) -> int:
    """Die `repeats` times at each place, print the table; the exit status."""
    results: list[Result] = []
    wanted = list(only) or places()
    with (
        chaotic_stack(folder) as stack,
        nursery_of(stack) as nursery,
        Progress(console=Console(stderr=True)) as progress,
    ):
        stack.start_api()
        key = stack.key(TENANT)
        expected = _ends(stack, nursery, key, NONE, repeats)[0]
        task = progress.add_task("places", total=len(wanted))
        for place in wanted:
            results.append(_at(stack, nursery, key, place, repeats, expected))
            progress.advance(task)
    _show(results)
    rows = [{**asdict(one), "passed": one.passed} for one in results]
    out.write_text(json.dumps({"repeats": repeats, "places": rows}, indent=2), encoding="utf-8")
    return 0 if all(one.passed for one in results) else 1


def _at(  # noqa: PLR0917
    stack: Stack, nursery: Nursery, key: str, place: str, repeats: int, expected: Sequence[End]
) -> Result:
    started = time.monotonic()
    ends, ids = _ends(stack, nursery, key, place, repeats)
    faults, drives = asyncio.run(read_journals(stack, ids))
    pairs = list(zip(ids, ends, expected, strict=True))
    faults += [f"{one} ended {end}, not {want}" for one, end, want in pairs if end != want]
    return Result(
        place=place,
        deaths=len(list((stack.home / MARKS).glob(f"{place.replace(' ', '-')}-*"))),
        tickets=len(ids),
        equal=sum(end == want for _, end, want in pairs),
        drives=sum(drives),
        seconds=round(time.monotonic() - started, 1),
        faults=faults,
    )


def _ends(
    stack: Stack, nursery: Nursery, key: str, place: str, repeats: int
) -> tuple[list[End], list[str]]:
    """How tickets of both kinds end where workers die at `place`, each kind `repeats` times."""
    with stack.client(key) as client:
        ids = [_post(client, text) for text in (ANSWERED, HANDED_OFF) for _ in range(repeats)]
        _until_ended(nursery, client, place, ids)
        for handoff in client.get("/v1/handoffs").raise_for_status().json()["items"]:
            body = {"kind": "reply", "text": REPLY}
            client.post(f"/v1/handoffs/{handoff['id']}/decide", json=body).raise_for_status()
        _until_ended(nursery, client, place, ids)
        views = await_ends(client, ids, END_SECONDS)
    arrived = _arrived(stack)
    return [_end(view, arrived) for view in views], ids


def _until_ended(nursery: Nursery, client: httpx2.Client, place: str, ids: Sequence[str]) -> None:
    """Start a worker after each death, until all tickets are at rest."""
    until = time.monotonic() + END_SECONDS
    while time.monotonic() < until:
        if not nursery.alive:
            nursery.start(place, wait=False)
        views = [client.get(f"/v1/tickets/{one}").raise_for_status().json() for one in ids]
        if all(view["status"] in ENDED for view in views):
            break
        time.sleep(POLL_SECONDS)
    time.sleep(SETTLED_SECONDS)
    nursery.kill()


SETTLED_SECONDS = 0.3
"""For a death after the last settle to come about."""


def _post(client: httpx2.Client, text: str) -> str:
    answer = client.post("/v1/tickets", json={"text": text})
    return str(answer.raise_for_status().json()["id"])


def _arrived(stack: Stack) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    with httpx2.Client(base_url=service_url(stack)) as service:
        for reply in service.get("/replies").raise_for_status().json():
            found.setdefault(reply["ticket_id"], Counter())[reply["kind"]] += 1
    return found


def _end(view: dict[str, Any], arrived: dict[str, Counter[str]]) -> End:
    kinds = tuple(sorted(arrived.get(view["id"], Counter()).items()))
    return view["status"], view["outcome"], kinds


def _show(results: Sequence[Result]) -> None:
    table = Table(title="death at every place")
    for name in ("place", "deaths", "tickets", "equal", "drives", "s", "", "what is wrong"):
        table.add_column(name)
    for one in results:
        figures = (one.deaths, one.tickets, one.equal, one.drives, one.seconds)
        mark = "ok" if one.passed else "FAILED"
        table.add_row(one.place, *map(str, figures), mark, "\n".join(one.faults[:2]))
    Console().print(table)

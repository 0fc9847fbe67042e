"""journey: tickets over HTTP through API and worker processes, each followed to its end."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from rich.progress import Progress

from evals.figures.datasets import DataError
from evals.figures.metrics import Metric, mean, percentile, proportion
from evals.figures.report import STDERR
from evals.harness.desk_runtime import Place
from evals.harness.results import CaseResult, flags, numbers
from evals.harness.rows import TicketRow, read_cases
from evals.harness.setup import EXAMPLE_ADDRESS, EXAMPLE_SERVICE, NOWHERE, Setup, is_example
from evals.harness.suite import TICKETS, Judge, Suite, files
from evals.stack.sending import Outgoing, follow, seconds_to_end, send_all
from evals.stack.stack import Stack, free_port, scratch
from graph.desk.file import load_desk
from graph.desk.model import Desk
from memory.budgets.amounts import MICROS
from memory.tables import Outcome

SECONDS_A_TICKET = 5.0
"""Time that is allowed for a ticket on average, before the run is called unfinished."""
LEAST_SECONDS = 120.0
Ended = dict[str, dict[str, Any]]
"""By case: the ticket's view with its journal under `journal`."""


def read(setup: Setup) -> list[TicketRow]:
    """Tickets whose end is labelled."""
    rows = read_cases(TicketRow, files(setup, TICKETS))
    return [row for row in rows if row.label.outcome is not None and not row.history]


@asynccontextmanager
async def opened(place: Place, rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """A real stack, which has worked through all the tickets before the first is judged."""
    ended = await asyncio.to_thread(_worked, place.setup, rows)

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        return [judged(row, ended.get(row.id))]

    yield judge


def _worked(setup: Setup, rows: Sequence[TicketRow]) -> Ended:
    with tempfile.TemporaryDirectory(prefix="deskhand-journey-") as folder:
        desk, stack = _started(setup, Path(folder) / "data")
        with stack as running:
            for path in setup.kb:
                running.load(str(path), tenant=desk.tenant)
            running.start_api()
            running.start_worker()
            with running.client(running.key(desk.tenant)) as client:
                return _followed(client, rows)


def _started(setup: Setup, home: Path) -> tuple[Desk, Any]:
    if is_example(setup.desk):
        return load_desk(setup.desk, {EXAMPLE_ADDRESS: NOWHERE}), _with_service(setup, home)
    desk = load_desk(setup.desk)
    if desk.services:
        named = ", ".join(sorted(desk.services))
        msg = (
            f"{setup.desk}: the journey would call {named} for real: "
            "measure a copy of the desk without services, tools and delivery"
        )
        raise DataError(msg)
    return desk, scratch(home, setup.desk, DESKHAND_CACHE=str(setup.cache.resolve()))


@contextmanager
def _with_service(setup: Setup, home: Path) -> Iterator[Stack]:
    port = free_port()
    with scratch(home, setup.desk, DESKHAND_CACHE=str(setup.cache.resolve())) as stack:
        stack.extra = {**stack.extra, EXAMPLE_ADDRESS: f"http://127.0.0.1:{port}"}
        stack.start_service(EXAMPLE_SERVICE, port)
        yield stack


def _followed(client: httpx2.Client, rows: Sequence[TicketRow]) -> Ended:
    run = secrets.token_hex(4)
    outgoing = [Outgoing(f"{run}-{place}", _body(row)) for place, row in enumerate(rows)]
    limit = seconds_for(len(rows))
    with Progress(console=STDERR, transient=True) as progress:
        posting = progress.add_task("posting tickets", total=len(rows))
        ending = progress.add_task("tickets ended", total=len(rows))
        sent = send_all(client, outgoing, lambda: progress.advance(posting))
        views = follow(client, sent, limit, lambda _: progress.advance(ending))
    found: Ended = {}
    for row, one in zip(rows, sent, strict=True):
        if (view := views.get(one.ticket_id)) is not None:
            answer = client.get(f"/v1/tickets/{one.ticket_id}/journal").raise_for_status()
            found[row.id] = {**view, "journal": answer.json()}
    return found


def seconds_for(count: int) -> float:
    """How long that many tickets may take together."""
    return max(LEAST_SECONDS, SECONDS_A_TICKET * count)


def _body(row: TicketRow) -> dict[str, Any]:
    named = row.customer.model_dump(exclude_none=True, exclude={"verified"})
    customer = {**named, "verified": row.customer.vouched_by is not None} if named else {}
    body = {"subject": row.subject, "text": row.body, "headers": dict(row.headers)}
    return {**body, "customer": customer} if customer else body


def judged(row: TicketRow, view: dict[str, Any] | None) -> CaseResult:
    """How a ticket ended, against its label; None where it did not."""
    answerable = {"answerable": float(row.label.outcome == "answer")}
    if view is None:
        wanted = str(row.label.outcome)
        return CaseResult(row.id, row.text, wanted, "not ended", measures=_OPEN | answerable)
    journal = view.get("journal") or {"rows": [], "story": []}
    outcome, rows = view["outcome"], journal["rows"]
    cited = {one["source"] for one in view["citations"]}
    said = (view["reply"] or "").lower()
    clean = not any(text.lower() in said for text in row.label.must_not)
    gold = outcome == Outcome.DELIVERED and not row.sources.isdisjoint(cited)
    ends = {"answer": gold, "clarify": outcome == Outcome.CLARIFYING}
    right = clean and ends.get(str(row.label.outcome), outcome == Outcome.WITH_PERSON)
    return CaseResult(
        id=row.id,
        text=row.text,
        wanted=str(row.label.outcome),
        got=str(outcome),
        right=right,
        measures={
            "as_labelled": float(right),
            "ended": 1.0,
            "delivered": float(outcome == Outcome.DELIVERED),
            "delivered_with_gold": float(gold),
            "delivered_without_gold": float(outcome == Outcome.DELIVERED and not gold),
            "handed_off": float(outcome == Outcome.WITH_PERSON),
            "clarified": float(outcome == Outcome.CLARIFYING),
            **answerable,
            "steps": float(sum(one["kind"] == "step" for one in rows)),
            "tokens": float(sum(one["tokens_in"] + one["tokens_out"] for one in rows)),
            "cost": sum(one["cost_micros"] for one in rows) / MICROS,
            "seconds": seconds_to_end(view),
        },
        trace=list(journal["story"]),
        ticket_id=view["id"],
        facts={"reason": view["reason"], "cited": sorted(cited)},
    )


_OPEN = {
    "as_labelled": 0.0,
    "ended": 0.0,
    "delivered": 0.0,
    "delivered_with_gold": 0.0,
    "delivered_without_gold": 0.0,
    "handed_off": 0.0,
    "clarified": 0.0,
}


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """How the tickets ended, and what one took."""
    answerable = [one for one in results if one.measures.get("answerable")]
    others = [one for one in results if one.measures.get("answerable") == 0]
    delivered = [one for one in results if one.measures.get("delivered")]
    rates = ("ended", "delivered_with_gold", "delivered_without_gold", "handed_off", "clarified")
    return {
        **{name: proportion(flags(results, name)) for name in rates},
        "answerable_handed_off": proportion(flags(answerable, "handed_off")),
        "unanswerable_delivered": proportion(flags(others, "delivered")),
        "wrong_of_delivered": proportion(flags(delivered, "delivered_without_gold")),
        "as_labelled": proportion(flags(results, "as_labelled")),
        "steps": mean(numbers(results, "steps")),
        "tokens": mean(numbers(results, "tokens")),
        "cost": mean(numbers(results, "cost")),
        "seconds_p50": percentile(numbers(results, "seconds"), 50),
        "seconds_p95": percentile(numbers(results, "seconds"), 95),
    }


SUITE = Suite(
    name="journey",
    about="Does every ticket end over HTTP as it should, and what does it take?",
    read=read,
    opened=opened,
    figures=figures,
)

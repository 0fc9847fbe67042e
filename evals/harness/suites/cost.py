"""cost: what a ticket takes, from its journal: money, tokens, calls, steps, time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from api.explain.journal import totals
from evals.figures.metrics import Metric, exact, mean, percentile
from evals.harness.desk_runtime import Driven, Place
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import TicketRow, read_cases
from evals.harness.setup import Setup
from evals.harness.suite import TICKETS, Judge, Suite, files
from memory.budgets.amounts import MICROS
from memory.tables import Outcome


def read(setup: Setup) -> list[TicketRow]:
    """Tickets; labels do not matter here."""
    return read_cases(TicketRow, files(setup, TICKETS))


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """The graph of the opened desk."""
    desk = await place.desk()

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        return [_spent(row, await desk.drive(row), desk.desk.limits.tool_calls)]

    yield judge


def _spent(row: TicketRow, driven: Driven, calls_allowed: int) -> CaseResult:
    found = totals(driven.records)
    return CaseResult(
        id=row.id,
        text=row.text,
        wanted=f"at most {calls_allowed} calls",
        got=f"{found.calls} calls, {found.tokens} tokens, {found.cost_micros / MICROS:.4f}",
        right=found.calls <= calls_allowed,
        measures={
            "cost": found.cost_micros / MICROS,
            "tokens": float(found.tokens),
            "calls": float(found.calls),
            "steps": float(found.steps),
            "retries": float(found.retries),
            "suppressed": float(found.suppressed),
            "seconds": driven.seconds,
            "delivered": float(driven.ticket.outcome == Outcome.DELIVERED),
        },
        trace=driven.trace,
        ticket_id=driven.ticket.id,
    )


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """Means a ticket; money in the tenant's currency."""
    costs, steps = numbers(results, "cost"), numbers(results, "steps")
    delivered = sum(numbers(results, "delivered"))
    return {
        "cost_per_ticket": mean(costs),
        "cost_per_answer": exact(sum(costs) / delivered if delivered else None, int(delivered)),
        "tokens_per_ticket": mean(numbers(results, "tokens")),
        "calls_per_ticket": mean(numbers(results, "calls")),
        "retries_per_ticket": mean(numbers(results, "retries")),
        "suppressed_per_ticket": mean(numbers(results, "suppressed")),
        "steps_per_ticket": mean(steps),
        "most_steps": exact(max(steps, default=None), len(steps)),
        "seconds_p50": percentile(numbers(results, "seconds"), 50),
        "seconds_p95": percentile(numbers(results, "seconds"), 95),
    }


SUITE = Suite(
    name="cost",
    about="What does a ticket take: money, tokens, calls, steps, time?",
    read=read,
    opened=opened,
    figures=figures,
)

"""`python -m evals faults`: every fault against every kind of tool, and what became of it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.metrics import Metric, exact, mean, proportion
from evals.report import describe, write_report

if TYPE_CHECKING:
    from evals.faults.journeys import Journey
    from evals.faults.run import Row

    Source = Callable[[], Awaitable[list[Row]]]

PIPED_COLUMNS = 150
"""Width of the table where no terminal says its own."""


def register(app: typer.Typer) -> None:
    """Bring the command."""

    @app.command()
    def faults(
        out: Annotated[Path | None, typer.Option(help="Where R.json goes.")] = None,
        journey: Annotated[str | None, typer.Option(help="Only this kind of tool.")] = None,
    ) -> None:
        """Let the outside world misbehave: every ticket must end, and no effect happen twice."""
        rows = asyncio.run(measured(journey))
        if out is not None:
            from evals.faults.scenarios import SCENARIOS

            inputs = {"scenarios": describe(SCENARIOS), "rows": [vars(row) for row in rows]}
            write_report(out, inputs=inputs, metrics=metrics(rows))
        print_rows(rows)
        raise typer.Exit(0 if passed(rows) else 1)


async def measured(only: str | None = None) -> list[Row]:
    """Every scenario against every journey (or one): a service and a ledger for each journey."""
    known = sources()
    if only is not None and only not in known:
        msg = f"there is no journey {only!r}: choose one of {', '.join(known)}"
        raise typer.BadParameter(msg)
    rows: list[Row] = []
    for name in known if only is None else (only,):
        rows += await known[name]()
    return rows


def sources() -> dict[str, Source]:
    """What brings rows, by name.

    The kinds of tools stand here; another path that meets faults, such as that of the models,
    adds its own.
    """
    from evals.faults.journeys import JOURNEYS

    return {journey.name: partial(_journey, journey) for journey in JOURNEYS}


def passed(rows: Sequence[Row]) -> bool:
    """There were rows, and nothing went wrong in any of them."""
    return bool(rows) and not any(row.wrong for row in rows)


def metrics(rows: Sequence[Row]) -> dict[str, Metric]:
    """The table in figures."""
    return {
        "tickets": exact(len(rows), len(rows)),
        "nothing went wrong": proportion([not row.wrong for row in rows]),
        "answered": proportion(["answered" in r.outcome or "delivered" in r.outcome for r in rows]),
        "attempts": mean([row.attempts for row in rows]),
        "seconds": mean([row.seconds for row in rows]),
    }


def print_rows(rows: Sequence[Row]) -> None:
    """The table for people."""
    heads = ("tool", "fault", "outcome", "attempts", "reached", "effects", "s", "cost", "wrong")
    table = Table(*heads)
    for row in rows:
        table.add_row(
            row.journey,
            row.scenario,
            row.outcome,
            str(row.attempts),
            str(row.reached),
            str(row.effects),
            f"{row.seconds:.2f}",
            f"{row.cost_micros / 1e6:.3f}",
            "; ".join(row.wrong),
        )
    console = Console(width=None if sys.stdout.isatty() else PIPED_COLUMNS)
    console.print(table)
    broken = sum(bool(row.wrong) for row in rows)
    verdict = "passed" if passed(rows) else f"FAILED: {broken} rows"
    console.print(f"{len(rows)} tickets: {verdict}")


async def _journey(journey: Journey) -> list[Row]:
    from evals.faults.process import serving
    from evals.faults.run import opened
    from evals.faults.scenarios import load_scenarios

    with serving() as service, tempfile.TemporaryDirectory(prefix="faults-") as home:
        async with opened(Path(home), service) as bench:
            return [await bench.row(journey, scenario) for scenario in load_scenarios()]

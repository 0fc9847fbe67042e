"""`python -m evals faults`: every fault of tools and models, and what became of the tickets."""

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
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from evals.figures.metrics import Metric, exact, mean, proportion
from evals.figures.report import describe, write_report

if TYPE_CHECKING:
    from evals.faults.journeys import Journey
    from evals.faults.run import FaultRow

    Done = Callable[[FaultRow], None]
    Source = Callable[..., Awaitable[list[FaultRow]]]

PIPED_COLUMNS = 150
"""Width of the table where no terminal says its own."""
AT_ONCE = 3
"""Journeys under way at once: most of their time is waiting for a time-out."""


def faults(
    out: Annotated[Path | None, typer.Option(help="Where R.json goes.")] = None,
    journey: Annotated[
        list[str] | None, typer.Option(help="Only this journey; can be repeated.")
    ] = None,
) -> None:
    """Let tools and models misbehave: every ticket must end, and no effect happen twice."""
    rows = asyncio.run(measured(journey))
    if out is not None:
        from evals.faults import model_journeys, scenarios

        files = (scenarios.SCENARIOS, model_journeys.SCENARIOS)
        inputs = {"scenarios": [describe(one) for one in files]}
        write_report(
            out, inputs={**inputs, "rows": [vars(row) for row in rows]}, metrics=metrics(rows)
        )
    _print_rows(rows)
    raise typer.Exit(0 if passed(rows) else 1)


async def measured(only: Sequence[str] | None = None) -> list[FaultRow]:
    """Every scenario against every journey (or some), each journey with its own processes."""
    known = sources()
    if unknown := sorted(set(only or ()) - set(known)):
        msg = f"there is no journey {unknown[0]!r}: choose one of {', '.join(known)}"
        raise typer.BadParameter(msg)
    chosen = list(only or known)
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, _progress() as bar:
        ledger = await asyncio.to_thread(_migrated, Path(folder))
        task, slots = bar.add_task("tickets", total=tickets_of(chosen)), asyncio.Semaphore(AT_ONCE)

        async def rows_of(name: str) -> list[FaultRow]:
            async with slots:
                return await known[name](lambda _row: bar.advance(task), ledger)

        found = await asyncio.gather(*(rows_of(name) for name in chosen))
    return [row for rows in found for row in rows]


def sources() -> dict[str, Source]:
    """What brings rows, by name: the kinds of tools, and the path of the models.

    Each may be given a function that hears of every row as it comes, and a migrated ledger.
    """
    from evals.faults.journeys import JOURNEYS
    from evals.faults.model_journeys import JOURNEYS as MODEL_JOURNEYS
    from evals.faults.model_run import model_rows

    found: dict[str, Source] = {one.name: partial(_journey, one) for one in JOURNEYS}
    return found | {one.name: partial(model_rows, one) for one in MODEL_JOURNEYS}


def tickets_of(names: Sequence[str]) -> int:
    """How many rows the journeys will bring."""
    from evals.faults.journeys import JOURNEYS
    from evals.faults.model_journeys import load_model_scenarios
    from evals.faults.scenarios import load_scenarios

    vias = {one.name: one.via for one in JOURNEYS}
    of_tools = [name for name in names if name in vias]
    concerned = [one.concerns(vias[name]) for name in of_tools for one in load_scenarios()]
    return sum(concerned) + (len(names) - len(of_tools)) * len(load_model_scenarios())


def passed(rows: Sequence[FaultRow]) -> bool:
    """There were rows, and nothing went wrong in any of them."""
    return bool(rows) and not any(row.wrong for row in rows)


def metrics(rows: Sequence[FaultRow]) -> dict[str, Metric]:
    """The table in figures."""
    return {
        "tickets": exact(len(rows), len(rows)),
        "nothing went wrong": proportion([not row.wrong for row in rows]),
        "answered": proportion(["answered" in r.outcome or "delivered" in r.outcome for r in rows]),
        "attempts": mean([row.attempts for row in rows]),
        "seconds": mean([row.seconds for row in rows]),
    }


def _print_rows(rows: Sequence[FaultRow]) -> None:
    """The table for people."""
    heads = ("path", "fault", "outcome", "attempts", "reached", "effects", "s", "cost", "wrong")
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


async def _journey(
    journey: Journey, done: Done = lambda _row: None, ledger: Path | None = None
) -> list[FaultRow]:
    from evals.faults.process import serving
    from evals.faults.run import opened
    from evals.faults.scenarios import load_scenarios

    rows = []
    with serving() as service, tempfile.TemporaryDirectory(prefix="faults-") as home:
        async with opened(Path(home), service, ledger) as bench:
            for scenario in load_scenarios():
                if scenario.concerns(journey.via):
                    rows.append(await bench.row(journey, scenario))
                    done(rows[-1])
    return rows


def _migrated(folder: Path) -> Path:
    """A ledger's file, set up and closed."""
    from api.settings import Settings
    from memory.storage.migrate import migrate

    settings = Settings(home=folder, _env_file=None)
    migrate(settings.ledger_url)
    return folder / Path(settings.ledger_url).name


def _progress() -> Progress:
    """A bar on stderr, so that the table can be piped."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )

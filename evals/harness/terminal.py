"""Runs, differences and verdicts as tables for people."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.figures.report import interval, number
from evals.harness.comparing import Difference
from evals.harness.gate import Verdict
from evals.harness.results import Run

PIPED_COLUMNS = 120
"""Width of the tables where no terminal says its own."""


def console() -> Console:
    """Standard output."""
    return Console(width=None if sys.stdout.isatty() else PIPED_COLUMNS, highlight=False)


def print_run(run: Run, folder: Path) -> None:
    """Every figure of every suite."""
    out = console()
    for name, suite in run.suites.items():
        table = Table(
            "metric", "value", "95 % interval", "n", title=f"{name}, {suite.seconds:.0f} s"
        )
        for metric, value in suite.metrics.items():
            table.add_row(metric, number(value.value), interval(value), str(value.n))
        out.print(table)
        for note in suite.notes:
            out.print(f"- {note}", markup=False)
        for one in suite.errors:
            out.print(f"- {one.id}: {one.error}", markup=False, style="red")
    out.print(f"The run is in {folder}; every case: inspect view --log-dir {folder}/logs")


def print_differences(found: Sequence[Difference]) -> None:
    """What changed, the surest first."""
    table = Table("metric", "before", "after", "change", "95 % interval", "n", "how", "")
    for one in found:
        colour = {"better": "green", "worse": "red"}.get(one.verdict, "")
        table.add_row(
            one.metric,
            number(one.before),
            number(one.after),
            "" if one.change is None else f"{one.change:+.3f}",
            "" if one.low is None or one.high is None else f"{one.low:+.3f} to {one.high:+.3f}",
            str(one.n),
            one.method,
            one.verdict,
            style=colour,
        )
    console().print(table)


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Each rule, whether it holds, and why."""
    out = console()
    for one in verdicts:
        mark = "[green]pass[/]" if one.passed else "[red]FAIL[/]"
        out.print(f"{mark}  ", end="")
        out.print(one.words, markup=False, soft_wrap=True)
    failed = sum(not one.passed for one in verdicts)
    out.print("[green]The gate is open.[/]" if not failed else f"[red]{failed} rules failed.[/]")

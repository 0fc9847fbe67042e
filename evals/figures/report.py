"""One report for each run: R.json for machines, a table for people."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.figures.metrics import Metric

STDERR = Console(stderr=True)
"""For what is said while something is measured; the figures go to standard output."""


def write_report(
    out: Path,
    *,
    inputs: Mapping[str, Any],
    metrics: Mapping[str, Metric],
    notes: Sequence[str] = (),
    cases: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Write `out` as {"command", "inputs", "metrics", "notes"} and print its table.

    With `cases` the same holds what became of each of them.
    `inputs` holds what the figures depend on: files with `describe`, settings as they are.
    """
    body: dict[str, Any] = {
        "command": ["python", "-m", "evals", *sys.argv[1:]],
        "inputs": dict(inputs),
        "metrics": {name: asdict(metric) for name, metric in metrics.items()},
        "notes": list(notes),
    }
    if cases is not None:
        body["cases"] = [dict(one) for one in cases]
    write_json(out, body)
    _print_table(metrics, notes)


def write_json(out: Path, body: Any) -> None:
    """The same for any figures, in a folder that is made where it is missing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def describe(path: Path) -> dict[str, str]:
    """A file or folder as an input: its path and the digest that tells whether it changed."""
    whole = hashlib.sha256()
    if path.is_dir():
        for one in sorted(one for one in path.rglob("*") if one.is_file()):
            whole.update(one.relative_to(path).as_posix().encode() + one.read_bytes())
    else:
        whole.update(path.read_bytes())
    return {"path": str(path), "sha256": whole.hexdigest()}


def _print_table(metrics: Mapping[str, Metric], notes: Sequence[str]) -> None:
    """The figures for people, on standard output."""
    table = Table("metric", "value", "95 % interval", "n")
    for name, metric in metrics.items():
        table.add_row(name, number(metric.value), interval(metric), str(metric.n))
    console = Console()
    console.print(table)
    for note in notes:
        console.print(f"- {note}", markup=False)


def number(value: float | None) -> str:
    """A figure, or that there is none."""
    return "no data" if value is None else f"{value:.3f}"


def interval(metric: Metric) -> str:
    """Its interval, empty if it has none."""
    if metric.low is None or metric.high is None:
        return ""
    return f"{metric.low:.3f} to {metric.high:.3f}"

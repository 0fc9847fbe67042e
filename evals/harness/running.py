"""`evals run`: the suites one after the other, and everything they found in one folder."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from evals.figures.report import STDERR, describe
from evals.harness.desk_runtime import Place
from evals.harness.results import RUN_FILE, Run, SuiteResult, load, save
from evals.harness.setup import Setup
from evals.harness.suite import Suite

NO_COMMIT = "unknown"


async def measured(suites: Sequence[Suite], setup: Setup, folder: Path) -> Run:
    """Run the suites and write run.json and the logs into `folder`.

    A folder that holds a run already keeps its other suites, each with a note of its commit.
    Raises `DataError`, before anything is measured, where a file of cases cannot be read.
    """
    planned = [(suite, suite.read(setup)) for suite in suites]
    found: dict[str, SuiteResult] = {}
    async with Place(setup) as place:
        with _progress() as progress:
            for suite, rows in planned:
                found[suite.name] = await _suite(suite, rows, place, folder, progress)
    run = Run(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=["python", "-m", "evals", *sys.argv[1:]],
        suites=_kept(folder / RUN_FILE) | found,
        revision=revision(),
    )
    save(run, folder / RUN_FILE)
    return run


def _kept(file: Path) -> dict[str, SuiteResult]:
    """The suites of a run that is added to."""
    if not file.exists():
        return {}
    before = load(file)
    note = f"measured at commit {before.revision}"
    return {
        name: suite
        if any(one.startswith("measured at") for one in suite.notes)
        else replace(suite, notes=[*suite.notes, note])
        for name, suite in before.suites.items()
    }


async def _suite(
    suite: Suite, rows: Sequence[Any], place: Place, folder: Path, progress: Progress
) -> SuiteResult:
    from evals.harness.inspected import evaluated  # Inspect takes seconds to load

    repeats = place.setup.repeats or suite.repeats
    task = progress.add_task(suite.name, total=len(rows) * repeats)
    started = time.perf_counter()
    async with suite.opened(place, rows) as judge:
        cases, log = await evaluated(
            suite, rows, judge, folder, repeats, lambda: progress.advance(task)
        )
    well = [one for one in cases if one.error is None]
    return SuiteResult(
        suite=suite.name,
        metrics=suite.figures(well),
        cases=cases,
        seconds=time.perf_counter() - started,
        notes=_notes(len(rows), len(cases) - len(well), repeats),
        inputs=_inputs(place.setup, repeats),
        log=log,
    )


def _notes(cases: int, failed: int, repeats: int) -> list[str]:
    found = [f"{cases} cases" + (f", each {repeats} times" if repeats > 1 else "")]
    return found + ([f"{failed} could not be run"] if failed else [])


def _inputs(setup: Setup, repeats: int) -> dict[str, Any]:
    return {
        "desk": describe(setup.desk),
        "kb": [describe(path) for path in setup.kb],
        "cases": [describe(path) for path in setup.cases] or "shipped",
        "repeats": repeats,
    }


def revision() -> str:
    """The commit that is measured; `unknown` outside a repository."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return NO_COMMIT
    return done.stdout.strip() or NO_COMMIT


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=STDERR,
    )

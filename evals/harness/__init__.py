"""The harness: run suites of cases, compare two runs, hold a run against the gate, report it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.figures.options import CACHE, Cache, Paths

if TYPE_CHECKING:
    from evals.harness.suite import Suite

RUNS = Path(".deskhand/evals")
"""Where runs go that name no folder; the newest one is meant where none is named."""
EXAMPLE = Path("examples/fernhill")
BASELINE = Path("evals/baseline.json")

RunPath = Annotated[Path, typer.Argument(help="A run's folder or its run.json.")]


def run(  # noqa: PLR0917 - a command's options
    suite: Annotated[
        str, typer.Argument(help="intent, retrieval, answer ..., several with commas, or all.")
    ],
    cases: Annotated[
        Paths | None, typer.Option(help="Cases to use instead of the shipped ones. Repeat to pool.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run's folder.")] = None,
    desk: Annotated[Path, typer.Option(help="The desk.yaml to measure.")] = EXAMPLE / "desk.yaml",
    kb: Annotated[
        Paths | None, typer.Option(help="Articles: JSON Lines or a folder. Repeat to pool.")
    ] = None,
    repeats: Annotated[
        int | None, typer.Option(min=1, help="How many times each case is run.")
    ] = None,
    models: Annotated[
        bool, typer.Option(help="Let the desk's chat models decide: costs money.")
    ] = False,
    cache: Cache = CACHE,
) -> None:
    """Run suites of labelled cases through the code that production runs."""
    from evals.harness.running import measured
    from evals.harness.setup import Setup
    from evals.harness.terminal import print_run

    setup = Setup(
        desk=desk,
        kb=tuple(kb or [EXAMPLE / "articles"]),
        cache=cache,
        cases=tuple(cases or ()),
        repeats=repeats,
        models=models,
    )
    folder = out or RUNS / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    chosen = _chosen(suite, own_cases=bool(cases))
    print_run(asyncio.run(measured(chosen, setup, folder)), folder)


def compare(
    before: RunPath,
    after: RunPath,
    out: Annotated[Path | None, typer.Option(help="The differences as JSON.")] = None,
) -> None:
    """Show what changed from one run to another, paired over the same cases."""
    from evals.harness.comparing import compared, write_differences
    from evals.harness.results import load
    from evals.harness.terminal import print_differences

    found = compared(load(before), load(after))
    print_differences(found)
    if out is not None:
        write_differences(found, out)


def hold(
    run: Annotated[Path | None, typer.Argument(help="A run; the newest one by default.")] = None,
    baseline: Annotated[Path, typer.Option(help="The committed baseline.")] = BASELINE,
    rules: Annotated[
        Path | None, typer.Option(help="Use these rules instead of the shipped ones.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Apply only the rules about this suite. Repeatable.")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Make this run the baseline, if the rules let it.")
    ] = False,
) -> None:
    """Pass or fail a run, rule by rule, with reasons. Exit status 1 if any rule fails."""
    from evals.harness.gate import judged, read_rules
    from evals.harness.results import load, save_baseline
    from evals.harness.terminal import print_verdicts

    found = load(run or newest())
    wanted = read_rules(rules)
    verdicts = judged(found, None if accept else load(baseline), wanted, tuple(only or ()))
    print_verdicts(verdicts)
    if not all(one.passed for one in verdicts):
        raise typer.Exit(1)
    if accept:
        save_baseline(found, baseline)


def report(
    run: Annotated[Path | None, typer.Argument(help="A run; the newest one by default.")] = None,
    out: Annotated[Path, typer.Option(help="The page; its figures go beside it as .json.")] = Path(
        "report.html"
    ),
    baseline: Annotated[Path, typer.Option(help="What the run is compared with.")] = BASELINE,
) -> None:
    """Write one self-contained HTML page of a run, the same as JSON, and print it as a table."""
    from evals.harness.page import write_page
    from evals.harness.results import load
    from evals.harness.terminal import print_run

    place = run or newest()
    found = load(place)
    before = load(baseline) if baseline.exists() else None
    write_page(found, before, out)
    print_run(found, place)
    typer.echo(f"wrote {out} and {out.with_suffix('.json')}")


def newest() -> Path:
    """The run that began last among those in `RUNS`. Raises `DataError`."""
    from evals.figures.datasets import DataError
    from evals.harness.results import RUN_FILE

    found = sorted(path.parent for path in RUNS.glob(f"*/{RUN_FILE}"))
    if not found:
        msg = f"there is no run in {RUNS}: run `python -m evals run all` first, or name one"
        raise DataError(msg)
    return found[-1]


def _chosen(names: str, *, own_cases: bool) -> list[Suite]:
    from evals.harness.suites import SUITES

    wanted = list(SUITES) if names == "all" else names.split(",")
    if unknown := [name for name in wanted if name not in SUITES]:
        msg = f"there is no suite {unknown[0]!r}: choose of {', '.join(SUITES)}, or all"
        raise typer.BadParameter(msg)
    if names == "all" and own_cases:
        raise typer.BadParameter("--cases goes with one kind of suite: name it instead of all")
    return [SUITES[name] for name in wanted]

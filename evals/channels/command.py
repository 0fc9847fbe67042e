"""`python -m evals channels`: every channel under faults and kill -9, counted where messages arrive."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress as Bar

from evals.channels.contract import Side
from evals.channels.judging import COUNTED
from evals.channels.sides import SIDES
from evals.channels.storm import Plan, Seen, storm
from evals.figures.metrics import Metric, exact
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import STDERR, write_report


def channels(
    messages: Annotated[int, typer.Option(min=2, help="Messages through each channel.")] = 40,
    kills: Annotated[int, typer.Option(min=0, help="Kills while each channel works.")] = 8,
    out: FiguresFile = BUILD / "channels.json",
    seed: Annotated[int, typer.Option(help="Chooses the moments.")] = 1,
    only: Annotated[
        str, typer.Option(help=f"Some of {', '.join(SIDES)}, with commas; all unless it is said.")
    ] = "",
) -> None:
    """Send messages through each channel while things break; exit status 1 if anything is wrong."""
    sides, plan = _chosen(only), Plan(messages, kills, seed)
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-channels-") as name,
        Bar(console=STDERR) as bar,
    ):
        task = bar.add_task("kills", total=None)
        made = {one: make() for one, make in sides.items()}
        on_kill = lambda: bar.advance(task)  # noqa: E731
        found = asyncio.run(storm(Path(name), list(made.values()), plan, on_kill))
    notes = [f"{channel}: {words}" for channel, one in found.items() for words in words_of(one)]
    write_report(
        out,
        inputs={**asdict(plan), "faults": {name: dict(one.faults) for name, one in found.items()}},
        metrics=figures(found),
        notes=notes,
    )
    if notes:
        raise typer.Exit(1)


def _chosen(only: str) -> Mapping[str, Callable[[], Side]]:
    names = [one.strip() for one in only.split(",") if one.strip()] or list(SIDES)
    if unknown := [one for one in names if one not in SIDES]:
        msg = f"no such channel: {', '.join(unknown)}; there are {', '.join(SIDES)}"
        raise typer.BadParameter(msg, param_hint="--only")
    return {name: SIDES[name] for name in names}


def words_of(one: Seen) -> list[str]:
    """What is wrong with a channel, or with its measurement."""
    nobody = [] if one.takeovers else ["nobody took anything over: send more messages"]
    return [*one.verdict.words, *nobody]


def figures(found: Mapping[str, Seen]) -> dict[str, Metric]:
    """By channel and in all."""
    metrics: dict[str, Metric] = {}
    for channel, one in found.items():
        cases = dict.fromkeys(COUNTED, one.messages) | {"after_takeover": one.takeovers}
        for name, n in cases.items():
            metrics[f"{channel}.{name}"] = exact(len(getattr(one.verdict, name)), n)
        for name in ("messages", "kills", "takeovers", "by_people", "files_in", "files_out"):
            metrics[f"{channel}.{name}"] = exact(getattr(one, name), one.messages)
        metrics[f"{channel}.seconds"] = exact(round(one.seconds, 1), 1)
    for name in COUNTED:
        total = sum(len(getattr(one.verdict, name)) for one in found.values())
        metrics[name] = exact(total, sum(metrics[f"{channel}.{name}"].n for channel in found))
    return metrics

"""`python -m evals channels`: every channel under faults and kill -9, counted where messages arrive."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from evals.chaos import mail_storm
from evals.chaos.chaos import storm as http_storm
from evals.chaos.mail_judging import Seen
from evals.chaos.observing import Plan
from evals.figures.metrics import NOTHING, Metric, exact
from evals.figures.report import write_report

STDERR = Console(stderr=True)
COUNTED = ("lost", "doubled", "out_of_order", "after_takeover")
KILLS_OF_API = 10
"""One of so many kills on the HTTP channel is of the API."""


def register(app: typer.Typer) -> None:
    """Bring the command."""
    app.command("channels")(channels)


def channels(
    messages: Annotated[int, typer.Option(min=2, help="Messages through each channel.")] = 2_000,
    kills: Annotated[int, typer.Option(min=0, help="Kills while each channel works.")] = 100,
    out: Annotated[Path, typer.Option(help="Where the figures go.")] = Path("channels.json"),
    seed: Annotated[int, typer.Option(help="Chooses the moments.")] = 1,
    only: Annotated[str, typer.Option(help="mail or api; both unless it is said.")] = "",
) -> None:
    """Send messages through each channel while things break; exit status 1 if anything is wrong."""
    found: dict[str, Seen] = {}
    with tempfile.TemporaryDirectory(prefix="deskhand-channels-") as name:
        folder = Path(name)
        with Progress(console=STDERR) as progress:
            for channel, run in (("mail", _mail), ("api", _http)):
                if only in {"", channel}:
                    task = progress.add_task(channel, total=kills)
                    (folder / channel).mkdir()
                    found[channel] = run(
                        folder / channel,
                        Plan(kills, kills // KILLS_OF_API, messages, seed),
                        lambda task=task: progress.advance(task),  # type: ignore[misc]
                    )
    notes = [f"{channel}: {note}" for channel, seen in found.items() for note in seen.notes]
    inputs = {"messages": messages, "kills": kills, "seed": seed}
    write_report(
        out,
        inputs={**inputs, "faults": {name: dict(one.faults) for name, one in found.items()}},
        metrics=figures(found),
        notes=notes,
    )
    if any(getattr(one, name) for one in found.values() for name in COUNTED):
        raise typer.Exit(1)


def figures(found: dict[str, Seen]) -> dict[str, Metric]:
    """By channel and in all. The HTTP channel has no takeover on another side."""
    metrics: dict[str, Metric] = {}
    for channel, one in found.items():
        metrics[f"{channel}.messages"] = exact(one.messages, one.messages)
        metrics[f"{channel}.kills"] = exact(one.kills, one.kills)
        metrics[f"{channel}.lost"] = exact(one.lost, one.messages)
        metrics[f"{channel}.doubled"] = exact(one.doubled, one.messages)
        ordered = channel == "mail"
        metrics[f"{channel}.out_of_order"] = (
            exact(one.out_of_order, one.messages) if ordered else NOTHING
        )
        metrics[f"{channel}.after_takeover"] = (
            exact(one.after_takeover, one.takeovers) if one.takeovers else NOTHING
        )
        metrics[f"{channel}.seconds"] = exact(round(one.seconds, 1), 1)
    for name in COUNTED:
        total = sum(getattr(one, name) for one in found.values())
        metrics[name] = exact(total, sum(one.messages for one in found.values()))
    return metrics


def _mail(folder: Path, plan: Plan, on_kill: mail_storm.OnKill) -> Seen:
    return mail_storm.storm(folder, plan.tickets, plan.kills, plan.seed, on_kill)


def _http(folder: Path, plan: Plan, on_kill: mail_storm.OnKill) -> Seen:
    tally = http_storm(folder, plan, on_kill)
    silent = [one for one in tally.faults if "times" not in one]
    return Seen(
        messages=tally.tickets,
        kills=tally.worker_kills + tally.api_kills,
        lost=len(silent),
        doubled=sum(n - 1 for n in tally.sent.values()),
        notes=tally.faults,
        seconds=tally.seconds,
    )

"""`python -m evals incident`: forty searches for one ticket, and what they do to the others.

A help centre that answers with low confidence, and a model that always wants to search again. The
run must halt within its limits, a person must get it with the reason, `deskhand why` must say what
looped and what stopped it, and three tickets that came at the same moment must end as fast as
without it.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.chaos.modelled import modelled_stack
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_json
from evals.stack.chaotic import await_ends, nursery_of
from evals.stack.sending import seconds_to_end, send_text
from evals.stack.stack import Stack
from memory.tool_names import SEARCH

TENANT = "loop"
LIMITS = {"replans": 5, "steps": 20, "tool_calls": 40}
"""As generous as a desk may be: what halts the run is a limit and no small number."""
DESK = {"limits": LIMITS, "minds": {"planner": "model"}}
PLAN_TOKENS = 400
"""Of a plan, at most."""
LOOPING = "Why does my #person invoice not match what I was told?"
"""Marked for the scripted minds: no passage answers it well enough."""
QUICK = "How do I reset my password?"
OTHERS = 3
MOST_RATIO = 1.5
"""Of the others' times, median against median: beyond it the loop delays them."""
END_SECONDS = 60.0
SETTLED_SECONDS = 0.5
"""Between two rounds, for the sweep and the checkpoints to be over."""
WARM_UP = 2
"""Rounds that nobody counts."""


@dataclass
class Figures:
    """What a run found."""

    rounds: int
    searches: list[int] = field(default_factory=list)
    """Of the looping ticket, a round."""
    plans: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    ticket: str = ""
    """The last one that looped."""
    why: str = ""
    """What `deskhand why` said of the last one."""
    alone: list[float] = field(default_factory=list)
    """Seconds of each other ticket, without the loop."""
    beside: list[float] = field(default_factory=list)
    """The same with it."""
    loop_seconds: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return median(self.beside) / median(self.alone)

    @property
    def breaches(self) -> list[str]:
        """What must not be; empty if all is well."""
        most_plans = 1 + LIMITS["replans"]
        rules = {
            "it never looped: the incident did not happen": max(self.plans) < most_plans,
            "it planned more often than it may": max(self.plans) > most_plans,
            "it made more calls than it may": max(self.searches) > LIMITS["tool_calls"],
            "a person did not get it with a reason": not all(self.reasons),
            "why does not say what looped": "searche" not in self.why and "again" not in self.why,
            "why does not say what stopped it": "limit" not in self.why,
            "the others were delayed": self.ratio > MOST_RATIO,
        }
        return [words for words, broken in rules.items() if broken]


def command(
    rounds: Annotated[int, typer.Option(min=1, help="With and without the loop.")] = 12,
    out: FiguresFile = BUILD / "incident.json",
) -> None:
    """Let one ticket loop beside three others; exit status 1 if anything is wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-incident-") as folder,
        Progress(console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task("rounds", total=2 * rounds)
        figures = measured(Path(folder), rounds, lambda: progress.advance(task))
    show(figures)
    found = {**asdict(figures), "ratio": round(figures.ratio, 3), "breaches": figures.breaches}
    write_json(out, found)
    raise typer.Exit(1 if figures.breaches else 0)


def measured(folder: Path, rounds: int, on_round: Callable[[], None] = lambda: None) -> Figures:
    """Rounds with and without the loop in turn, on one stack, so that both meet the same machine."""
    figures = Figures(rounds)
    settings = {"DESKHAND_WORKER_CONCURRENCY": "8", "DESKHAND_TENANT_CONCURRENCY": "4"}
    with (
        modelled_stack(folder, {TENANT: DESK}, settings, PLAN_TOKENS) as (stack, model),
        nursery_of(stack) as pool,
    ):
        model.plan({"kind": "search_again"}, forever=True)
        pool.start()
        with stack.client(stack.key(TENANT)) as client:
            for number in range(WARM_UP + rounds):
                counted = figures if number >= WARM_UP else Figures(0)
                _round(client, counted, looping=False)
                _round(client, counted, looping=True)
                if number >= WARM_UP:
                    on_round()
                    on_round()
        figures.why = why(stack, figures.ticket)
    return figures


def _round(client: httpx2.Client, figures: Figures, *, looping: bool) -> None:
    """Three tickets at once, and the looping one with them or not."""
    texts = [LOOPING] * looping + [QUICK] * OTHERS
    with ThreadPoolExecutor(len(texts)) as pool:
        ids = list(pool.map(lambda text: send_text(client, text), texts))
    views = await_ends(client, ids, END_SECONDS)
    quick = [seconds_to_end(one) for one in views[looping:]]
    (figures.beside if looping else figures.alone).extend(quick)
    if looping:
        _note(client, views[0], figures)
    time.sleep(SETTLED_SECONDS)


def _note(client: httpx2.Client, view: dict[str, Any], figures: Figures) -> None:
    rows = client.get(f"/v1/tickets/{view['id']}/journal").raise_for_status().json()["rows"]
    figures.loop_seconds.append(seconds_to_end(view))
    figures.searches.append(_count(rows, "call", SEARCH))
    figures.plans.append(_count(rows, "step", "plan"))
    figures.reasons.append(str(view["reason"] or ""))
    figures.ticket = view["id"]


def _count(rows: Sequence[dict[str, Any]], kind: str, name: str) -> int:
    return sum((row["kind"], row["name"]) == (kind, name) for row in rows)


def why(stack: Stack, ticket_id: str) -> str:
    """What the command line says of a ticket."""
    command = [sys.executable, "-m", "api.cli.main", "why", ticket_id]
    environment = {**stack.environment, "COLUMNS": "200"}
    told = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, check=True, capture_output=True, text=True
    )
    return told.stdout


def show(figures: Figures) -> None:
    """The table, and the story."""
    table = Table(title="a loop, and three others beside it")
    for name in ("", "value"):
        table.add_column(name)
    table.add_row("searches of the loop", f"{max(figures.searches)} of {LIMITS['tool_calls']}")
    table.add_row("plans of the loop", f"{max(figures.plans)} of {1 + LIMITS['replans']}")
    table.add_row("handed off because of", ", ".join(sorted(set(figures.reasons))))
    table.add_row("the loop, median", f"{median(figures.loop_seconds):.2f} s")
    table.add_row("others without it, median", f"{median(figures.alone):.2f} s")
    table.add_row("others with it, median", f"{median(figures.beside):.2f} s")
    table.add_row("ratio", f"{figures.ratio:.2f} (at most {MOST_RATIO:g})")
    console = Console()
    console.print(table)
    console.print(figures.why)
    for breach in figures.breaches:
        console.print(f"BREACH: {breach}", style="bold red")

"""`python -m evals protocol`: every interleaving within bounds, and whether a promise breaks in one."""

import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.figures.metrics import Metric, exact
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_report
from evals.protocol.actions import World
from evals.protocol.explore import Explored, explore
from evals.protocol.model import THE_RULES, Bounds, Service, first

SERVICES = {
    "does a key once, can be asked": Service(honours_key=True, tells=True),
    "does a key once": Service(honours_key=True, tells=False),
    "can be asked": Service(honours_key=False, tells=True),
    "neither": Service(honours_key=False, tells=False),
}
"""What the outside may be like."""


def command(  # noqa: PLR0917 - typer passes each option by name
    workers: Annotated[int, typer.Option(min=1, max=3)] = 2,
    crashes: Annotated[int, typer.Option(min=0, help="Deaths of a worker, at any point.")] = 1,
    zombies: Annotated[int, typer.Option(min=0, help="Workers wrongly taken for dead.")] = 1,
    lost_answers: Annotated[int, typer.Option(min=0, help="Calls whose answer is lost.")] = 1,
    people: Annotated[
        int, typer.Option(min=0, help="Take-overs, and replies to a handoff, by a person.")
    ] = 1,
    out: FiguresFile = BUILD / "protocol.json",
) -> None:
    """Visit every state of accept, lease, fence, effect and settle; exit status 1 on a fault."""
    bounds = Bounds(
        workers=workers,
        crashes=crashes,
        lost_locks=zombies,
        lost_answers=lost_answers,
        takeovers=people,
        replies=people,
    )
    table = Table(title="one ticket, in every order")
    for name in ("the service", "states", "steps", "ended", "seconds", "faults"):
        table.add_column(name)
    found: dict[str, Explored] = {}
    for name, service in SERVICES.items():
        started = time.monotonic()
        one = found[name] = explore(World(bounds, service, THE_RULES), first(bounds))
        seconds = f"{time.monotonic() - started:.1f}"
        numbers = [f"{number:,}" for number in (one.states, one.steps, one.ended)]
        table.add_row(name, *numbers, seconds, str(len(one.faults)))
    Console().print(table)
    faults = [f"{name}: {fault}" for name, one in found.items() for fault in told(one)]
    write_report(out, inputs=asdict(bounds), metrics=_figures(found), notes=faults)
    if faults:
        raise typer.Exit(1)


def told(found: Explored) -> list[str]:
    """Each fault with the way to it, in words."""
    rest = [] if found.complete else ["not every state was visited: lower the bounds"]
    return [f"{one.promise} ({'; '.join(one.way)})" for one in found.faults] + rest


def _figures(found: dict[str, Explored]) -> dict[str, Metric]:
    states = sum(one.states for one in found.values())
    return {
        "states": exact(states, states),
        "steps": exact(sum(one.steps for one in found.values()), states),
        "faults": exact(sum(len(told(one)) for one in found.values()), states),
    }

"""`deskhand desk`: is a desk.yaml right, before anything runs on it?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.settings import read_settings

if TYPE_CHECKING:
    from graph.desk.model import Desk
    from graph.desk.people import Hours

app = typer.Typer(no_args_is_help=True, help="The desk that a desk.yaml describes.")


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="A desk.yaml, or a folder of them (default: the one in use)."),
    ] = None,
) -> None:
    """Say what a desk.yaml means, or every mistake in it with its line (exit status 2)."""
    from graph.desk.folder import load_desks

    settings = read_settings()
    for desk in load_desks(file or settings.desk, settings.variables).values():
        screen.out().print(_told(desk), markup=False)


def _told(desk: Desk) -> str:
    people = sum(intent.handling == "person" for intent in desk.intents)
    return (
        f"The desk of {desk.company} ({desk.tenant}) is valid: "
        f"{screen.count(len(desk.intents), 'intent')} ({people} always to a person), "
        f"{screen.count(len(desk.tools), 'tool')}, "
        f"{screen.count(len(desk.handoff.teams), 'team')}; "
        f"people work {_hours(desk.hours)}."
    )


def _hours(hours: Hours) -> str:
    days = ", ".join(dict.fromkeys(hours.days))
    return f"{days} from {hours.start} to {hours.end} ({hours.timezone})"

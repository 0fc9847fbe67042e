"""All the commands of `deskhand`, a line for each."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from api.cli import (
    account,
    articles,
    backup,
    calibration,
    case,
    connect,
    customer,
    doctor,
    encoder,
    encryption,
    handoff,
    init,
    journal,
    key,
    mcp,
    model,
    processes,
    replay,
    ticket,
    tools,
    webhook,
    why,
)
from api.cli import desk as desk_command  # `desk` is an option as well
from api.cli import sending as sending_command

HELP = """
Support tickets, answered with a check or handed to a person.

[bold]To begin[/]
deskhand init               write a desk.yaml to start from
deskhand migrate            set the database up
deskhand kb add articles    load your articles
deskhand key create         make an API key
deskhand up                 start the API and a worker
deskhand ticket send "..."  send a ticket

Settings come from DESKHAND_... variables or a .env file.
"""


def build() -> typer.Typer:
    """The command with all its parts."""
    app = typer.Typer(
        name="deskhand",
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    app.callback()(_places)
    for name, run in processes.COMMANDS.items():
        app.command(name)(run)
    app.command("init")(init.run)
    app.add_typer(desk_command.app, name="desk")
    app.add_typer(model.app, name="model")
    app.add_typer(connect.app, name="connect")
    app.add_typer(key.app, name="key")
    app.add_typer(encryption.app, name="encryption")
    app.add_typer(webhook.app, name="webhook")
    app.add_typer(sending_command.sending, name="sending")
    app.add_typer(sending_command.autonomy, name="autonomy")
    app.add_typer(account.app, name="account")
    app.add_typer(articles.app, name="kb")
    app.add_typer(ticket.app, name="ticket")
    app.command("tools")(tools.run)
    app.command("mcp")(mcp.run)
    app.command("doctor")(doctor.run)
    app.command("backup")(backup.backup)
    app.command("restore")(backup.restore)
    app.command("export")(customer.export)
    app.command("erase")(customer.erase)
    app.command("why")(why.run)
    app.command("replay")(replay.run)
    app.command("case")(case.run)
    app.command("journal")(journal.run)
    app.add_typer(handoff.app, name="handoff")
    app.add_typer(calibration.app, name="calibration")
    app.add_typer(encoder.app, name="encoder")
    return app


def _version(wanted: bool) -> None:
    if wanted:
        print(f"deskhand {version('deskhand')}")  # noqa: T201  the result
        raise typer.Exit


def _places(
    home: Annotated[
        Path | None,
        typer.Option(help="Folder of all that survives a restart (default: .deskhand)."),
    ] = None,
    desk: Annotated[
        Path | None,
        typer.Option(help="A desk.yaml, or a folder of them (default: desk.yaml)."),
    ] = None,
    _shown: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    # Through the environment, so that the processes of `up` get the same.
    if home is not None:
        os.environ["DESKHAND_HOME"] = str(home)
    if desk is not None:
        os.environ["DESKHAND_DESK"] = str(desk)

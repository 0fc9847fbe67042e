"""`deskhand encoder`: the embedding model for machines that have no torch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import screen
from api.cli.indexing import opening
from api.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="The embedding model.")


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write, about 130 MB.")],
) -> None:
    """Write the model as workers run it, so that they need neither torch nor the model's package.

    For an image that is built here and runs elsewhere: set DESKHAND_ENCODER to the folder there.
    """
    from memory.encoder.export import copy_out

    settings = read_settings()
    with screen.notes().status(opening(settings)):
        revision = copy_out(settings.cache, folder)
    screen.out().print(f"The embedding model {revision} is in {folder}: set DESKHAND_ENCODER to it")

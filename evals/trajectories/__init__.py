"""`python -m evals replay`: gold action sequences through the real gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evals.trajectories.report import Result


def replay(
    tasks: Annotated[Path, typer.Option(help="Folder with tools.json, tasks and database.")],
    out: Annotated[Path | None, typer.Option(help="Where R.json goes.")] = None,
) -> None:
    """Replay a folder's gold actions: valid calls pass, writes wait for approval."""
    from evals.trajectories.report import print_result, write_result

    result = asyncio.run(_replayed(tasks))
    if out is not None:
        write_result(out, result)
    print_result(result, quiet=out is not None)
    raise typer.Exit(0 if result.passed else 1)


async def _replayed(tasks: Path) -> Result:
    from evals.trajectories.run import replayed

    return await replayed(tasks)

"""`python -m evals COMMAND`: every module here that has a `register(app)` brings commands."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys

import typer

import evals
from evals.measures.datasets import DataError

TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that was told to end, as shells have it."""


def build_app() -> typer.Typer:
    """The command line, with the commands of every module in this room."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_group)
    for module in pkgutil.iter_modules(evals.__path__):
        if module.name == "__main__":
            continue
        register = getattr(importlib.import_module(f"evals.{module.name}"), "register", None)
        if register is not None:
            register(app)
    return app


def _group() -> None:
    """Measure the agent offline, on labelled cases, with the code that production runs."""


def main() -> None:
    """Run it; a fault of the data is one line and exit code 2, not a traceback."""
    # A command that is told to end must still end the processes that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        build_app()()
    except DataError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()

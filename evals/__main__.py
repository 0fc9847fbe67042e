"""`python -m evals COMMAND`: each module of `COMMANDS` brings its commands by `register(app)`."""

from __future__ import annotations

import importlib
import signal
import sys

import typer

from evals.figures.datasets import DataError
from evals.stack.stack import StackFailed

COMMANDS = (
    "evals.attacks.command",
    "evals.bench.command",
    "evals.bench.consoles",
    "evals.bench.encoder",
    "evals.capacity.command",
    "evals.channels.command",
    "evals.channels.mailed",
    "evals.chaos.budget",
    "evals.chaos.chaos",
    "evals.chaos.incident",
    "evals.chaos.network",
    "evals.chaos.overload",
    "evals.chaos.poison",
    "evals.chaos.soak",
    "evals.chaos.upgrade",
    "evals.demo.command",
    "evals.distributed",
    "evals.faults.table",
    "evals.fit",
    "evals.fit.confidence",
    "evals.harness",
    "evals.measures.answer",
    "evals.measures.asks",
    "evals.measures.calibrate",
    "evals.measures.grounding",
    "evals.measures.intent",
    "evals.measures.journey",
    "evals.measures.retrieval",
    "evals.measures.safety",
    "evals.protocol.command",
    "evals.replies.command",
    "evals.trajectories",
    "evals.trials.command",
    "evals.upkeep",
)
"""Modules with commands, in the order in which the help lists them."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that was told to end, as shells have it."""


def build_app() -> typer.Typer:
    """The command line, with the commands of every module in this room."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_group)
    for name in COMMANDS:
        importlib.import_module(name).register(app)
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
    except StackFailed as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()

"""`python -m evals COMMAND`."""

import importlib
import signal
import sys
from collections.abc import Mapping
from types import MappingProxyType

import typer

from api.loading import end_quickly, loading
from evals.figures.datasets import DataError
from evals.stack.stack import StackFailed

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "attacks": "attacks.command:attacks",
        "bench": "bench.command:bench",
        "consoles": "bench.consoles:consoles",
        "growth": "bench.growth:growth",
        "encoder-bench": "bench.encoder:encoder_bench",
        "capacity": "capacity.command:capacity",
        "channels": "channels.command:channels",
        "mailed": "channels.mailed:mailed",
        "budget": "chaos.budget:command",
        "chaos": "chaos.chaos:chaos",
        "incident": "chaos.incident:command",
        "network": "chaos.network:network",
        "overload": "chaos.overload:overload",
        "poison": "chaos.poison:poison",
        "soak": "chaos.soak:soak",
        "upgrade": "chaos.upgrade:upgrade",
        "demo": "demo.command:demo",
        "distributed": "distributed:distributed",
        "faults": "faults.table:faults",
        "calibrate-default": "fit.confidence:calibrate_default",
        "run": "harness:run",
        "compare": "harness:compare",
        "gate": "harness:hold",
        "report": "harness:report",
        "answer": "measures.answer:answer",
        "asks": "measures.asks:asks",
        "calibrate": "measures.calibrate:calibrate",
        "grounding": "measures.grounding:grounding",
        "intent": "measures.intent:intent",
        "journey": "measures.journey:journey",
        "retrieval": "measures.retrieval:retrieval",
        "safety": "measures.safety:safety",
        "protocol": "protocol.command:command",
        "replies": "replies.command:replies",
        "replay": "trajectories:replay",
        "trials": "trials.command:trials",
        "drift": "upkeep:drift",
        "encoder": "upkeep:encoder",
    }
)
"""Module and function of each command, in the order in which the help lists them."""
FITS: Mapping[str, str] = MappingProxyType(
    {name: f"fit.{name}:{name}" for name in ("acts", "grounding", "injection", "scope")}
)
"""The same of `fit`."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that was told to end, as shells have it."""


def build_app(named: str = "") -> typer.Typer:
    """The command line, with every command of this room; where one is named, with that one alone."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_group)
    if named in COMMANDS:
        _add(app, {named: COMMANDS[named]})
        return app
    _add(app, COMMANDS)
    fits = typer.Typer(no_args_is_help=True, help="Fit a shipped model file again.")
    _add(fits, FITS)
    app.add_typer(fits, name="fit")
    return app


def _add(app: typer.Typer, commands: Mapping[str, str]) -> None:
    for name, place in commands.items():
        module, _, function = place.partition(":")
        app.command(name)(getattr(importlib.import_module(f"evals.{module}"), function))


def _group() -> None:
    """Measure the agent offline, on labelled cases, with the code that production runs."""


def main() -> None:
    """Run it; a fault of the data is one line and exit code 2, not a traceback."""
    # A command that is told to end must still end the processes that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    end_quickly()
    try:
        with loading():
            app = build_app(*sys.argv[1:2])
        app()
    except DataError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(2) from error
    except StackFailed as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()

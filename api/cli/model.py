"""`deskhand model`: does the chat model of a desk do what a desk asks of it?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import screen
from api.cli.failures import FAILED
from api.settings import read_settings

if TYPE_CHECKING:
    from graph.desk.minds import ModelSpec
    from graph.desk.model import Desk
    from graph.minds.model.chat import Model
    from graph.minds.model.prices import Price
    from graph.minds.model.trial import Trial

app = typer.Typer(no_args_is_help=True, help="The chat model that a desk.yaml names.")
COLUMNS = ("Decision", "", "Seconds", "Tokens", "Cost", "What was found, and what to do")
NO_MODEL = (
    "No desk names a model, so the local minds decide everything. To leave the decisions to one, write"
    ' `minds: {model: "provider:name"}` in desk.yaml.'
)
STYLES = {"ok": "green", "repaired": "yellow", "FAIL": "bold red"}


@dataclass(frozen=True)
class Checked:
    """One model with how its decisions went."""

    desk: Desk
    model: Model
    trials: tuple[Trial, ...]

    @property
    def spec(self) -> ModelSpec:
        """As the desk has it."""
        return self.model.spec

    @property
    def address(self) -> str:
        """Where it is asked."""
        from graph.minds.model.providers import address_of

        return address_of(self.spec, self.desk.services)


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="A desk.yaml, or a folder of them (default: the one in use)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Ask each model for one of each decision: time, cost, what was repaired, what is missing.

    The calls are real ones and cost what the table says; no customer's text is sent. Exit status 1
    where a decision got no valid answer.
    """
    from graph.desk.folder import load_desks

    settings = read_settings()
    desks = load_desks(file or settings.desk, settings.variables)
    asked = [desk for desk in desks.values() if desk.minds.models]
    if not asked:
        screen.notes().print(NO_MODEL, markup=False)
        return
    found = asyncio.run(_checked(asked))
    _print_json(found) if as_json else _show(found)
    if any(trial.fault is not None for one in found for trial in one.trials):
        raise typer.Exit(FAILED)


async def _checked(desks: Sequence[Desk]) -> list[Checked]:
    from graph.minds.model.chat import open_models
    from graph.minds.model.http_client import open_model_client
    from graph.minds.model.trial import tried
    from memory.journal.codes import MindDecision

    async with open_model_client() as client:
        opened = [(desk, model) for desk in desks for model in open_models(desk, client)]
        return [
            Checked(desk, model, tuple([await tried(desk, model, one) for one in MindDecision]))
            for desk, model in opened
        ]


def _show(found: Sequence[Checked]) -> None:
    for one in found:
        screen.out().print(_headline(one), markup=False, soft_wrap=True)
        screen.out().print(screen.table(COLUMNS, _rows(one)))


def _headline(one: Checked) -> str:
    from tools.outside import shown

    where = shown(one.address) if one.address else "its provider"
    return (
        f"{one.spec.model} at {where}, for the desk of {one.desk.company}"
        f" ({one.desk.tenant}): {_priced(one.model.price)}; at most"
        f" {one.spec.max_output_tokens} tokens and {one.spec.timeout_seconds:g} s an answer."
    )


def _priced(price: Price) -> str:
    if not price.micros_in and not price.micros_out:
        return "costs nothing"
    from memory.budgets.amounts import MICROS

    return (
        f"{price.micros_in / MICROS:g} for a million tokens in,"
        f" {price.micros_out / MICROS:g} for a million out"
    )


def _rows(one: Checked) -> Iterator[tuple[object, ...]]:
    from api.explain.words.phrases import money

    for trial in one.trials:
        state = _state(trial)
        tokens_in, tokens_out = trial.tokens
        yield (
            trial.decision,
            f"[{STYLES[state]}]{state}[/]",
            f"{trial.seconds:.2f}",
            f"{tokens_in} + {tokens_out}{' (estimated)' if trial.estimated else ''}",
            money(trial.cost_micros),
            _words(one, trial).replace("[", r"\["),
        )


def _state(trial: Trial) -> str:
    if trial.fault is not None:
        return "FAIL"
    return "repaired" if trial.wrong else "ok"


def _words(one: Checked, trial: Trial) -> str:
    from api.explain.words.errors import wrong_words
    from graph.minds.model.advice import advice

    if trial.fault is not None:
        return advice(trial.fault, one.spec, one.address)
    first = [
        f"At first {wrong_words(wrong)}; told so, it corrected itself." for wrong in trial.wrong
    ]
    owner = getattr(one.desk.minds, _FIELDS[trial.decision])
    return " ".join(
        [*first, *(["Not used: the desk leaves this to the local mind."] * (owner == "local"))]
    )


_FIELDS = {"classify": "classifier", "plan": "planner", "write": "writer", "judge": "judge"}
"""The decision in desk.yaml's words."""


def _print_json(found: Sequence[Checked]) -> None:
    screen.out().print_json(
        json.dumps([_plain(one, trial) for one in found for trial in one.trials])
    )


def _plain(one: Checked, trial: Trial) -> dict[str, Any]:
    return {
        "tenant": one.desk.tenant,
        "model": one.spec.model,
        "decision": trial.decision,
        "state": _state(trial).lower(),
        "seconds": round(trial.seconds, 3),
        "tokens_in": trial.tokens[0],
        "tokens_out": trial.tokens[1],
        "cost_micros": trial.cost_micros,
        "repaired": [] if trial.fault is not None else list(trial.wrong),
        "detail": _words(one, trial),
    }

"""The path of the models in the table of faults: its rules, and a few of its rows for real."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evals.faults.model_answers import NONSENSE
from evals.faults.model_journeys import JOURNEYS, LIMITS, PASSAGE, load_model_scenarios
from evals.faults.model_process import FaultyModel, serving_model
from evals.faults.model_run import SeenOfModel, model_row
from evals.faults.run import wired
from evals.faults.table import sources, tickets_of
from evals.figures.datasets import DataError

SCENARIOS = {scenario.name: scenario for scenario in load_model_scenarios()}
BY_NAME = {journey.name: journey for journey in JOURNEYS}
GOOD = f"Hello,\n\n{PASSAGE}\n\nKind regards,\nSupport"


@pytest.fixture(scope="module")
def model() -> Iterator[FaultyModel]:
    """The misbehaving model."""
    with serving_model() as running:
        yield running


def seen(text: str = GOOD, *, outcome: str = "delivered", status: str = "settled") -> SeenOfModel:
    """What a ticket left behind."""
    ticket: Any = SimpleNamespace(status=status, outcome=outcome)
    return SeenOfModel(BY_NAME["model"], ticket, [], [{"kind": "reply", "text": text}], 0, 1.0)


def told(left: SeenOfModel, *, served: bool = True) -> list[str]:
    """Rules that were broken, the journal's gaps aside."""
    return [one for one in left.wrong(served=served) if "journal" not in one]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (seen(GOOD.replace(PASSAGE, f"{PASSAGE} {NONSENSE}")), "says what is wrong"),
        (seen(GOOD.replace(PASSAGE, f"{PASSAGE} We open at nine.")), "no evidence does"),
        (seen(status="queued"), "did not end"),
        (seen(outcome="with_person"), "survived"),
        (replace(seen(), refunds=1), "nobody approved"),
        (replace(seen(), seconds=LIMITS.run_seconds + 1), "a run may take"),
    ],
)
def test_a_broken_rule_is_told(left: SeenOfModel, words: str) -> None:
    """Each in words."""
    assert any(words in one for one in told(left))


def test_a_grounded_reply_breaks_no_rule() -> None:
    """Greeting and closing state nothing."""
    assert told(seen()) == []


def test_every_path_brings_rows() -> None:
    """Each kind of tool, each way to reach it, and the models."""
    names = set(sources())
    assert {"read", "read openapi", "read mcp stdio", "read mcp http", "search"} <= names
    assert {"write mcp stdio", "write mcp http", "delivery", "model", "model streamed"} <= names
    assert tickets_of(["read"]) + 1 == tickets_of(["read mcp http"])
    assert tickets_of(["model"]) == len(SCENARIOS)


def test_a_file_with_a_mistake_is_named(tmp_path: Path) -> None:
    """An unknown fault is not skipped."""
    path = tmp_path / "scenarios.yaml"
    path.write_text("scenarios: [{name: x, plan: [{kind: melt}]}]")
    with pytest.raises(DataError, match="melt"):
        load_model_scenarios(path)


@pytest.mark.parametrize("journey", ["model", "model two asks", "model action"])
@pytest.mark.parametrize("scenario", ["nothing", "plausible nonsense", "injected text"])
async def test_a_ticket_ends_and_states_nothing_ungrounded(
    tmp_path: Path, model: FaultyModel, journey: str, scenario: str
) -> None:
    """Over a real socket, the real graph and the real ledgers."""
    async with wired(tmp_path) as wiring:
        row = await model_row(wiring, model, BY_NAME[journey], SCENARIOS[scenario])
    assert row.wrong == ()
    assert row.effects == 0

"""The table of faults: what it counts as wrong, and a few of its rows for real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evals.faults.journeys import JOURNEYS
from evals.faults.process import FaultyService, serving
from evals.faults.run import FaultRow, opened
from evals.faults.scenarios import load_scenarios
from evals.faults.seen import Seen
from evals.faults.table import passed
from evals.figures.datasets import DataError

BY_NAME = {journey.name: journey for journey in JOURNEYS}
SCENARIOS = {scenario.name: scenario for scenario in load_scenarios()}
GOOD = "Hello,\nOrder A1 is shipped and on its way."


@pytest.fixture(scope="module")
def service() -> Iterator[FaultyService]:
    """The misbehaving service."""
    with serving() as running:
        yield running


def seen(
    journey: str = "read",
    *,
    outcome: str = "delivered",
    status: str = "settled",
    replies: tuple[str, ...] = (GOOD,),
    effects: int = 0,
    attempts: int = 1,
) -> Seen:
    """What a ticket about A1 left behind."""
    chosen = BY_NAME[journey]
    done = [{"operation": chosen.operation, "result": {"id": n}} for n in range(effects)]
    sent = [{"operation": "replies", "result": {"kind": "reply", "text": t}} for t in replies]
    row = SimpleNamespace(kind="attempt", name=chosen.tool, cause="retry", outcome="failed")
    ticket: Any = SimpleNamespace(status=status, outcome=outcome)
    rows: Any = [row] * attempts
    return Seen(chosen, "A1", ticket, rows, {"performed": [*done, *sent], "calls": {}}, 1.0)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (seen(status="running"), "did not end"),
        (seen(replies=()), "no reply arrived"),
        (seen(replies=(GOOD, GOOD)), "2 replies"),
        (seen(replies=("Order A1 is lost.",)), "what is true"),
        (seen(replies=(f"{GOOD} eve@example.com",)), "what is wrong"),
        (seen(attempts=4), "4 attempts"),
        (seen(outcome="with_person", status="waiting", replies=()), "survived"),
    ],
)
def test_a_broken_rule_is_told(left: Seen, words: str) -> None:
    """Each in words."""
    assert any(words in one for one in left.wrong(served=True))


@pytest.mark.parametrize(("effects", "words"), [(0, "was not"), (2, "2 times")])
def test_an_effect_that_is_missing_or_doubled_is_told(effects: int, words: str) -> None:
    """An action that counts as done happened once."""
    text = "The refund of A1 is made"
    left = seen("write", outcome="answered_by_person", replies=(text,), effects=effects)
    assert any(words in one for one in left.wrong(served=True))


def test_a_ticket_that_went_well_breaks_no_rule() -> None:
    """Nor does one that a person has."""
    assert list(seen().wrong(served=True)) == []
    assert list(seen(outcome="with_person", status="waiting", replies=()).wrong(served=False)) == []


def test_nothing_measured_is_no_pass() -> None:
    """An empty table fails, and so does one wrong row."""
    row = FaultRow("read", "nothing", "delivered", 1, 1, 0, 0.1, 0)
    assert not passed([])
    assert passed([row])
    assert not passed([row, FaultRow("read", "x", "queued", 1, 1, 0, 0.1, 0, ("bad",))])


def test_every_scenario_names_journeys_that_exist() -> None:
    """And without a fault all of them are served."""
    bases = {journey.base for journey in JOURNEYS}
    assert {name for one in SCENARIOS.values() for name in one.served} <= bases
    assert {name for one in SCENARIOS.values() for name in one.not_served} <= set(BY_NAME)
    assert set(SCENARIOS["nothing"].served) == bases


def test_a_file_of_scenarios_with_a_mistake_is_named(tmp_path: Path) -> None:
    """An unknown fault is not skipped."""
    path = tmp_path / "scenarios.yaml"
    path.write_text("scenarios: [{name: x, plan: [{kind: melt}]}]")
    with pytest.raises(DataError, match="melt"):
        load_scenarios(path)


@dataclass(frozen=True)
class FaultCase:
    """A row that must come out as it stands here."""

    journey: str
    scenario: str
    outcome: str
    effects: int = 0


CASES = (
    FaultCase("read", "error 500", "delivered"),
    FaultCase("read", "wrong data for good", "with_person (tool_failed)"),
    FaultCase("search", "repeat old", "with_person (tool_failed)"),
    FaultCase("write", "perform then drop", "answered_by_person", 1),
    FaultCase("unkeyed", "perform then drop", "with_person (action_failed)", 1),
    FaultCase("delivery", "repeat old", "with_person (delivery_failed)"),
    FaultCase("read openapi", "truncate", "delivered"),
    FaultCase("read mcp http", "drop", "delivered"),
    FaultCase("read mcp stdio", "drop", "delivered"),
    FaultCase("read mcp stdio", "other listing for good", "with_person (tool_failed)"),
    FaultCase("write mcp http", "perform then drop", "answered_by_person", 1),
    FaultCase("write mcp stdio", "perform then drop", "answered_by_person", 1),
    FaultCase("unkeyed mcp http", "perform then drop", "with_person (action_failed)", 1),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.journey}: {case.scenario}")
async def test_a_fault_ends_as_the_table_says(
    tmp_path: Path, service: FaultyService, case: FaultCase
) -> None:
    """Over a real socket and the real ledgers, after a ticket without a fault."""
    journey = BY_NAME[case.journey]
    async with opened(tmp_path, service) as bench:
        assert (await bench.row(journey, SCENARIOS["nothing"])).wrong == ()
        row = await bench.row(journey, SCENARIOS[case.scenario])
    assert (row.outcome, row.effects, row.wrong) == (case.outcome, case.effects, ())

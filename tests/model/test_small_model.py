"""A real small model decides: whatever it says, tickets end, and nothing made up is sent.

Run by `make test-model`, which fetches the model; not part of the default run.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.faults.model_journeys import JOURNEYS, LIMITS, ModelScenario
from evals.faults.model_process import FaultyModel
from evals.faults.model_run import model_row
from evals.faults.run import wired
from evals.faults.small_model import FILE, PACKAGES, Mode, serving_small_model

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        not (PACKAGES / FILE).exists(), reason="`make test-model` fetches the model"
    ),
]
SCENARIO = ModelScenario(name="a real small model", plan=(), patience=12.0, own_words=True)
TICKETS = {journey.name: journey for journey in JOURNEYS if not journey.streaming}


@pytest.fixture(scope="module", params=["free", "guided"])
def model(request: pytest.FixtureRequest) -> Iterator[FaultyModel]:
    """The model in a process of its own: as it is, and held to the form of an answer."""
    mode: Mode = request.param
    with serving_small_model(mode) as found:
        yield found


@pytest.mark.parametrize("journey", TICKETS)
async def test_a_ticket_ends_in_budget_and_nothing_made_up_is_sent(
    journey: str, model: FaultyModel, tmp_path: Path
) -> None:
    """The rules of the table of faults, over text that nobody can foretell; shown if one breaks."""
    before = model.calls
    async with wired(tmp_path) as wiring:
        row = await model_row(wiring, model, TICKETS[journey], SCENARIO)
    said = model.stats()["said"][before:]
    assert said, "the model never answered in time"
    assert row.wrong == (), f"the model had said: {said}"
    assert row.effects == 0
    assert 0 < row.attempts <= LIMITS.model_calls
    assert 0 < row.cost_micros <= LIMITS.cost_micros

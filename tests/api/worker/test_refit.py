"""A worker takes up what people changed: the desk's file."""

from typing import Any

import pytest

from api.worker.refit import Refit
from graph.desk.autonomy import AutonomyPolicy
from graph.desk.problems import DeskInvalid
from graph.minds.scripted import scripted_minds
from memory.encoder.encoder import Encoder
from memory.encoder.faults import EncoderUnavailable
from memory.tables import (
    AutonomyLevel,
)
from tests.bench import TENANT, Opened


@pytest.mark.parametrize(
    "problem", [DeskInvalid([]), EncoderUnavailable("the model's file is damaged")], ids=type
)
async def test_a_desk_that_changed_holds_for_the_next_ticket(
    open_bench: Opened, problem: Exception
) -> None:
    """A running worker sends nothing by itself that its desk.yaml gives to people now, and heeds a new tenant."""
    async with open_bench() as bench:
        wiring, former = bench.wiring, bench.runtime.desk
        careful = AutonomyPolicy(channels={"api": AutonomyLevel.SUGGEST})
        wrong = former.model_copy(update={"company": "wrong"})
        now = {TENANT: former}

        def minds(desk: Any, _: Encoder) -> Any:
            if desk is wrong:
                raise problem
            return scripted_minds()

        builder = wiring.builder(minds)
        refit = Refit(wiring.database, wiring.runtimes, builder, lambda: now)
        assert await refit.look() == 0
        now[TENANT] = wrong
        await refit.look()
        assert bench.runtime.desk is former
        now[TENANT] = former.model_copy(update={"autonomy": careful})
        now["new"] = former.model_copy(update={"tenant": "new", "weight": 8})
        assert await refit.look() == 2
        assert await refit.look() == 0
        assert bench.runtime.desk is now[TENANT]
        assert wiring.runtimes["new"].desk is now["new"]
        assert wiring.runtimes.weight("new") == 8

"""What a person is offered to send, and what they are told instead."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from typing_extensions import override

from graph.minds.contract import Assessor, Confidence, PlanRequest
from graph.state import Ask, Planned, Step, StepResult
from tests.bench import Bench
from tests.graph.minded import Plans, search


@dataclass
class Asking(Plans):
    """The texts are those of the asks; each is searched for."""

    texts: Sequence[str] = ()

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        planned = await super().plan(request)
        asks: list[Ask] = [
            {"id": f"a{n}", "text": text, "query": text, "intent": None}
            for n, text in enumerate(self.texts)
        ]
        steps: list[Step] = [{**search(f"reset {n}"), "ask_id": f"a{n}"} for n in range(len(asks))]
        return {**planned, "asks": asks, "steps": steps}


class Unsure(Assessor):
    """Gives each ask the confidence that its text names, from the first passage."""

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        found = [item["id"] for result in results for item in result["evidence"]]
        return Confidence(float(ask["text"]), found[:1])


@pytest.mark.parametrize(
    ("asks", "answered"), [(["0.19"], []), (["0.3"], ["a0"]), (["0.05", "0.3"], ["a1"])]
)
async def test_only_what_may_well_be_right_is_suggested(
    bench: Bench, asks: list[str], answered: list[str]
) -> None:
    """Of what is hardly ever right a person gets the places; nor does it stand beside what may be right."""
    bench.think(planner=Asking([[]], texts=asks), assessor=Unsure())
    ticket = await bench.answer("Hello")
    suggestion = (await bench.handoff(ticket)).story["suggestion"]
    assert (suggestion is None) == (not answered)
    if suggestion is not None:
        assert [one["ask_id"] for one in suggestion["claims"]] == answered
        assert suggestion["confidence"] == 0.3

"""Whoever looks on sees the statements of a reply grow, of the call under way alone."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise

import httpx2
import pytest
from typing_extensions import override

from evals.faults.model_process import FaultyModel
from graph.minds.contract import MindCalls, MindFault, Onlookers
from graph.minds.model.build import with_models
from graph.minds.model.writer import statements_of
from tests.graph.minds.model.conftest import CALLER, Purse, Rows, judged, modelled
from tests.graph.minds.model.test_minds import passage, write_request
from tools.contract import CallContext

ANSWER = json.dumps(
    {
        "statements": [
            {"text": "Parcels take two days.", "ask": "a1", "evidence": ["E1"]},
            {"text": 'Say "hello"\nat the desk.', "ask": "a1", "evidence": ["E1"]},
        ]
    }
)


@dataclass
class Looking(Onlookers):
    """Somebody who looks all the time."""

    calls: list[list[str]] = field(default_factory=list)
    """The different states that were seen of each call."""
    open: int = 0

    @override
    @contextmanager
    def shown(self, caller: CallContext, text: Callable[[], str]) -> Iterator[None]:
        seen: list[str] = []
        self.calls.append(seen)
        self.open += 1
        looks = asyncio.create_task(self._look(seen, text))
        try:
            yield
        finally:
            self.open -= 1
            looks.cancel()

    async def _look(self, seen: list[str], text: Callable[[], str]) -> None:
        while True:
            if (now := text()) not in seen:
                seen.append(now)
            await asyncio.sleep(0.005)


async def written(
    model: FaultyModel, client: httpx2.AsyncClient, *, streaming: bool = True
) -> tuple[Looking, str]:
    """What was seen of a reply, and the reply."""
    desk, looking = modelled(model, "writer", streaming=streaming, fallback=False), Looking()
    minds = with_models(desk, judged(), client)
    calls = MindCalls(CALLER, Purse(), Rows(), onlookers=looking)
    drafted = await minds.bound(calls).writer.write(write_request(desk, passage()))
    return looking, drafted["text"]


async def test_a_reply_grows_before_the_eyes(
    model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """Each state begins as the one before, and nothing is seen after the end."""
    model.plan({"kind": "trickle", "seconds": 0.8})
    looking, text = await written(model, client)
    [seen] = looking.calls
    assert len(seen) > 2
    assert all(after.startswith(before) for before, after in pairwise(seen))
    assert seen[-1] in text
    assert looking.open == 0


async def test_a_repair_is_a_text_of_its_own(
    model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """Of the answer that could not be used nothing is left before the eyes."""
    model.plan({"kind": "wrong_json"}, {"kind": "trickle", "seconds": 0.3})
    looking, _ = await written(model, client)
    assert len(looking.calls) == 2
    assert looking.calls[1][0] == ""


@pytest.mark.parametrize("kind", ["truncate", "drop", "error", "throttle"])
async def test_a_call_that_fails_is_no_longer_looked_at(
    kind: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """The local mind answers, and nothing of the model's stays."""
    model.plan({"kind": kind})
    with suppress(MindFault):
        looking, _ = await written(model, client)
        assert looking.open == 0
        assert len(looking.calls) == 1


async def test_without_a_stream_one_waits_for_the_whole(
    model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """The call is told of all the same, so that the page can say that it goes on."""
    model.plan({"kind": "slow", "seconds": 0.2})
    looking, _ = await written(model, client, streaming=False)
    assert looking.calls == [[""]]


async def test_a_plan_is_nothing_to_look_at(model: FaultyModel, client: httpx2.AsyncClient) -> None:
    """Only what is written for the customer is shown: the rest is our own bookkeeping."""
    desk, looking = modelled(model, "classifier", streaming=True), Looking()
    calls = MindCalls(CALLER, Purse(), Rows(), onlookers=looking)
    await with_models(desk, judged(), client).bound(calls).classifier.classify("Where is it?")
    assert looking.calls == []


@pytest.mark.parametrize("size", range(0, len(ANSWER) + 1, 3))
def test_every_beginning_of_an_answer_can_be_shown(size: int) -> None:
    """It is the beginning of the statements, one a line, without names or marks of the shape."""
    whole = 'Parcels take two days.\nSay "hello" at the desk.'
    assert whole.startswith(statements_of(ANSWER[:size]))
    assert statements_of(ANSWER) == whole


@pytest.mark.parametrize(
    "odd",
    ["", "Certainly!", "[1, 2", '{"statements": 5', '{"statements": [1, {"text": 2}]}', "{" * 500],
)
def test_of_what_is_no_answer_nothing_is_shown(odd: str) -> None:
    """A model may write anything; what has not the shape is not for people."""
    assert statements_of(odd) == ""

"""Every way a model can fail ends in the next one's decision, the local one's, or a fault."""

import asyncio
import time
from typing import Any

import pytest
from typing_extensions import override

from evals.faults.model_process import FaultyModel
from graph.minds.contract import LimitReached, MindFault
from graph.minds.scripted import ScriptedClassifier
from tests.graph.minds.model.conftest import PATIENT, SHORT, Bind, Purse, modelled
from tests.waiting import LONGEST_SECONDS, until

TEXT = "Where is my order?"

INVALID = {
    "empty": "empty",
    "garbage": "no_call",
    "wrong_json": "not_json",
    "wrong_schema": "wrong_schema",
    "wrong_tool": "wrong_tool",
    "half_characters": "not_text",
    "injected": "unknown_name",
    "refusal": "refused",
}
"""Faults after which the model is shown what was wrong, and the word in the journal."""
ENDLESS = {"endless_tool_calls": "too_many_calls", "huge": "too_long", "endless_stream": "too_long"}
"""Faults of a stream that is left before its end, and then repaired."""
SILENT = {
    "hang": "no answer within 0.6 s",
    "error": "HTTP 500",
    "throttle": "HTTP 429",
    "drop": "OpenAIConnectionError",
    "truncate": "OpenAIConnectionError",
    "endless_tool_calls": "11375 tokens, at most 1500",
    "huge": "62503 tokens, at most 1500",
}
"""Faults after which the model is not asked again in the drive."""


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("kind", INVALID)
async def test_an_invalid_answer_is_repaired_once(
    kind: str, streaming: bool, model: FaultyModel, bind: Bind
) -> None:
    """The second answer of the same model counts, and both calls are charged and written down."""
    model.plan({"kind": kind})
    bound = bind(modelled(model, "classifier", streaming=streaming))
    found = await bound.minds.classifier.classify(TEXT)
    assert found["intent"] == "orders"
    assert bound.rows.told == [
        "model:classify planned failed",
        "model:classify repair ok",
    ]
    wanted = "empty" if streaming and kind == "refusal" else INVALID[kind]
    assert bound.rows.entries[0].error == wanted
    assert all(amounts.tokens > 0 and amounts.money_micros > 0 for amounts in bound.purse.taken)
    assert len(bound.purse.taken) == len(bound.purse.held) == 2


@pytest.mark.parametrize("kind", ENDLESS)
async def test_a_stream_without_end_is_left_early(
    kind: str, model: FaultyModel, bind: Bind
) -> None:
    """What was read of it is charged as an estimate, and the model gets its one repair."""
    model.plan({"kind": kind})
    bound = bind(modelled(model, "classifier", streaming=True))
    assert (await bound.minds.classifier.classify(TEXT))["intent"] == "orders"
    assert bound.rows.told[-1] == "model:classify repair ok"
    row = bound.rows.entries[0]
    assert (row.error, row.numbers["estimated"]) == (ENDLESS[kind], True)
    assert row.tokens_out < 20_000


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("kind", [*SILENT, "not_json", "endless_stream"])
async def test_a_model_that_does_not_answer_gives_way_to_the_fallback(
    kind: str, streaming: bool, model: FaultyModel, bind: Bind
) -> None:
    """Without a repair, and the silent model is left alone for the rest of the drive."""
    if kind in ENDLESS and streaming:
        pytest.skip("a stream is left as soon as it is too long, and repaired")
    model.plan({"kind": kind, "seconds": 10.0})
    seconds = (SHORT if kind == "hang" else PATIENT, PATIENT)
    bound = bind(modelled(model, "classifier", streaming=streaming, seconds=seconds))
    assert (await bound.minds.classifier.classify(TEXT))["intent"] == "orders"
    assert (await bound.minds.classifier.classify(TEXT))["intent"] == "orders"
    assert bound.rows.told == [
        "model:classify planned failed",
        "model:classify fallback ok",
        "model:classify fallback ok",
    ]
    error = bound.rows.entries[0].error or ""
    assert error == SILENT.get(kind, error) or "tokens, at most 1500" in error
    assert bound.rows.entries[1].numbers["model"] == "openai:second"


@pytest.mark.parametrize("kind", [*INVALID, *SILENT])
async def test_the_local_mind_decides_when_no_model_can(
    kind: str, model: FaultyModel, bind: Bind
) -> None:
    """At most three calls, then a row for the local decision with the reason."""
    model.plan({"kind": kind, "seconds": 10.0}, forever=True)
    seconds = (SHORT, SHORT) if kind == "hang" else (PATIENT, PATIENT)
    bound = bind(modelled(model, "classifier", seconds=seconds))
    assert (await bound.minds.classifier.classify(TEXT))["intent"] is None
    assert bound.rows.told[-1] == "local:classify fallback ok"
    assert model.calls == len(bound.rows.entries) - 1 <= 3
    assert len(bound.purse.taken) == len(bound.purse.held)


async def test_a_model_that_cannot_do_a_decision_is_not_asked_for_it_again(
    model: FaultyModel, bind: Bind
) -> None:
    """In this drive; its other decisions are still its own."""
    model.plan({"kind": "garbage"}, tool="SortedMessage", forever=True)
    bound = bind(modelled(model, "classifier", "judge"))
    await bound.minds.classifier.classify(TEXT)
    await bound.minds.classifier.classify(TEXT)
    assert model.calls == 3
    assert "none is left to ask" in (bound.rows.entries[-1].error or "")
    claim: Any = {"text": "Parcels leave on Monday.", "ask_id": "a", "evidence": ["c1"]}
    shown: Any = {"title": "", "heading": "", "text": "Parcels leave on Monday."}
    assert await bound.minds.judge.grounding(claim, [shown]) > 0.5
    assert bound.rows.told[-1] == "model:judge planned ok"


class Fails(ScriptedClassifier):
    """The local mind cannot decide either."""

    @override
    async def classify(self, text: str) -> Any:
        raise MindFault("nothing to decide by")


async def test_no_mind_left_is_a_fault(model: FaultyModel, bind: Bind) -> None:
    """Which leads to a person; no default is made up."""
    model.plan({"kind": "garbage"}, forever=True)
    bound = bind(modelled(model, "classifier"))
    local = bound.minds.classifier
    object.__setattr__(local, "local", Fails())
    with pytest.raises(MindFault, match="nothing to decide by"):
        await local.classify(TEXT)
    assert bound.rows.told[-1] == "local:classify fallback failed"


async def test_a_used_up_budget_is_named_and_nothing_else_is_asked(
    model: FaultyModel, bind: Bind
) -> None:
    """No call leaves, no other mind takes over: the limit is the reason."""
    bound = bind(modelled(model, "classifier"), Purse(calls_left=0))
    with pytest.raises(LimitReached, match="model calls is used up: 9 of 9 taken"):
        await bound.minds.classifier.classify(TEXT)
    assert (model.calls, bound.rows.told) == (0, ["model:classify planned refused"])


async def test_a_cancelled_call_ends_at_the_server_and_is_settled(
    model: FaultyModel, bind: Bind
) -> None:
    """The connection is closed at once; what it may have cost is charged, marked as estimated."""
    model.plan({"kind": "hang", "seconds": 5.0})
    bound = bind(modelled(model, "classifier"))
    task = asyncio.create_task(bound.minds.classifier.classify(TEXT))
    await until(lambda: model.calls == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bound.rows.told == ["model:classify planned cancelled"]
    assert bound.purse.taken == bound.purse.held
    assert bound.rows.entries[0].numbers["estimated"] is True
    await until(lambda: model.stats()["cancelled"] == 1)


async def test_a_timeout_ends_the_call_at_the_server(model: FaultyModel, bind: Bind) -> None:
    """Nothing goes on in the dark."""
    model.plan({"kind": "hang", "seconds": LONGEST_SECONDS * 2}, forever=True)
    bound = bind(modelled(model, "classifier", seconds=(SHORT, SHORT)))
    await bound.minds.classifier.classify(TEXT)
    await until(lambda: model.stats()["cancelled"] == 2)


async def test_models_leave_the_local_mind_time_to_decide(model: FaultyModel, bind: Bind) -> None:
    """Slow wrong answers cannot use up a node's time."""
    desk = modelled(model, "classifier")
    limits = desk.limits.model_copy(update={"node_seconds": 4.0})
    model.plan({"kind": "slow", "seconds": 0.5}, {"kind": "hang"}, forever=True)
    bound = bind(desk.model_copy(update={"limits": limits}))
    started = time.monotonic()
    await bound.minds.classifier.classify(TEXT)
    assert time.monotonic() - started < limits.node_seconds


@pytest.mark.parametrize(
    ("kind", "estimated"),
    [("none", False), ("no_usage", True), ("lying_usage", True)],
)
async def test_usage_is_the_providers_or_marked_as_an_estimate(
    kind: str, estimated: bool, model: FaultyModel, bind: Bind
) -> None:
    """Tokens, money and prompt version stand in the row, and no content does."""
    model.plan({"kind": kind})
    bound = bind(modelled(model, "classifier"))
    await bound.minds.classifier.classify("Where is my order, please? I am Zebedee.")
    (row,) = bound.rows.entries
    assert row.numbers["estimated"] is estimated
    assert row.numbers["prompt"].startswith("classify@1:")
    assert row.tokens_in > 0
    assert row.tokens_out > 0
    assert row.cost_micros >= row.tokens_in + 4 * row.tokens_out
    assert bound.purse.taken[0].tokens == row.tokens_in + row.tokens_out
    assert bound.purse.taken[0].tokens <= bound.purse.held[0].tokens
    assert "Zebedee" not in repr(row)


async def test_why_the_local_mind_was_asked_is_said_in_few_words(
    model: FaultyModel, bind: Bind
) -> None:
    """The sentence that quotes it says already that no model gave a valid answer."""
    model.plan({"kind": "throttle"}, forever=True)
    bound = bind(modelled(model, "classifier", fallback=False))
    await bound.minds.classifier.classify(TEXT)
    assert bound.rows.entries[-1].error == "HTTP 429"

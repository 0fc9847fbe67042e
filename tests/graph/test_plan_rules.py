"""The rules of a plan: nothing twice, nothing anew without news, dependent steps in their order."""

from typing import Any

import pytest
from typing_extensions import override

from graph.desk.limits import Limits
from graph.desk.model import Desk, Intent
from graph.minds.contract import Planner, PlanRequest
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.arguments import arguments_for
from graph.minds.local.planning.planner import LocalPlanner
from graph.state import Planned
from memory.encoder.encoder import HashEncoder
from memory.journal.codes import Reason
from memory.tables import Outcome
from tests.bench import Opened
from tests.graph.minded import Knows, Plans, search
from tools.adapters.fakes import ScriptedTool
from tools.contract import ToolSpec

ORDER = ToolSpec(
    name="lookup_order",
    description="An order.",
    arguments={"order_id": {"type": "string", "pattern": "^A[0-9]+$"}},
    answer="Order {order_id} is under the refund policy {policy_id}.",
)
POLICY = ToolSpec(
    name="lookup_policy",
    description="A refund policy.",
    arguments={"policy_id": {"type": "string", "pattern": "^P[0-9]+$"}},
    answer="Policy {policy_id} gives money back for {days} days.",
)


def order(policy: str = "P7") -> ScriptedTool:
    """A service that knows which policy an order is under."""
    return ScriptedTool(ORDER, lambda given: {**given, "policy_id": policy})


def policies() -> ScriptedTool:
    """A service that knows the policies."""
    return ScriptedTool(POLICY, lambda given: {**given, "days": 14})


def local_planner() -> LocalPlanner:
    """The local planner over the bench's one intent."""
    intents = (Intent(name="orders", examples=("where is it", "my order")),)
    return LocalPlanner(LocalClassifier(HashEncoder(), intents, 0.0))


async def test_a_read_that_needs_a_record_comes_after_it(open_bench: Opened) -> None:
    """Look up the order, then its refund policy, which only the order names; each once."""
    async with open_bench(tools=[order(), policies()]) as bench:
        bench.think(classifier=Knows(), planner=local_planner())
        ticket = await bench.answer("What is the refund policy of my order A1?")
        rows = await bench.rows(ticket)
        called = [one.name for one in rows if one.kind == "call" and one.name.startswith("lookup")]
        assert called == ["lookup_order", "lookup_policy"]
        assert ticket.outcome == Outcome.DELIVERED
        assert bench.tools["lookup_policy"].calls == [{"policy_id": "P7"}]
        plans = [one for one in rows if one.kind == "decision" and one.name == "plan"]
        assert [one.cause for one in plans] == ["planned", "replan"]
        assert all(one.outcome for one in plans)


async def test_a_record_that_names_nothing_further_ends_the_planning(open_bench: Opened) -> None:
    """One more look, no second call of anything, and the answer goes out."""
    async with open_bench(tools=[order("none"), policies()], limits=Limits(replans=5)) as bench:
        bench.think(classifier=Knows(), planner=local_planner())
        ticket = await bench.answer("Where is my order A1?")
        assert ticket.outcome == Outcome.DELIVERED
        assert (await bench.steps(ticket)).count("plan") == 2
        assert bench.tools["lookup_order"].calls == [{"order_id": "A1"}]
        assert bench.tools["lookup_policy"].calls == []


async def test_without_anything_new_there_is_no_further_plan(open_bench: Opened) -> None:
    """A planner that repeats itself is heard once more, whatever the limit allows."""
    async with open_bench(limits=Limits(replans=5)) as bench:
        bench.think(planner=Plans([[search("a #person")]]))
        ticket = await bench.answer("a #person")
        assert (await bench.steps(ticket)).count("plan") == 2
        assert bench.knowledge.queries == ["a #person"]
        handoff = await bench.handoff(ticket)
        assert ticket.reason == Reason.LOW_CONFIDENCE
        assert "It was looked for twice." in handoff.explanation


async def test_with_something_new_each_time_the_limit_ends_it(open_bench: Opened) -> None:
    """And the person reads how often it was looked for."""
    rounds = [[search(f"{n} #person")] for n in range(9)]
    async with open_bench(limits=Limits(replans=3)) as bench:
        bench.think(planner=Plans(rounds))
        ticket = await bench.answer("0 #person")
        assert (await bench.steps(ticket)).count("plan") == 4
        assert "It was looked for 4 times." in (await bench.handoff(ticket)).explanation


class Mistaken(Planner):
    """Plans calls whose arguments no schema allows."""

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        plans = Plans([[_order_step("A1; drop")]])
        return await plans.plan(request)


def _order_step(value: str) -> Any:
    from tests.graph.minded import step

    return step("lookup_order", "tool", {"order_id": value})


async def test_an_argument_that_does_not_fit_never_reaches_the_tool(open_bench: Opened) -> None:
    """Whichever mind made it up: the gateway refuses, a person reads it."""
    async with open_bench(tools=[order()]) as bench:
        bench.think(classifier=Knows(), planner=Mistaken())
        ticket = await bench.answer("Where is my order?")
        assert ticket.reason == Reason.TOOL_FAILED
        assert bench.tools["lookup_order"].calls == []


EXTRACTED: list[tuple[dict[str, Any], str, list[Any]]] = [
    (
        {"type": "string", "format": "email"},
        "I am ann.b+x@mail.example.com.",
        ["ann.b+x@mail.example.com"],
    ),
    ({"type": "string", "format": "email"}, "write to ann@, or @example.com", []),
    ({"type": "string", "format": "date"}, "since 3 March 2026", ["2026-03-03"]),
    ({"type": "string", "format": "date"}, "since 31 February 2026", []),
    ({"type": "string", "format": "date"}, "since 3 March", []),
    ({"type": "string", "pattern": "^A[0-9]{3}$"}, "order a123, not XA1234", ["A123"]),
    ({"type": "number", "description": "amount"}, "I paid 1.200,50 EUR on line 3", [1200.5]),
    ({"type": "number", "description": "amount", "maximum": 100}, "I paid 120 EUR", []),
]


@pytest.mark.parametrize(("schema", "text", "expected"), EXTRACTED)
def test_what_goes_to_a_tool_is_extracted_and_validated(
    schema: dict[str, Any], text: str, expected: list[Any]
) -> None:
    """Order numbers, e-mails, dates and amounts by their schema; what does not fit is left out."""
    tool = ToolSpec(name="look", description="Looks.", arguments={"value": schema})
    found = arguments_for(tool, [text], text, writes=False)
    assert [one["value"] for one in found] == expected


async def test_the_local_planner_waits_only_where_a_record_will_come() -> None:
    """A read that lacks its argument is no reason to plan again where nothing is looked up."""
    from tests.graph.minds.local.planning.test_planner import request_of  # the same request

    desk = Desk(
        tenant="acme",
        company="Acme",
        tools=(ORDER, POLICY),
        intents=(
            Intent(name="orders", examples=("a", "b"), tools=("lookup_order", "lookup_policy")),
        ),
    )
    from dataclasses import replace

    with_record = replace(request_of("What is the policy of order A1?"), desk=desk)
    without = replace(request_of("What is the policy?"), desk=desk)
    planner = local_planner()
    assert (await planner.plan(with_record)).get("waiting") == ["lookup_policy"]
    assert (await planner.plan(without)).get("waiting") == []

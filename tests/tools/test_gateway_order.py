"""The gateway's checks come in the order of the design, and each has its own words."""

from typing import Any

import pytest
from typing_extensions import override

from memory.budgets.amounts import Amounts, BudgetRefused, Reserved
from memory.budgets.budgets import UnlimitedBudget
from memory.fingerprints import fingerprint
from tests.tools.bench import bench_of, called, caller_of, error_of, scripted, spec_of, write_spec
from tools.faults import ServiceError

OK = {"order_id": "A1"}
NO_INTENT = {"intent": None}
STRANGER = {"customer": None}
BAD = {"order_id": "hello"}


class Watched(UnlimitedBudget):
    """A budget that knows whether it was asked, and may refuse."""

    def __init__(self, *, short: bool = False) -> None:
        super().__init__()
        self.short, self.asked = short, 0

    @override
    async def reserve(self, scope: Any, most: Any) -> Reserved | BudgetRefused:
        """Count."""
        self.asked += 1
        return BudgetRefused("turn", "tool calls", 1, 12, 12) if self.short else Reserved("r")


@pytest.mark.parametrize(
    ("tool", "arguments", "caller", "kind"),
    [
        ("make_coffee", BAD, NO_INTENT, "unknown_tool"),
        ("lookup_order", BAD, {"tenant": "other"}, "not_permitted"),
        ("lookup_order", BAD, NO_INTENT, "not_permitted"),
        ("lookup_order", BAD, STRANGER, "not_your_record"),
        ("lookup_order", BAD, {}, "bad_arguments"),
        ("lookup_order", {**OK, "all": True}, {}, "bad_arguments"),
        ("lookup_order", {}, {}, "bad_arguments"),
        ("lookup_order", {"order_id": "\ud800"}, {}, "bad_arguments"),
        ("refund", BAD, {}, "bad_arguments"),
        ("refund", OK, {}, "needs_approval"),
        ("refund", OK, {"approved": [fingerprint("refund", {"order_id": "A2"})]}, "needs_approval"),
    ],
)
async def test_refused_before_anything_is_spent(
    tool: str,
    arguments: dict[str, Any],
    caller: dict[str, Any],
    kind: str,
) -> None:
    """A refused call reserves nothing, calls nothing, and is in the journal."""
    budget = Watched()
    look = scripted(spec_of(customer="email"))
    refund = scripted(write_spec(approval="person"))
    made = bench_of(look, refund, budget=budget)
    outcome = await made.call(tool, arguments, **caller)
    assert (outcome["status"], error_of(outcome)["kind"]) == ("refused", kind)
    assert outcome["value"] is None
    assert (budget.asked, look.calls, refund.calls) == (0, [], [])
    ((_, cause, told),) = made.log.told("call")
    assert (cause, told) == ("planned", "refused")
    assert "hello" not in str(made.log.entries)


async def test_a_made_up_tool_name_is_not_journalled() -> None:
    """A name may be any text that a mind took from a customer."""
    made = bench_of()
    await made.call("call me on 0123 456", OK)
    assert "0123" not in str(made.log.entries)


async def test_system_tools_need_no_intent() -> None:
    """Searching, delivering and notifying are open to every ticket."""
    tool = scripted(spec_of("search_knowledge"), OK)
    outcome = await bench_of(tool, allowed=frozenset()).call("search_knowledge", OK, intent=None)
    assert outcome["status"] == "ok"


async def test_an_approval_is_bound_to_the_exact_arguments() -> None:
    """The approved call passes, whatever number it is written with."""
    spec = write_spec(approval="person", arguments={"amount": {"type": "number"}})
    made = bench_of(scripted(spec, {"id": "R1"}))
    approved = [fingerprint("refund", {"amount": 39})]
    assert (await made.call("refund", {"amount": 39.0}, approved=approved))["status"] == "ok"
    other = await made.call("refund", {"amount": 40}, approved=approved)
    assert error_of(other)["kind"] == "needs_approval"


async def test_a_duplicate_is_suppressed_before_the_budget() -> None:
    """The second equal call of a run costs nothing and is called what it is."""
    budget, tool = Watched(), scripted(spec_of())
    made = bench_of(tool, budget=budget)
    first = await made.call("lookup_order", OK)
    second = await made.call("lookup_order", OK)
    assert (first["status"], second["status"]) == ("ok", "suppressed")
    assert second["value"] == first["value"]
    assert (second["attempts"], second["cost_micros"], budget.asked) == (0, 0, 1)
    assert made.log.told("call")[1] == ("lookup_order", "duplicate_suppressed", "suppressed")


@pytest.mark.parametrize(
    "other", [{"ticket_id": "t2"}, {"turn": 2}, {"customer": "eve@example.com"}]
)
async def test_another_run_makes_its_own_call(other: dict[str, Any]) -> None:
    """Results are shared within a ticket's turn and sender, and never beyond."""
    tool = scripted(spec_of())
    made = bench_of(tool)
    await made.call("lookup_order", OK)
    assert (await made.call("lookup_order", OK, **other))["status"] == "ok"
    assert len(tool.calls) == 2


async def test_an_exhausted_budget_refuses_before_the_breaker() -> None:
    """The refusal says which budget, with its numbers; nothing is called."""
    tool = scripted(spec_of())
    made = bench_of(tool, budget=Watched(short=True))
    outcome = await made.call("lookup_order", OK)
    assert error_of(outcome)["kind"] == "budget"
    assert "12 of 12" in error_of(outcome)["message"]
    assert (tool.calls, made.guards.view()) == ([], {})


@pytest.mark.parametrize("name", ["deliver_reply", "notify"])
async def test_an_exhausted_budget_holds_no_message_back(name: str) -> None:
    """Neither an answer nor a handoff waits for money."""
    made = bench_of(scripted(write_spec(name)), budget=Watched(short=True))
    assert (await made.call(name, OK))["status"] == "ok"


async def test_an_open_breaker_comes_before_the_rate_limit() -> None:
    """While it is open no token and no slot is taken."""
    spec = spec_of(retry={"attempts": 1})
    made = bench_of(scripted(spec, ServiceError("down")))
    for number in range(5):
        await made.call("lookup_order", {"order_id": f"A{number}"})
    before = made.guards.view()["acme/lookup_order"]
    outcome = await made.call("lookup_order", {"order_id": "A9"})
    assert error_of(outcome)["kind"] == "breaker_open"
    assert outcome["attempts"] == 0
    after = made.guards.view()["acme/lookup_order"]
    assert (after["tokens"], after["breaker"]["state"]) == (before["tokens"], "open")


async def test_the_rate_limit_comes_before_the_call() -> None:
    """The second call of a tool with one a minute is refused without waiting that long."""
    tool = scripted(spec_of(calls_per_minute=1))
    made = bench_of(tool)
    await made.call("lookup_order", OK)
    outcome = await made.call("lookup_order", {"order_id": "A2"})
    assert (error_of(outcome)["kind"], error_of(outcome)["retryable"]) == ("rate_limited", True)
    assert len(tool.calls) == 1


async def test_what_never_left_is_given_back() -> None:
    """A call held back by its guards costs neither money nor a tool call."""
    noted: list[Amounts] = []

    class Noting(UnlimitedBudget):
        @override
        async def settle(self, reserved: Reserved, taken: Amounts) -> None:
            noted.append(taken)
            await super().settle(reserved, taken)

    made = bench_of(scripted(spec_of(calls_per_minute=1, cost_micros=7)), budget=Noting())
    await made.call("lookup_order", OK)
    await made.call("lookup_order", {"order_id": "A2"})
    assert noted == [Amounts(money_micros=7, tool_calls=1), Amounts()]


async def test_vetting_says_what_a_call_would_meet() -> None:
    """A proposed action is checked like a call, but for the approval it is proposed to get."""
    made = bench_of(scripted(write_spec(approval="person")))
    vet = made.gateway.vet
    assert vet(called("refund", OK), caller_of()) is None
    found = vet(called("refund", BAD), caller_of())
    assert found is not None
    assert found["kind"] == "bad_arguments"


async def test_guards_are_shared_by_all_gateways_of_a_process() -> None:
    """What one run has learned about a tool holds for the next run."""
    spec = spec_of(retry={"attempts": 1})
    first = bench_of(scripted(spec, ServiceError("down")))
    for number in range(5):
        await first.call("lookup_order", {"order_id": f"A{number}"})
    healthy = scripted(spec)
    second = bench_of(healthy, guards=first.guards)
    outcome = await second.call("lookup_order", OK, ticket_id="t2")
    assert (error_of(outcome)["kind"], healthy.calls) == ("breaker_open", [])
    first.clock.seconds += 20
    assert (await second.call("lookup_order", OK, ticket_id="t2"))["status"] == "ok"
    assert first.guards.view()["acme/lookup_order"]["breaker"]["state"] == "closed"

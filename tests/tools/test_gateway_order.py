"""The gateway's checks come in the order of the design, and each has its own words."""

from typing import Any

import pytest

from memory.budgets.budgets import Amounts, BudgetRefused, Reserved, UnlimitedBudget
from tests.tools.bench import MakeBench, Makers, MakeTool
from tools.adapters.fakes import ScriptedTool
from tools.contract import ServiceError, fingerprint

OK = {"order_id": "A1"}
NO_INTENT = {"intent": None}
STRANGER = {"customer": None}
BAD = {"order_id": "hello"}


class Watched(UnlimitedBudget):
    """A budget that knows whether it was asked, and may refuse."""

    def __init__(self, *, short: bool = False) -> None:
        super().__init__()
        self.short, self.asked = short, 0

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
async def test_refused_before_anything_is_spent(  # noqa: PLR0917  fixtures and a table
    bench: MakeBench,
    scripted: MakeTool,
    make: Makers,
    tool: str,
    arguments: dict[str, Any],
    caller: dict[str, Any],
    kind: str,
) -> None:
    """A refused call reserves nothing, calls nothing, and is in the journal."""
    budget = Watched()
    look = scripted(make["spec"](customer="email"))
    refund = scripted(make["write"](approval="person"))
    made = bench(look, refund, budget=budget)
    outcome = await made.call(tool, arguments, **caller)
    assert (outcome["status"], outcome["error"]["kind"]) == ("refused", kind)
    assert outcome["value"] is None
    assert (budget.asked, look.calls, refund.calls) == (0, [], [])
    ((_, cause, told),) = made.log.told("call")
    assert (cause, told) == ("planned", "refused")
    assert "hello" not in str(made.log.entries)


async def test_a_made_up_tool_name_is_not_journalled(bench: MakeBench) -> None:
    """A name may be any text that a mind took from a customer."""
    made = bench()
    await made.call("call me on 0123 456", OK)
    assert "0123" not in str(made.log.entries)


async def test_system_tools_need_no_intent(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """Searching, delivering and notifying are open to every ticket."""
    tool = scripted(make["spec"]("search_knowledge"), OK)
    outcome = await bench(tool, allowed=frozenset()).call("search_knowledge", OK, intent=None)
    assert outcome["status"] == "ok"


async def test_an_approval_is_bound_to_the_exact_arguments(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """The approved call passes, whatever number it is written with."""
    spec = make["write"](approval="person", arguments={"amount": {"type": "number"}})
    made = bench(scripted(spec, {"id": "R1"}))
    approved = [fingerprint("refund", {"amount": 39})]
    assert (await made.call("refund", {"amount": 39.0}, approved=approved))["status"] == "ok"
    other = await made.call("refund", {"amount": 40}, approved=approved)
    assert other["error"]["kind"] == "needs_approval"


async def test_a_duplicate_is_suppressed_before_the_budget(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """The second equal call of a run costs nothing and is called what it is."""
    budget, tool = Watched(), scripted(make["spec"]())
    made = bench(tool, budget=budget)
    first = await made.call("lookup_order", OK)
    second = await made.call("lookup_order", OK)
    assert (first["status"], second["status"]) == ("ok", "suppressed")
    assert second["value"] == first["value"]
    assert (second["attempts"], second["cost_micros"], budget.asked) == (0, 0, 1)
    assert made.log.told("call")[1] == ("lookup_order", "duplicate_suppressed", "suppressed")


@pytest.mark.parametrize(
    "other", [{"ticket_id": "t2"}, {"turn": 2}, {"customer": "eve@example.com"}]
)
async def test_another_run_makes_its_own_call(
    bench: MakeBench, scripted: MakeTool, make: Makers, other: dict[str, Any]
) -> None:
    """Results are shared within a ticket's turn and sender, and never beyond."""
    tool = scripted(make["spec"]())
    made = bench(tool)
    await made.call("lookup_order", OK)
    assert (await made.call("lookup_order", OK, **other))["status"] == "ok"
    assert len(tool.calls) == 2


async def test_an_exhausted_budget_refuses_before_the_breaker(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """The refusal says which budget, with its numbers; nothing is called."""
    tool = scripted(make["spec"]())
    made = bench(tool, budget=Watched(short=True))
    outcome = await made.call("lookup_order", OK)
    assert outcome["error"]["kind"] == "budget"
    assert "12 of 12" in outcome["error"]["message"]
    assert (tool.calls, made.guards.view()) == ([], {})


@pytest.mark.parametrize("name", ["deliver_reply", "notify"])
async def test_an_exhausted_budget_holds_no_message_back(
    bench: MakeBench, scripted: MakeTool, make: Makers, name: str
) -> None:
    """Neither an answer nor a handoff waits for money."""
    made = bench(scripted(make["write"](name)), budget=Watched(short=True))
    assert (await made.call(name, OK))["status"] == "ok"


async def test_an_open_breaker_comes_before_the_rate_limit(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """While it is open no token and no slot is taken."""
    spec = make["spec"](retry={"attempts": 1})
    made = bench(scripted(spec, ServiceError("down")))
    for number in range(5):
        await made.call("lookup_order", {"order_id": f"A{number}"})
    before = made.guards.view()["acme/lookup_order"]
    outcome = await made.call("lookup_order", {"order_id": "A9"})
    assert outcome["error"]["kind"] == "breaker_open"
    assert outcome["attempts"] == 0
    after = made.guards.view()["acme/lookup_order"]
    assert (after["tokens"], after["breaker"]["state"]) == (before["tokens"], "open")


async def test_the_rate_limit_comes_before_the_call(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """The second call of a tool with one a minute is refused without waiting that long."""
    tool = scripted(make["spec"](calls_per_minute=1))
    made = bench(tool)
    await made.call("lookup_order", OK)
    outcome = await made.call("lookup_order", {"order_id": "A2"})
    assert (outcome["error"]["kind"], outcome["error"]["retryable"]) == ("rate_limited", True)
    assert len(tool.calls) == 1


async def test_what_never_left_is_given_back(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """A call held back by its guards costs neither money nor a tool call."""
    budget = UnlimitedBudget()
    taken: list[Amounts] = []
    settle = budget.settle

    async def noted(reserved: Any, amounts: Any) -> None:
        taken.append(amounts)
        await settle(reserved, amounts)

    budget.settle = noted
    made = bench(scripted(make["spec"](calls_per_minute=1, cost_micros=7)), budget=budget)
    await made.call("lookup_order", OK)
    await made.call("lookup_order", {"order_id": "A2"})
    assert taken == [Amounts(money_micros=7, tool_calls=1), Amounts()]


async def test_vetting_says_what_a_call_would_meet(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """A proposed action is checked like a call, but for the approval it is proposed to get."""
    made = bench(scripted(make["write"](approval="person")))
    vet = made.gateway.vet
    assert vet(make["call"]("refund", OK), make["caller"]()) is None
    assert vet(make["call"]("refund", BAD), make["caller"]())["kind"] == "bad_arguments"


async def test_guards_are_shared_by_all_gateways_of_a_process(
    bench: MakeBench, scripted: MakeTool, make: Makers
) -> None:
    """What one run has learned about a tool holds for the next run."""
    spec = make["spec"](retry={"attempts": 1})
    first = bench(scripted(spec, ServiceError("down")))
    for number in range(5):
        await first.call("lookup_order", {"order_id": f"A{number}"})
    healthy: ScriptedTool = scripted(spec)
    second = bench(healthy, guards=first.guards)
    outcome = await second.call("lookup_order", OK, ticket_id="t2")
    assert (outcome["error"]["kind"], healthy.calls) == ("breaker_open", [])
    first.clock.seconds += 20
    assert (await second.call("lookup_order", OK, ticket_id="t2"))["status"] == "ok"
    assert first.guards.view()["acme/lookup_order"]["breaker"]["state"] == "closed"

"""Attempts, results, identity and fallback, as the gateway gives them back."""

import asyncio
from typing import Any

import pytest
from typing_extensions import override

from memory.budgets.amounts import Amounts, BudgetRefused, BudgetScope, Reserved
from memory.budgets.budgets import UnlimitedBudget
from memory.journal.events import Attempted
from tests.tools.bench import bench_of, error_of, scripted, spec_of
from tests.waiting import until
from tools.faults import NotFound, RateLimited, SchemaChanged, ServiceError, Unreachable

OK = {"order_id": "A1"}
ADA = {"order_id": "A1", "email": "Ada@Example.com"}
RETURNS = {
    "type": "object",
    "required": ["order_id", "status"],
    "properties": {"order_id": {"type": "string"}, "status": {"enum": ["sent", "open"]}},
}


async def test_retries_with_growing_waits() -> None:
    """Two failures and a success are three attempts, journalled one by one."""
    tool = scripted(spec_of(), ServiceError("500"), Unreachable("gone"), OK)
    made = bench_of(tool)
    outcome = await made.call("lookup_order", OK)
    assert (outcome["status"], outcome["attempts"]) == ("ok", 3)
    assert made.clock.slept == pytest.approx([0.2, 0.4])
    assert [e[1:] for e in made.log.told("attempt")] == [
        ("planned", "failed"),
        ("retry", "failed"),
        ("retry", "ok"),
    ]
    first = made.log.entries[0]
    assert isinstance(first, Attempted)
    assert str(first.error) == "service_error: 500"
    assert first.next_wait_seconds == pytest.approx(0.2)


async def test_never_more_than_three_attempts() -> None:
    """The fault of the last attempt is the outcome's."""
    tool = scripted(spec_of(), ServiceError("500"))
    outcome = await bench_of(tool).call("lookup_order", OK)
    assert len(tool.calls) == outcome["attempts"] == 3
    assert outcome["error"] == {"kind": "service_error", "message": "500", "retryable": True}


async def test_retry_after_is_waited_for_by_all() -> None:
    """The pause that one call is asked for holds the tool's other calls too."""
    tool = scripted(spec_of(), RateLimited("429", retry_after=2.0), OK)
    made = bench_of(tool)
    outcome = await made.call("lookup_order", OK)
    assert (outcome["status"], made.clock.slept) == ("ok", [2.0])


async def test_a_long_retry_after_ends_the_attempts() -> None:
    """Nobody waits an hour inside a run; the others do not even ask."""
    tool = scripted(spec_of(), RateLimited("429", retry_after=3600.0))
    made = bench_of(tool)
    assert (await made.call("lookup_order", OK))["attempts"] == 1
    other = await made.call("lookup_order", {"order_id": "A2"})
    assert (error_of(other)["kind"], len(tool.calls)) == ("rate_limited", 1)


@pytest.mark.parametrize("fault", [NotFound("no"), SchemaChanged("other")])
async def test_what_cannot_get_better_is_not_repeated(fault: Any) -> None:
    """Not found is an answer."""
    tool = scripted(spec_of(), fault)
    outcome = await bench_of(tool).call("lookup_order", OK)
    assert (error_of(outcome)["kind"], len(tool.calls)) == (fault.kind, 1)


async def test_a_changed_schema_is_told_in_words() -> None:
    """The difference names the fields and holds none of the values."""
    tool = scripted(spec_of(returns=RETURNS), {"order_id": 5, "state": "secret"})
    outcome = await bench_of(tool).call("lookup_order", OK)
    assert error_of(outcome)["kind"] == "schema_changed"
    assert "status is missing" in error_of(outcome)["message"]
    assert "order_id must be text and is a whole number" in error_of(outcome)["message"]
    assert "secret" not in error_of(outcome)["message"]
    assert outcome["value"] is None


async def test_an_answer_to_another_question_is_none() -> None:
    """A service that repeats an old answer is found out by the argument it should echo."""
    spec = spec_of(echoes=("order_id",))
    outcome = await bench_of(scripted(spec, {"order_id": "A7"})).call("lookup_order", OK)
    assert error_of(outcome)["kind"] == "wrong_answer"
    missing = await bench_of(scripted(spec, {"status": "sent"})).call("lookup_order", OK)
    assert error_of(missing)["kind"] == "wrong_answer"


async def test_a_defect_of_an_adapter_is_data() -> None:
    """An unexpected exception ends the call, not the graph, and its text stays inside."""
    outcome = await bench_of(scripted(spec_of(), KeyError("ada's iban"))).call("lookup_order", OK)
    assert outcome["error"] == {
        "kind": "adapter_fault",
        "message": "the adapter broke with KeyError",
        "retryable": False,
    }


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (ADA, "ok"),
        ({**ADA, "email": "eve@example.com"}, "refused"),
        ({**ADA, "email": None}, "refused"),
        ({"order_id": "A1"}, "refused"),
    ],
)
async def test_the_identity_gate(record: Any, status: Any) -> None:
    """Only the sender's own record comes back, and no part of another's."""
    outcome = await bench_of(scripted(spec_of(customer="email"), record)).call("lookup_order", OK)
    assert outcome["status"] == status
    if status == "refused":
        assert error_of(outcome)["kind"] == "not_your_record"
        assert outcome["value"] is None


async def test_the_gate_finds_nested_fields() -> None:
    """`customer.email` looks inside."""
    tool = scripted(spec_of(customer="owner.email"), {"owner": {"email": "ada@example.com"}})
    assert (await bench_of(tool).call("lookup_order", OK))["status"] == "ok"


async def test_a_hanging_tool_is_cancelled_for_real() -> None:
    """After its time the call is gone, not merely forgotten."""
    tool = scripted(spec_of(timeout_seconds=0.02), seconds=60.0)
    outcome = await bench_of(tool).call("lookup_order", OK)
    assert (error_of(outcome)["kind"], outcome["attempts"]) == ("timeout", 3)
    assert (tool.cancelled, tool.running) == (3, 0)


async def test_cancellation_from_outside_passes_through() -> None:
    """It settles the budget, frees the slot, writes the journal, and does not harm the breaker."""
    tool = scripted(spec_of(cost_micros=5), seconds=60.0)
    made = bench_of(tool)
    task = asyncio.create_task(made.call("lookup_order", OK))
    await until(lambda: tool.running == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    state = made.guards.view()["acme/lookup_order"]
    assert (state["in_use"], state["breaker"]["failures"], tool.cancelled) == (0, 0, 1)
    assert (made.budget.taken.tool_calls, made.budget.taken.money_micros) == (1, 5)
    assert [e.outcome for e in made.log.entries] == ["cancelled", "cancelled"]


async def test_failed_attempts_are_not_charged() -> None:
    """Money goes for the attempts that were answered; the call counts once."""
    made = bench_of(scripted(spec_of(cost_micros=5), ServiceError("500"), OK))
    outcome = await made.call("lookup_order", OK)
    assert (outcome["cost_micros"], made.budget.taken.money_micros) == (5, 5)
    assert made.budget.taken.tool_calls == 1


async def test_the_fallback_answers() -> None:
    """Where the first cannot, the second is called with the same arguments and named."""
    first = scripted(spec_of(fallback="lookup_copy"), ServiceError("500"))
    second = scripted(spec_of("lookup_copy"), OK)
    made = bench_of(first, second)
    outcome = await made.call("lookup_order", OK)
    assert (outcome["status"], outcome["tool"], outcome["attempts"]) == ("ok", "lookup_copy", 4)
    assert second.calls == [OK]
    assert made.log.told("call") == [
        ("lookup_order", "planned", "failed"),
        ("lookup_copy", "fallback", "ok"),
    ]


async def test_the_fallback_passes_the_first_ones_gate() -> None:
    """A copy of the data is no way around the identity gate."""
    first = scripted(spec_of(fallback="copy_of", customer="email"), ServiceError("500"))
    second = scripted(spec_of("copy_of"), {"order_id": "A1", "email": "eve@example.com"})
    outcome = await bench_of(first, second).call("lookup_order", OK)
    assert (outcome["status"], outcome["value"]) == ("refused", None)


async def test_where_both_fail_the_first_error_stands() -> None:
    """The words name both."""
    first = scripted(spec_of(fallback="copy_of"), ServiceError("500"))
    second = scripted(spec_of("copy_of"), NotFound("no such thing"))
    outcome = await bench_of(first, second).call("lookup_order", OK)
    assert error_of(outcome)["kind"] == "service_error"
    assert error_of(outcome)["message"] == "500; its fallback copy_of: no such thing"


async def test_an_answer_needs_no_fallback() -> None:
    """Not found is the truth, however many copies there are."""
    second = scripted(spec_of("copy_of"), OK)
    first = scripted(spec_of(fallback="copy_of"), NotFound("no"))
    assert error_of(await bench_of(first, second).call("lookup_order", OK))["kind"] == "not_found"
    assert second.calls == []


async def test_a_run_cannot_hammer_a_failing_tool() -> None:
    """The fourth equal call after three failures gets the last failure, without a call."""
    tool = scripted(spec_of(retry={"attempts": 1}), ServiceError("500"))
    made = bench_of(tool)
    outcomes = [await made.call("lookup_order", OK) for _ in range(6)]
    assert len(tool.calls) == 3
    assert [o["status"] for o in outcomes] == ["failed"] * 6
    assert made.log.told("call")[-1] == ("lookup_order", "duplicate_suppressed", "failed")


async def test_a_result_grows_old() -> None:
    """A ticket that comes back after a while looks again."""
    tool = scripted(spec_of())
    made = bench_of(tool)
    await made.call("lookup_order", OK)
    made.clock.seconds += 601
    assert (await made.call("lookup_order", OK))["status"] == "ok"
    assert len(tool.calls) == 2


async def test_a_fallback_without_budget_leaves_the_first_error() -> None:
    """What is broken is the tool, whatever kept its stand-in from answering."""

    class One(UnlimitedBudget):
        calls = 0

        @override
        async def reserve(self, scope: BudgetScope, most: Amounts) -> Reserved | BudgetRefused:
            self.calls += 1
            return (
                Reserved("r") if self.calls == 1 else BudgetRefused("turn", "tool calls", 1, 1, 1)
            )

    first = scripted(spec_of(fallback="copy_of"), ServiceError("500"))
    outcome = await bench_of(first, scripted(spec_of("copy_of"), OK), budget=One()).call(
        "lookup_order", OK
    )
    assert (outcome["status"], error_of(outcome)["kind"]) == ("failed", "service_error")
    assert "budget of this turn" in error_of(outcome)["message"]

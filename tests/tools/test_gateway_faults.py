"""The gateway with real HTTP tools against a real service that misbehaves, fault by fault."""

import asyncio
from typing import Any

import pytest

from evals.faults.process import FaultyService
from tests.tools.bench import bench_of, refund_spec
from tests.waiting import LONGEST_SECONDS, until
from tools.adapters.http import HttpTool, open_client
from tools.contract import ToolSpec

RETRY = {"first_wait_seconds": 0.01, "longest_wait_seconds": 1.0}
READ = ToolSpec(
    name="lookup_order",
    description="An order.",
    arguments={"order_id": {"type": "string"}},
    returns={"type": "object", "required": ["order_id", "status", "quantity"]},
    service="shop",
    path="/orders/{order_id}",
    timeout_seconds=0.3,
    retry=RETRY,
    customer="email",
)
PATIENT = {"timeout_seconds": 30.0}
"""Where the answer itself is the fault: a busy machine must not turn it into a time-out."""
A1 = {"order_id": "A1"}
MONEY = {"invoice": "I1", "amount": 3}


def write(path: str = "/refunds", **parts: Any) -> ToolSpec:
    """A refund whose service is repeated soon."""
    return refund_spec(path, timeout_seconds=0.3, retry=RETRY, **parts)


@pytest.fixture
async def shop(service: FaultyService) -> Any:
    """Builds a bench with HTTP tools in real time."""
    async with open_client() as client:
        yield lambda *specs: bench_of(
            *(HttpTool(spec, service.base_url, "", client) for spec in specs), real_time=True
        )


@pytest.mark.parametrize(
    ("fault", "kind", "calls"),
    [
        ({"kind": "hang", "seconds": 2 * LONGEST_SECONDS}, "timeout", 3),
        ({"kind": "slow", "seconds": 2 * LONGEST_SECONDS}, "timeout", 3),
        ({"kind": "error"}, "service_error", 3),
        ({"kind": "throttle", "retry_after": 60}, "rate_limited", 1),
        ({"kind": "drop"}, "unreachable", 3),
        ({"kind": "truncate"}, "unreachable", 3),
        ({"kind": "half_json"}, "schema_changed", 1),
        ({"kind": "other_schema"}, "schema_changed", 1),
        ({"kind": "huge"}, "schema_changed", 1),
        ({"kind": "redirect"}, "rejected", 1),
        ({"kind": "wrong_data"}, "wrong_answer", 1),
    ],
    ids=lambda part: part["kind"] if isinstance(part, dict) else "",
)
async def test_a_read_under_a_lasting_fault(
    service: FaultyService, shop: Any, fault: Any, kind: str, calls: int
) -> None:
    """It ends in time, with its name, after so many calls, and brings no data."""
    service.plan("orders", fault, forever=True)
    made = shop(READ if kind == "timeout" else READ.model_copy(update=PATIENT))
    async with asyncio.timeout(LONGEST_SECONDS):
        outcome = await made.call("lookup_order", A1)
    assert (outcome["error"]["kind"], outcome["value"]) == (kind, None)
    assert service.calls("orders") == outcome["attempts"] == calls


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "slow", "seconds": 0.05},
        {"kind": "hang", "seconds": 2 * LONGEST_SECONDS},
        {"kind": "error"},
        {"kind": "throttle", "retry_after": 0.1},
        {"kind": "drop"},
        {"kind": "truncate"},
    ],
    ids=lambda part: part["kind"],
)
async def test_a_read_after_a_passing_fault(service: FaultyService, shop: Any, fault: Any) -> None:
    """The answer comes all the same."""
    service.plan("orders", fault)
    limit = {"timeout_seconds": 2.0} if fault["kind"] == "hang" else PATIENT
    made = shop(READ.model_copy(update=limit))
    outcome = await made.call("lookup_order", A1)
    assert (outcome["status"], outcome["value"]["order_id"]) == ("ok", "A1")


async def test_an_old_answer_to_another_question_is_not_taken(
    service: FaultyService, shop: Any
) -> None:
    """The service gives A1's order when asked for A2: wrong data is never an answer."""
    made = shop(READ.model_copy(update=PATIENT))
    await made.call("lookup_order", A1)
    service.plan("orders", {"kind": "repeat_old"})
    outcome = await made.call("lookup_order", {"order_id": "A2"})
    assert (outcome["error"]["kind"], outcome["value"]) == ("wrong_answer", None)


PASSING = [
    {"kind": "hang", "seconds": 1},
    {"kind": "error"},
    {"kind": "drop"},
    {"kind": "truncate"},
    {"kind": "half_json"},
    {"kind": "other_schema"},
    {"kind": "perform_then_drop"},
    {"kind": "perform_then_hang", "seconds": 1},
]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fault", PASSING, ids=lambda part: part["kind"])
async def test_a_keyed_write_happens_once(
    service: FaultyService, shop: Any, fault: Any, times: int
) -> None:
    """Whatever becomes of the answers: ok means once, unknown means at most once."""
    service.plan("refunds", *[fault] * times)
    outcome = await shop(write()).call("refund", MONEY)
    performed = service.performed("refunds")
    assert outcome["status"] in {"ok", "unknown"}
    assert performed <= 1
    if outcome["status"] == "ok":
        assert (performed, outcome["value"]["amount"]) == (1, 3)


@pytest.mark.parametrize("fault", PASSING, ids=lambda part: part["kind"])
async def test_an_unkeyed_write_in_doubt_is_never_repeated(
    service: FaultyService, shop: Any, fault: Any
) -> None:
    """One call reaches the service, and a person is told."""
    service.plan("unkeyed", fault)
    made = shop(write("/unkeyed/refunds", honours_key=False))
    first = await made.call("refund", MONEY)
    again = await made.call("refund", MONEY)
    assert (first["status"], again["status"]) == ("unknown", "unknown")
    await until(lambda: service.calls("unkeyed") > 0)  # it may have been given up on its way
    assert service.calls("unkeyed") == 1
    assert service.performed("unkeyed") <= 1


async def test_a_slow_tool_does_not_hold_the_others(service: FaultyService, shop: Any) -> None:
    """Eight calls of a hanging tool, and one of another, which is done before they are."""
    service.plan("orders", {"kind": "hang", "seconds": 2 * LONGEST_SECONDS}, forever=True)
    slots = {"slots": 2, "timeout_seconds": 1.0}
    made = shop(READ.model_copy(update=slots), write().model_copy(update=PATIENT))
    calls = [made.call("lookup_order", {"order_id": f"A{n}"}) for n in range(8)]
    slow = asyncio.gather(*calls)
    await until(lambda: any(one["in_use"] == 2 for one in made.guards.view().values()))
    assert (await made.call("refund", MONEY))["status"] == "ok"
    assert not slow.done()
    outcomes = await slow
    assert {o["error"]["kind"] for o in outcomes} <= {"timeout", "busy", "breaker_open"}
    state = made.guards.view()["acme/lookup_order"]
    assert (state["breaker"]["state"], state["in_use"]) == ("open", 0)

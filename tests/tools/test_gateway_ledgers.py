"""The gateway with the real ledgers in a file: a run that loops meets its limits."""

import asyncio

import pytest

from memory.budgets.amounts import BudgetScope, Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.budgets.ledger import balance, turn_account
from memory.effects import EffectLedger
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.tables import Ticket
from tests.tools.bench import bench_of, error_of, scripted, spec_of, write_spec
from tools.faults import ServiceError


async def test_a_run_that_keeps_searching_is_stopped(database: Database) -> None:
    """Forty different searches in parallel and a limit of twelve: twelve leave, 28 are told why."""
    tool = scripted(spec_of(slots=64))
    made = bench_of(tool, budget=LedgerBudget(database, turn=Ceiling(tool_calls=12)))
    calls = [made.call("lookup_order", {"order_id": f"A{n}"}) for n in range(40)]
    outcomes = await asyncio.gather(*calls)
    assert len(tool.calls) == sum(one["status"] == "ok" for one in outcomes) == 12
    refusals = [error_of(one)["message"] for one in outcomes if one["error"]]
    assert len(refusals) == 28
    assert all("12 of 12 taken, 1 wanted" in words for words in refusals)
    again = await made.call("lookup_order", {"order_id": "A1"}, turn=2)
    assert again["status"] == "ok"


async def test_money_is_reserved_for_every_attempt_and_charged_for_those_made(
    database: Database,
) -> None:
    """A call that could cost 15 does not start with 14 left, and gives back what it saves."""
    spec = spec_of(cost_micros=5)
    made = bench_of(
        scripted(spec, ServiceError("500"), {"order_id": "A1"}),
        budget=LedgerBudget(database, turn=Ceiling(money_micros=19)),
    )
    assert (await made.call("lookup_order", {"order_id": "A1"}))["cost_micros"] == 5
    refused = await made.call("lookup_order", {"order_id": "A2"})
    assert error_of(refused)["kind"] == "budget"
    async with database.reading() as session:
        account = await balance(session, turn_account(BudgetScope("acme", "t1", 1)))
    assert (account["money_micros"], account["tool_calls"]) == ((5, 0), (1, 0))


async def test_equal_writes_of_many_gateways_are_one(database: Database) -> None:
    """Twenty gateways on one file, as in twenty processes: one effect, one result for all."""
    tool = scripted(write_spec(slots=64), seconds=0.01)
    ledger = EffectLedger(database)
    benches = [bench_of(tool, ledger=ledger, real_time=True) for _ in range(20)]
    outcomes = await asyncio.gather(*(made.call("refund", {"order_id": "A1"}) for made in benches))
    assert {one["status"] for one in outcomes} == {"ok"}
    assert len(tool.effects) == 1


async def test_a_drive_that_was_replaced_ends(database: Database) -> None:
    """The fence reaches through the gateway; nothing is called and nothing is held."""
    async with database.transaction() as session:
        session.add(Ticket(id="t1", tenant="acme", subject="x", epoch=2))
    tool, budget = scripted(write_spec()), LedgerBudget(database, turn=Ceiling(tool_calls=1))
    made = bench_of(tool, budget=budget, ledger=EffectLedger(database))
    with pytest.raises(Fenced):
        await made.call("refund", {"order_id": "A1"}, epoch=1)
    assert tool.calls == []
    assert (await made.call("refund", {"order_id": "A1"}, epoch=2))["status"] == "ok"

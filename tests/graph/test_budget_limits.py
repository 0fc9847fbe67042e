"""A limit that strikes hands the ticket off, with the reason in words."""

from datetime import timedelta

from api.worker import assembly
from graph.desk.limits import Allowance, Limits
from memory.budgets.amounts import Amounts, BudgetScope
from memory.budgets.budgets import LedgerBudget
from memory.budgets.ledger import balance, ticket_account
from memory.journal.codes import Reason
from memory.tables import now
from tests.bench import TENANT, Bench, Opened
from tests.graph.minded import Plans, search


async def test_a_search_beyond_the_budget_is_a_reason_and_no_broken_tool(
    open_bench: Opened,
) -> None:
    """The person reads which budget, and how much of it is taken."""
    async with open_bench(limits=Limits(tool_calls=1, replans=1)) as bench:
        bench.think(planner=Plans([[search("a #person")], [search("b")]]))
        bench.change(desk=bench.runtime.desk.model_copy(update={"limits": Limits()}))
        ticket = await bench.answer("a #person")
        handoff = await bench.handoff(ticket)
        assert ticket.reason == Reason.LIMIT_REACHED
        assert "The budget of this turn for tool calls is used up: 1 of 1" in handoff.explanation
        [handed] = [row for row in await bench.rows(ticket) if row.name == "hand_off"]
        assert handed.numbers["limit"] == "tool_calls"


async def test_what_a_dead_run_holds_is_charged_and_told(bench: Bench) -> None:
    """The sweeper closes it once; the ticket's journal says what it cost."""
    ticket = await bench.answer("How do I reset it?")
    budget = LedgerBudget(bench.wiring.database, turn=Limits().ceiling, reserved_seconds=0)
    await budget.reserve(BudgetScope(TENANT, ticket.id, 1), Amounts(money_micros=700, tokens=9))
    sweeper, later = assembly.sweeper(bench.wiring), now() + timedelta(seconds=5)
    assert (await sweeper.account(later), await sweeper.account(later)) == (1, 0)
    rows = [row for row in await bench.rows(ticket) if row.kind == "budget"]
    assert [(row.outcome, row.cost_micros) for row in rows] == [("charged", 700)]
    async with bench.wiring.database.reading() as session:
        assert (await balance(session, ticket_account(ticket.id)))["money_micros"] == (700, 0)


def test_an_allowance_states_money_in_the_currency() -> None:
    """The accounts count millionths; what is not said is not limited."""
    ceiling = Allowance(money=0.1, tokens=5).ceiling
    assert (ceiling.money_micros, ceiling.tokens, ceiling.tool_calls) == (100_000, 5, None)

"""The figures of the insight page count what an earlier release wrote."""

from datetime import timedelta

from memory.insight import rows as insight
from memory.insight.rows import Window
from memory.tables import Ticket, now
from tests.memory.journal.written import tickets
from tests.memory.ledgers import TENANT, Ledger


async def test_lives_confidences_and_costs_are_those_of_the_rows(ledger: Ledger) -> None:
    """Each ticket with its ends and people, the last word on each ask, and what calls cost."""
    written = tickets()
    async with ledger.database.transaction() as session:
        session.add_all(Ticket(id=name, tenant=TENANT, subject="") for name in written)
        await session.flush()
        session.add_all(row for own in written.values() for row in own)
    window = Window(now() - timedelta(hours=1), now() + timedelta(hours=1))
    raw = [row for own in tickets().values() for row in own]
    async with ledger.database.reading() as session:
        lives = await insight.lives(session, TENANT, window)
        asks = await insight.confidences(session, TENANT, window)
        spent = await insight.spending(session, TENANT, window, "name")
    happened = [(one.kind, one.what) for life in lives for one in life.happenings]
    ends = [row.outcome for row in raw if (row.kind, row.name) == ("ticket", "settle")]
    people = [row.outcome for row in raw if (row.kind, row.name) == ("wait", "person")]
    assert sorted(what for kind, what in happened if kind == "ended") == sorted(ends)
    assert sorted(what for kind, what in happened if kind == "person") == sorted(people)
    weighed = [row for row in raw if (row.kind, row.name) == ("decision", "confidence")]
    assert {one.ask for one in asks} == {
        f"{row.ticket_id}:{row.turn}:{row.numbers['ask']}" for row in weighed
    }
    calls = [row for row in raw if row.kind == "call"]
    assert sum(one.cost_micros for one in spent) == sum(row.cost_micros for row in calls)
    assert {one.name for one in spent} == {row.name for row in calls}

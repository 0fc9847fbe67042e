"""The figures of the insight page count what an earlier release wrote."""

from datetime import UTC, datetime
from functools import partial

from memory.insight.facts import Held, facts_of
from memory.tables import Ticket
from tests.memory.journal.written import tickets
from tests.memory.ledgers import TENANT, Ledger


async def test_lives_confidences_and_costs_are_those_of_the_rows(ledger: Ledger) -> None:
    """Each ticket with its ends and people, the last word on each ask, and what calls cost."""
    written = tickets()
    async with ledger.database.transaction() as session:
        session.add_all(Ticket(id=name, tenant=TENANT, subject="") for name in written)
        await session.flush()
        session.add_all(row for own in written.values() for row in own)
    held = [
        Held(name, TENANT, "api", None, 1, None, datetime(2026, 1, 5, tzinfo=UTC), None)
        for name in written
    ]
    found = await ledger.database.units.read(partial(facts_of, tickets=held))
    raw = [row for own in tickets().values() for row in own]
    happened = [(one.kind, one.what) for known in found.values() for one in known.life.happenings]
    ends = [row.outcome for row in raw if (row.kind, row.name) == ("ticket", "settle")]
    people = [row.outcome for row in raw if (row.kind, row.name) == ("wait", "person")]
    assert sorted(what for kind, what in happened if kind == "ended") == sorted(ends)
    assert sorted(what for kind, what in happened if kind == "person") == sorted(people)
    weighed = [row for row in raw if (row.kind, row.name) == ("decision", "confidence")]
    asks = {(row.ticket_id, row.turn, row.numbers["ask"]) for row in weighed}
    assert sum(len(known.asks) for known in found.values()) == len(asks)
    calls = [row for row in raw if row.kind == "call"]
    spent = [call for known in found.values() for call in known.calls]
    assert sum(one.cost_micros for one in spent) == sum(row.cost_micros for row in calls)
    assert {one.name for one in spent} == {row.name for row in calls}

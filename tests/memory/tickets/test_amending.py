"""The customer writes on at the very moment at which the agent's answer leaves: one of the two is first."""

import asyncio

from memory import effects
from memory.effects import Intent
from memory.storage.errors import Fenced
from memory.tables import Handoff, HandoffStatus, Ticket, TicketStatus
from memory.tickets import lifecycle, tickets
from memory.tickets.intake import MOST_IN_A_TURN
from memory.tickets.messages import BOUNCE
from memory.tool_names import DELIVER
from tests.memory.ledgers import TENANT, Ledger

ROUNDS = 12


async def begun(ledger: Ledger) -> Ticket:
    """A ticket that is driven."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        moved = await lifecycle.begin(session, ticket.id, run=1)
    return moved.ticket


async def deliver(ledger: Ledger, ticket: Ticket) -> bool:
    """The drive wants its answer to leave; whether it may."""
    intent = Intent(f"k {ticket.id}", ticket.id, TENANT, ticket.turn, DELIVER, "f", ticket.epoch)
    try:
        async with ledger.database.transaction() as session:
            return (await effects.begin(session, intent)).proceed
    except Fenced:
        return False


async def now(ledger: Ledger, ticket: Ticket) -> Ticket:
    """As it stands."""
    async with ledger.database.reading() as session:
        return await tickets.get(session, TENANT, ticket.id)


async def test_either_the_answer_leaves_or_the_turn_begins_anew(ledger: Ledger) -> None:
    """Never both, and never neither, whoever comes first."""
    for number in range(ROUNDS):
        ticket = await begun(ledger)
        async with asyncio.TaskGroup() as both:
            if number % 2:
                both.create_task(ledger.write(ticket.id, "And then?"))
            leaving = both.create_task(deliver(ledger, ticket))
            if not number % 2:
                both.create_task(ledger.write(ticket.id, "And then?"))
        after, left = await now(ledger, ticket), leaving.result()
        amended = (after.status, after.run, after.epoch) == (TicketStatus.QUEUED, 2, 2)
        assert amended is not left, (number, after.status, left)


async def test_a_message_changes_nothing_of_what_has_left_or_is_a_persons(ledger: Ledger) -> None:
    """It waits; and so does a report that something did not arrive."""
    left = await begun(ledger)
    assert await deliver(ledger, left)
    held, reported = await begun(ledger), await begun(ledger)
    async with ledger.database.transaction() as session:
        session.add(
            Handoff(
                id="h1",
                ticket_id=held.id,
                tenant=TENANT,
                turn=1,
                status=HandoffStatus.OPENING,
                reason="low_confidence",
                explanation="x",
            )
        )
    for ticket, kind in ((left, "message"), (held, "message"), (reported, BOUNCE)):
        await ledger.write(ticket.id, "And then?", kind=kind)
        after = await now(ledger, ticket)
        assert (after.status, after.run, after.epoch) == (TicketStatus.RUNNING, 1, 1)


async def test_a_turn_begins_anew_only_so_often(ledger: Ledger) -> None:
    """Who never stops writing is answered all the same."""
    ticket = await begun(ledger)
    runs = []
    for number in range(MOST_IN_A_TURN + 1):
        await ledger.write(ticket.id, f"And {number}?")
        after = await now(ledger, ticket)
        runs.append(after.run)
        if after.status == TicketStatus.QUEUED:
            async with ledger.database.transaction() as session:
                await lifecycle.begin(session, ticket.id, run=after.run)
    assert runs == [2, 3, 4, 5, 6, 6, 6]

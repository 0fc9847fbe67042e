"""Tickets of one customer begin in the order in which they were accepted, each behind the one before."""

import time
from collections.abc import Sequence

import pytest
from dbos import WorkflowStatus

from memory import handoffs
from memory.storage.queue import workflow_id
from memory.tables import Ticket, TicketStatus
from memory.tickets.driving import FOLLOWS_SECONDS, MOST_IN_ORDER
from tests.bench import TENANT, Bench

CLIVE = "clive@example.com"


async def waits(bench: Bench, *tickets: Ticket) -> list[bool]:
    """Whether each ticket's run is still kept from beginning."""
    found = {one.workflow_id: one for one in await jobs(bench, tickets)}
    return [found[workflow_id(one.id, one.run)].status == "DELAYED" for one in tickets]


async def jobs(bench: Bench, tickets: Sequence[Ticket]) -> list[WorkflowStatus]:
    """The engine's rows of the tickets' runs."""
    names = [workflow_id(one.id, one.run) for one in tickets]
    return await bench.wiring.queue.client.list_workflows_async(workflow_ids=names)


@pytest.mark.parametrize("text", ["How do I reset it?", "How do I reset it? #person"])
async def test_the_next_ticket_begins_once_the_one_before_is_at_rest(
    bench: Bench, text: str
) -> None:
    """Answered or with a person; then the next of those that wait, and nobody else is held up."""
    one, two, three = [await bench.accept(text, customer_email=CLIVE) for _ in range(3)]
    other = await bench.accept(text, customer_email="olga@example.com")
    nobody, again = [await bench.accept(text) for _ in range(2)]
    everybody = (one, two, three, other, nobody, again)
    assert await waits(bench, *everybody) == [False, True, True, False, False, False]
    await bench.run(one)
    assert await waits(bench, two, three) == [False, True]
    await bench.run(two)
    assert await waits(bench, three) == [False]
    later = await bench.accept(text, customer_email=CLIVE.upper())
    assert await waits(bench, later) == [True]  # behind the third, which nobody has begun
    await bench.run(three)
    assert await waits(bench, later) == [False]
    alone = await bench.run(later)
    assert alone.status in {TicketStatus.SETTLED, TicketStatus.WAITING}


async def test_a_person_who_takes_a_ticket_lets_the_next_one_begin(bench: Bench) -> None:
    """It has come to rest with them, whatever its run still does."""
    one, two = [await bench.accept("hello", customer_email=CLIVE) for _ in range(2)]
    async with bench.wiring.database.transaction() as session:
        await handoffs.take_over(
            session, bench.wiring.queue, tenant=TENANT, ticket_id=one.id,
            who="Ann", lease=handoffs.LEASE, explanation="",
        )  # fmt: skip
    assert await waits(bench, two) == [False]


async def test_a_ticket_that_is_stuck_holds_nobody_up_for_good(bench: Bench) -> None:
    """The wait ends by itself, counted from the acceptance and not from the one before."""
    chain = [await bench.accept("hello", customer_email=CLIVE) for _ in range(MOST_IN_ORDER)]
    latest = (time.time() + FOLLOWS_SECONDS) * 1_000
    ends = [one.delay_until_epoch_ms for one in await jobs(bench, chain[1:])]
    assert all(one is not None and one <= latest for one in ends)


async def test_many_at_once_are_no_one_persons(bench: Bench) -> None:
    """A form that sends everything from one address is not slowed down to one at a time."""
    several = [await bench.accept("hello", customer_email=CLIVE) for _ in range(MOST_IN_ORDER + 2)]
    assert await waits(bench, *several) == [False, *[True] * (MOST_IN_ORDER - 1), False, False]

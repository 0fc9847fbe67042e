"""Merged tickets keep their promise: whoever answers the other one sees them, whatever happens."""

import pytest

from memory import handoffs
from memory.handoffs import NotReturnable
from memory.handoffs import story as handoff_story
from memory.tables import Handoff, HandoffStatus, Outcome, Ticket
from tests.bench import TENANT, Bench

CY = "cy@example.com"


async def three(bench: Bench) -> list[Ticket]:
    """Tickets of one customer that wait for a person: first, second, third."""
    return [
        await bench.answer(f"{name} #person", customer_email=CY)
        for name in ("first", "second", "third")
    ]


async def merge(bench: Bench, ticket: Ticket, into: Ticket) -> Handoff:
    """Ann merges the one's handoff into the other's."""
    source, target = await bench.handoff(ticket), await bench.handoff(into)
    async with bench.wiring.database.transaction() as session:
        return await handoffs.merge(
            session,
            bench.wiring.queue,
            tenant=TENANT,
            handoff_id=source.id,
            into=target.id,
            who="Ann",
        )


async def shown(bench: Bench, ticket: Ticket) -> list[str]:
    """First words of the merged tickets that whoever opens the newest handoff sees."""
    newest = await bench.handoff(ticket)
    async with bench.wiring.database.reading() as session:
        found = await handoff_story.whole(session, newest)
    return [one.messages[0].text.split()[0] for one in found.merged]


async def test_a_ticket_that_was_merged_into_is_not_given_back(bench: Bench) -> None:
    """The agent reads one ticket; a person still answers both."""
    first, second, _ = await three(bench)
    await merge(bench, first, second)
    with pytest.raises(NotReturnable, match="1 merged into this ticket"):
        await bench.decide(second, "return", guidance="look again")
    assert await shown(bench, second) == ["first"]
    ticket = await bench.settled_by(second, "reply", text="To both: here you are.")
    assert ticket.outcome == Outcome.ANSWERED_BY_PERSON


async def test_what_was_answered_stands_in_no_ones_way(bench: Bench) -> None:
    """In the next turn the agent may have the ticket back; the merged one stays in sight."""
    first, second, _ = await three(bench)
    await merge(bench, first, second)
    await bench.settled_by(second, "reply", text="To both: here you are.")
    await bench.write(second, "And now? #person")
    await bench.run(second)
    assert await shown(bench, second) == ["first"]
    await bench.settled_by(second, "return", guidance="look again")
    assert (await bench.handoffs(second))[1].status == HandoffStatus.CLOSED


async def test_a_later_handoff_of_the_turn_shows_them(bench: Bench) -> None:
    """A decision that could not be carried out comes back to people with all it was to answer."""
    first, second, _ = await three(bench)
    await merge(bench, first, second)
    await bench.decide(second, "reply", text="To both: here you are.")
    for _ in range(bench.runtime.desk.limits.redrives + 2):
        await bench.lose(second)
    assert len(await bench.handoffs(second)) == 2
    assert await shown(bench, second) == ["first"]
    with pytest.raises(NotReturnable):
        await bench.decide(second, "return", guidance="look again")


async def test_what_was_merged_into_a_merged_one_goes_along(bench: Bench) -> None:
    """First into second, second into third: the third shows both."""
    first, second, third = await three(bench)
    await merge(bench, first, second)
    await merge(bench, second, third)
    assert await shown(bench, third) == ["first", "second"]
    target = await bench.handoff(third)
    assert (await bench.handoff(first)).merged_into == target.id


async def test_a_ticket_is_never_merged_with_itself_over_another(bench: Bench) -> None:
    """A merged ticket whose customer wrote on may take the other one in return."""
    first, second, third = await three(bench)
    await merge(bench, first, second)
    await merge(bench, second, third)
    await bench.write(second, "still there? #person")
    await bench.run(second)
    await merge(bench, third, second)
    assert await shown(bench, second) == ["first", "third"]

"""A run that nothing brings to its end is handed to a person, whose decision is carried out all the same."""

from typing import Any

from evals.stack.journal_gaps import gaps
from graph.desk.limits import Limits
from memory.journal.codes import Reason
from memory.tables import HandoffStatus, Outcome, TicketStatus
from tests.bench import Bench, Opened
from tests.broken import Broken
from tests.people import HANDED


async def test_a_ticket_the_engine_lost_is_driven_again_then_handed_off(
    open_bench: Opened,
) -> None:
    """Within the limit by a new run, after it by the graph's own way, at last by force."""
    async with open_bench(limits=Limits(redrives=2)) as bench:
        ticket = await bench.accept("How do I reset it?")
        for redrives in (1, 2, 3):
            ticket = await bench.lose(ticket)
            assert (ticket.redrives, ticket.status) == (redrives, TicketStatus.QUEUED)
        ticket = await bench.run(ticket)
        assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.RUN_FAILED)
        assert (await bench.handoff(ticket)).status == HandoffStatus.OPEN
        assert gaps(await bench.rows(ticket)) == []


async def forced(bench: Bench) -> Any:
    """A ticket in whose run the process died three times in the middle, handed off by force."""
    mind = Broken(bench.runtime.minds.writer, seconds=30)
    bench.think(writer=mind)
    ticket = await bench.accept("How do I reset it?")
    await bench.die(ticket, mind)
    for _ in range(bench.runtime.desk.limits.redrives + 2):
        ticket = await bench.lose(ticket)
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.RUN_FAILED)
    return ticket


async def test_a_reply_to_a_forced_handoff_is_sent_not_the_agents(bench: Bench) -> None:
    """The thread stands in the middle of a run; the person's word comes first."""
    ticket = await bench.settled_by(await forced(bench), "reply", text="Sorry for the wait.")
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])
    assert (await bench.messages(ticket))[-1].text == "Sorry for the wait."
    assert gaps(await bench.rows(ticket)) == []


async def test_a_forced_handoff_can_be_closed(bench: Bench) -> None:
    """Without a reply."""
    ticket = await bench.settled_by(await forced(bench), "close")
    assert (ticket.outcome, bench.sent) == (Outcome.CLOSED_BY_PERSON, [])


async def test_a_forced_handoff_can_be_returned(bench: Bench) -> None:
    """What made it fail may be gone: the agent gets its counters back."""
    ticket = await forced(bench)
    broken = bench.runtime.minds.writer
    assert isinstance(broken, Broken)
    bench.think(writer=broken.inner)
    ticket = await bench.settled_by(ticket, "return", guidance="try now")
    assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_a_second_forced_handoff_is_a_new_one(bench: Bench) -> None:
    """A decision that could not be carried out leaves no ticket without an open handoff."""
    ticket = await forced(bench)
    await bench.decide(ticket, "return", guidance="try again")
    for _ in range(bench.runtime.desk.limits.redrives + 2):
        ticket = await bench.lose(ticket)
    assert [one.status for one in await bench.handoffs(ticket)] == ["closed", "open"]
    ticket = await bench.settled_by(ticket, "reply", text="By hand, then.")
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])


async def test_a_story_that_was_written_is_opened_not_replaced(bench: Bench) -> None:
    """The process died between the interrupt and its settle, again and again."""
    ticket = await bench.accept(HANDED)
    assert await bench.driver.drive(ticket.id, 1)
    for _ in range(bench.runtime.desk.limits.redrives + 2):
        ticket = await bench.lose(ticket)
    [handoff] = await bench.handoffs(ticket)
    assert (handoff.status, handoff.reason) == (HandoffStatus.OPEN, Reason.LOW_CONFIDENCE)
    assert handoff.story["suggestion"]
    ticket = await bench.settled_by(ticket, "approve")
    assert (ticket.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["notice", "reply"])


async def test_a_drive_that_finds_a_person_waiting_gives_nothing_up(bench: Bench) -> None:
    """The limit of redrives is no reason for a second handoff."""
    ticket = await bench.accept(HANDED)
    assert await bench.driver.drive(ticket.id, 1)
    for _ in range(bench.runtime.desk.limits.redrives + 1):
        ticket = await bench.lose(ticket)
    ticket = await bench.run(ticket)
    assert (ticket.status, len(await bench.handoffs(ticket))) == (TicketStatus.WAITING, 1)

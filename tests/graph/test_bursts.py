"""A few messages in a row are one turn: the run waits, and reads all that came meanwhile."""

from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.minds.contract import Writer, WriteRequest
from graph.minds.scripted import ScriptedWriter
from graph.state import Drafted
from memory.storage.queue import workflow_id
from memory.tables import Outcome, Ticket, TicketStatus
from memory.tickets.intake import MOST_IN_A_TURN
from tests.bench import Bench
from tests.broken import Broken
from tools.contract import Json


async def standing(bench: Bench, ticket: Ticket) -> str:
    """How the engine's job of the ticket's run stands."""
    name = workflow_id(ticket.id, ticket.run)
    (job,) = await bench.wiring.queue.client.list_workflows_async(workflow_ids=[name])
    return str(job.status)


async def test_messages_of_a_burst_are_answered_together(bench: Bench) -> None:
    """One turn, one answer; the next burst is the next turn."""
    bench.wiring.queue = bench.wiring.queue.after(5)
    ticket = await bench.accept("How do I reset it?")
    assert await standing(bench, ticket) == "DELAYED"
    assert not await bench.write(ticket, "I mean the password.")
    assert not await bench.write(ticket, "Of my account.")
    ticket = await bench.run(ticket)
    assert (ticket.turn, ticket.outcome, bench.sent) == (1, Outcome.DELIVERED, ["reply"])
    bench.find()
    assert await bench.write(ticket, "And how do I sign in?")
    ticket = await bench.ticket(ticket)
    assert await standing(bench, ticket) == "DELAYED"
    assert not await bench.write(ticket, "On the telephone.")
    ticket = await bench.run(ticket)
    assert (ticket.turn, bench.sent) == (2, ["reply", "reply"])


async def test_without_a_wait_a_run_may_begin_at_once(bench: Bench) -> None:
    """As it does where a system of the tenant's hands tickets in."""
    ticket = await bench.accept("How do I reset it?")
    assert await standing(bench, ticket) == "ENQUEUED"
    assert bench.wiring.queue.after(0).client is bench.wiring.queue.client


@dataclass
class Typed(Writer):
    """A writer during whose first drafts the customer writes on."""

    bench: Bench
    ticket: Ticket
    words: list[str]
    """What is written meanwhile, one message for each draft."""
    inner: ScriptedWriter = field(default_factory=ScriptedWriter)

    @override
    async def write(self, request: WriteRequest) -> Drafted:
        self.bench.find(f"It is done {len(self.words)} times.")
        if self.words:
            assert not await self.bench.write(self.ticket, self.words.pop(0))
        return await self.inner.write(request)


async def answered(bench: Bench, ticket: Ticket) -> Ticket:
    """The ticket once no run of it is queued any more."""
    while (now := await bench.run(ticket)).status in {TicketStatus.QUEUED, TicketStatus.RUNNING}:
        pass
    return now


async def replies(bench: Bench, ticket: Ticket) -> list[str]:
    """What the agent has said."""
    return [one.text for one in await bench.messages(ticket) if one.role == "agent"]


async def test_typing_on_while_the_agent_works_is_answered_once(bench: Bench) -> None:
    """The draft that is under way never leaves: the turn begins anew with all that was said."""
    ticket = await bench.accept("How do I reset it? #echo first")
    more = ["And of which? #echo second", "In the app. #echo third"]
    bench.think(writer=Typed(bench, ticket, more))
    ticket = await answered(bench, ticket)
    assert (ticket.turn, ticket.run, ticket.outcome) == (1, 3, Outcome.DELIVERED)
    (reply,) = await replies(bench, ticket)
    assert all(f"echo {word}" in reply for word in ("first", "second", "third"))
    assert bench.sent == ["reply"]
    assert gaps(await bench.rows(ticket)) == []


async def test_who_goes_on_and_on_is_answered_in_between(bench: Bench) -> None:
    """A turn begins anew only so often; what comes later is the next turn's."""
    ticket = await bench.accept("How do I reset it?")
    more = [f"Wait, and how often? {'Please! ' * n}" for n in range(MOST_IN_A_TURN)]
    bench.think(writer=Typed(bench, ticket, more))
    ticket = await answered(bench, ticket)
    assert (ticket.turn, bench.sent) == (2, ["reply", "reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_a_run_that_dies_after_the_customer_wrote_on_knows_all_of_it(bench: Bench) -> None:
    """Whether or not the next drive has read the message before it died as well."""
    ticket = await bench.accept("How do I reset it? #echo first")
    writer = Broken(bench.runtime.minds.writer, seconds=30, times=2)
    bench.think(writer=writer)
    await bench.die(ticket, writer)
    await bench.write(ticket, "And then? #echo second")
    writer.called.clear()
    await bench.die(ticket, writer)
    ticket = await answered(bench, ticket)
    (reply,) = await replies(bench, ticket)
    assert all(f"echo {word}" in reply for word in ("first", "second"))
    assert (ticket.turn, bench.sent) == (1, ["reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_what_has_left_stands_and_the_next_message_is_the_next_turns(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The customer writes on while their answer is on its way: it is not sent anew."""
    ticket = await bench.accept("How do I reset it?")
    send, words = bench.post.send, ["And how do I sign in?"]

    async def sending(message: Json, key: str) -> Json:
        while words:
            bench.find()
            await bench.write(ticket, words.pop())
        return await send(message, key)

    monkeypatch.setattr(bench.post, "send", sending)
    ticket = await answered(bench, ticket)
    assert (ticket.turn, bench.sent) == (2, ["reply", "reply"])

"""What the customer writes later: a new turn, or part of what a run or a person has."""

import pytest
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.conversation import unanswered
from graph.state import MessageRecord
from memory.handoffs import Stale
from memory.knowledge.contract import Hit
from memory.tables import Outcome, Ticket, TicketStatus
from tests.bench import Bench
from tests.broken import Broken
from tools.adapters.fakes import ListedKnowledge


async def test_a_message_after_the_end_is_a_new_turn(bench: Bench) -> None:
    """On the same thread: the conversation stays, the parts of the turn are new."""
    ticket = await bench.answer("How do I reset it?")
    bench.find()
    assert await bench.write(ticket, "And the other one?")
    ticket = await bench.run(ticket)
    assert (ticket.turn, ticket.outcome, ticket.status) == (2, Outcome.DELIVERED, "settled")
    assert bench.knowledge.queries == ["How do I reset it?", "And the other one?"]
    assert bench.sent == ["reply", "reply"]
    assert gaps(await bench.rows(ticket)) == []


async def test_a_message_during_a_search_is_answered_with_what_was_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn begins anew, and one answer leaves."""
    ticket = await bench.accept("How do I reset it?")
    knowledge = Interrupting(bench, ticket)
    monkeypatch.setattr(bench.knowledge, "search", knowledge.search)
    ticket = await bench.run(ticket)
    assert (ticket.status, ticket.turn, ticket.outcome) == (TicketStatus.QUEUED, 1, None)
    ticket = await bench.run(ticket)
    assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
    assert knowledge.queries[1:] == ["How do I reset it?\n\nOne more thing: the other one?"]
    assert gaps(await bench.rows(ticket)) == []


class Interrupting(ListedKnowledge):
    """While it searches for the first time, the customer writes on."""

    def __init__(self, bench: Bench, ticket: Ticket) -> None:
        super().__init__(list(bench.knowledge.hits))
        self.bench, self.ticket = bench, ticket

    @override
    async def search(
        self, tenant: str, query: str, limit: int, among: str | None = None
    ) -> list[Hit]:
        if not self.queries:
            assert not await self.bench.write(self.ticket, "One more thing: the other one?")
        return await super().search(tenant, query, limit, among)


async def test_a_message_while_a_person_has_it_is_the_persons(bench: Bench) -> None:
    """A decision by the version that has it answers it; no turn follows."""
    ticket = await bench.answer("How? #person")
    before = (await bench.handoff(ticket)).version
    assert not await bench.write(ticket, "It is urgent.")
    with pytest.raises(Stale):
        await bench.decide(ticket, "reply", text="Here is how it works.", version=before)
    seen = (await bench.handoff(ticket)).version
    ticket = await bench.settled_by(ticket, "reply", text="Here is how it works.", version=seen)
    assert (ticket.status, ticket.turn) == (TicketStatus.SETTLED, 1)
    assert await bench.write(ticket, "Thank you. And the other one?")
    ticket = await bench.run(ticket)
    assert bench.knowledge.queries[-1] == "Thank you. And the other one?"
    assert ticket.turn == 2


async def test_a_message_that_the_person_may_not_have_seen_gets_a_turn(bench: Bench) -> None:
    """A decision that states no version answers what was there when the handoff was written."""
    ticket = await bench.answer("How? #person")
    assert not await bench.write(ticket, "It is urgent.")
    ticket = await bench.settled_by(ticket, "reply", text="Here is how it works.")
    assert (ticket.status, ticket.turn) == (TicketStatus.QUEUED, 2)


async def test_a_message_before_the_ticket_is_given_back_gets_a_turn(bench: Bench) -> None:
    """The agent goes on with what it had, then answers what came meanwhile."""
    ticket = await bench.answer("How? #person")
    await bench.write(ticket, "And the other one?")
    bench.think(assessor=Broken(bench.runtime.minds.assessor, times=0))
    bench.change(answer_threshold=0.05)
    ticket = await bench.settled_by(ticket, "return", guidance="answer it")
    assert (ticket.status, ticket.turn) == (TicketStatus.QUEUED, 2)
    ticket = await bench.run(ticket)
    assert bench.knowledge.queries[-1] == "And the other one?"
    assert gaps(await bench.rows(ticket)) == []


async def test_messages_while_it_is_queued_are_read_together(bench: Bench) -> None:
    """One turn, one reply."""
    ticket = await bench.accept("How do I reset it?")
    await bench.write(ticket, "It is the red one.")
    ticket = await bench.run(ticket)
    assert bench.knowledge.queries == ["How do I reset it?\n\nIt is the red one."]
    assert (ticket.status, bench.sent) == (TicketStatus.SETTLED, ["reply"])


def test_only_what_nobody_answered_is_asked() -> None:
    """The customer's messages after the last one from the desk, in order."""
    conversation: list[MessageRecord] = [
        {"seq": 1, "role": "customer", "kind": "message", "text": "a"},
        {"seq": 2, "role": "agent", "kind": "message", "text": "b"},
        {"seq": 3, "role": "customer", "kind": "message", "text": "c"},
        {"seq": 4, "role": "customer", "kind": "message", "text": "d"},
    ]
    assert unanswered(conversation) == "c\n\nd"
    assert unanswered(conversation[:2]) == ""

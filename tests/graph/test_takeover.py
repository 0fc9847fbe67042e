"""A person takes a ticket from the agent: the run stops, and no late answer ever follows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from typing_extensions import override

from api.http.handoffs.takeover import explained
from api.worker import assembly
from evals.stack.journal_gaps import gaps
from memory import handoffs
from memory.handoffs import AlreadyAnswered, AlreadyDecided, NothingToTake, Taken
from memory.journal.codes import Reason
from memory.tables import HandoffStatus, Outcome, Ticket, TicketStatus
from tests.bench import TENANT, Bench, Opened
from tests.broken import Broken
from tests.waiting import LONGEST_SECONDS, PAUSE_SECONDS
from tools.adapters.fakes import ListedPost
from tools.contract import Json

Finish = Callable[[], Awaitable[None]]
PLAIN, HANDED = "How do I reset it?", "How do I reset it? #person"


async def take(bench: Bench, ticket: Ticket, who: str = "Ann", note: str = "") -> Taken:
    """Take the ticket over."""
    async with bench.wiring.database.transaction() as session:
        step = await handoffs.last_step(session, TENANT, ticket.id)
        return await handoffs.take_over(
            session,
            bench.wiring.queue,
            tenant=TENANT,
            ticket_id=ticket.id,
            who=who,
            lease=timedelta(minutes=10),
            explanation=explained(step),
            note=note,
        )


async def held(bench: Bench) -> tuple[Ticket, Finish]:
    """A ticket whose run stands in the writer's work, and what lets it go on to its end."""
    go_on = asyncio.Event()
    bench.think(writer=Broken(bench.runtime.minds.writer, go_on=go_on, times=1))
    ticket = await bench.accept(PLAIN)
    task = asyncio.create_task(bench.run(ticket))
    async with asyncio.timeout(LONGEST_SECONDS):  # what a slow step has before it is soon seen
        while "assess" not in await bench.steps(ticket):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(PAUSE_SECONDS)

    async def finish() -> None:
        go_on.set()
        await task

    return ticket, finish


async def test_a_run_that_is_taken_over_stops_at_its_next_step(bench: Bench) -> None:
    """It sends nothing, and the person has the ticket with the last step in words."""
    ticket, finish = await held(bench)
    taken = await take(bench, ticket, note="I know this customer")
    await finish()
    assert (taken.answer, bench.sent) == ("none", [])
    assert taken.handoff.status == HandoffStatus.CLAIMED
    assert taken.handoff.claimed_by == "Ann"
    assert taken.handoff.explanation.endswith("The last thing it did: the evidence was weighed.")
    assert (await bench.ticket(ticket)).status == TicketStatus.WAITING
    assert gaps(await bench.rows(ticket)) == []


async def test_what_the_run_had_found_is_told(bench: Bench) -> None:
    """Asks, evidence and a suggestion come after the takeover, for as long as nobody decided."""
    ticket, finish = await held(bench)
    taken = await take(bench, ticket)
    await finish()
    assert await assembly.outbox_worker(bench.wiring).tell_story(taken.handoff.id)
    told = (await bench.handoff(ticket)).story
    assert [ask["text"] for ask in told["asks"]] == [PLAIN]
    assert told["suggestion"]["text"]
    done = await bench.settled_by(ticket, "approve")
    assert (done.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])
    assert gaps(await bench.rows(ticket)) == []
    assert not await assembly.outbox_worker(bench.wiring).tell_story(taken.handoff.id)


async def test_a_run_that_was_not_begun_never_begins(bench: Bench) -> None:
    """Its job finds that it is not the present one."""
    ticket = await bench.accept(PLAIN)
    taken = await take(bench, ticket)
    assert await bench.driver.drive(ticket.id, 1) is None
    assert "had not begun" in taken.handoff.explanation
    done = await bench.settled_by(ticket, "reply", text="By hand.")
    assert (done.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_a_ticket_that_was_taken_over_can_be_given_back(bench: Bench) -> None:
    """The agent begins anew, with the guidance."""
    ticket, finish = await held(bench)
    await take(bench, ticket)
    await finish()
    done = await bench.settled_by(ticket, "return", guidance="it is about the settings")
    assert (done.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
    assert [one.status for one in await bench.handoffs(ticket)] == ["closed"]


async def test_a_ticket_that_waits_for_a_person_is_claimed(bench: Bench) -> None:
    """There is nothing to stop."""
    ticket = await bench.answer(HANDED)
    taken = await take(bench, ticket)
    assert (taken.handoff.claimed_by, taken.answer) == ("Ann", "none")
    assert len(await bench.handoffs(ticket)) == 1


async def test_a_story_that_is_being_written_is_kept(bench: Bench) -> None:
    """Taken over between the handoff's writing and its run's rest, it is that handoff."""
    ticket = await bench.accept(HANDED)
    rested = await bench.driver.drive(ticket.id, 1)
    assert rested is not None
    taken = await take(bench, ticket)
    await bench.driver.settle(ticket.id, rested)
    [only] = await bench.handoffs(ticket)
    assert (only.id, only.status, only.claimed_by) == (taken.handoff.id, "claimed", "Ann")
    assert only.reason == Reason.LOW_CONFIDENCE
    done = await bench.settled_by(ticket, "approve")
    assert (done.outcome, bench.sent) == (Outcome.ANSWERED_BY_PERSON, ["notice", "reply"])


async def test_a_settled_ticket_cannot_be_taken(bench: Bench) -> None:
    """Nothing runs on it."""
    ticket = await bench.answer(PLAIN)
    with pytest.raises(NothingToTake):
        await take(bench, ticket)


async def test_a_persons_decision_is_not_taken_over(bench: Bench) -> None:
    """What runs then is a colleague's work."""
    ticket = await bench.answer(HANDED)
    await bench.decide(ticket, "reply", text="By hand.")
    with pytest.raises(AlreadyDecided, match="Ann"):
        await take(bench, ticket, "Bob")
    assert (await bench.run(ticket)).outcome == Outcome.ANSWERED_BY_PERSON


@dataclass
class SlowPost(ListedPost):
    """A post at which a message can be held, before or after it is on its way."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def send(self, message: Json, key: str) -> Json:
        self.arrived.set()
        await self.go_on.wait()
        return await super().send(message, key)


@pytest.mark.parametrize("slow_ms", [60_000.0, 0.0])
async def test_an_answer_that_had_left_is_reported_and_shown(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch, slow_ms: float
) -> None:
    """It cannot be called back; the person hears `maybe_sent`, and then sees the message.

    However long sending took: a call that was slow is written down at once.
    """
    monkeypatch.setattr("graph.ledger.SLOW_MS", slow_ms)
    post = SlowPost()
    async with open_bench(post=post) as bench:
        ticket = await bench.accept(PLAIN)
        task = asyncio.create_task(bench.run(ticket))
        await post.arrived.wait()
        taken = await take(bench, ticket)
        assert taken.answer == "maybe_sent"
        version = taken.handoff.version
        post.go_on.set()
        await task
        handoff = await bench.handoff(ticket)
        assert handoff.version > version
        async with bench.wiring.database.reading() as session:
            assert await handoffs.answer_of(session, handoff) == "sent"
        assert await bench.said(ticket) == ["reply by agent"]
        done = await bench.settled_by(ticket, "close")
        assert (done.outcome, bench.sent) == (Outcome.CLOSED_BY_PERSON, ["reply"])


async def test_an_answer_that_arrived_stands(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ticket is about to settle, and its run is left to do so."""
    ticket = await bench.accept(PLAIN)
    go_on = asyncio.Event()
    remembered = Broken(bench.wiring.recall, go_on=go_on)
    monkeypatch.setattr(bench.wiring, "recall", remembered)
    task = asyncio.create_task(bench.run(ticket))
    await remembered.called.wait()
    with pytest.raises(AlreadyAnswered):
        await take(bench, ticket)
    go_on.set()
    assert ((await task).outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])


@pytest.mark.parametrize("steps", range(0, 60, 4))
async def test_takeover_races_the_delivery(bench: Bench, steps: int) -> None:
    """After any number of turns of the event loop: one of both wins, and nothing is stuck."""
    ticket = await bench.accept(PLAIN)
    task = asyncio.create_task(bench.run(ticket))
    for _ in range(steps * 6):
        await asyncio.sleep(0)
    try:
        answer = (await take(bench, ticket)).answer
    except (AlreadyAnswered, NothingToTake):
        answer = "sent"
    await task
    if answer == "none":
        assert bench.sent == []
    now = await bench.ticket(ticket)
    if now.status == TicketStatus.WAITING:
        now = await bench.settled_by(ticket, "reply", text="By hand.")
    assert now.status == TicketStatus.SETTLED
    replies = bench.sent.count("reply")
    assert replies == 1 or (answer == "maybe_sent" and replies == 2)
    assert gaps(await bench.rows(ticket)) == []

"""What fails or hangs on the way ends with a person, and what fails after the delivery is no ending."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from typing_extensions import override

from api.runtimes import Runtimes
from api.worker import assembly
from api.worker.sweeper import LAST_RESORT, WITHOUT_DESK
from graph.desk.limits import Limits
from graph.minds.contract import MindFault
from graph.minds.scripted import ScriptedWriter
from graph.steps import LedgerAway
from memory.journal.codes import Reason
from memory.storage.errors import StorageUnavailable
from memory.tables import HandoffStatus, Outcome, Ticket, TicketStatus, now
from tests.bench import Bench, Opened
from tests.broken import Broken
from tests.graph.run_time import RunTime, noted
from tests.graph.whole import whole
from tools.adapters.fakes import ListedPost
from tools.faults import Unreachable

RUN_SECONDS = 77.0


@dataclass
class DeadPost(ListedPost):
    """A post that takes nothing, until it is told to."""

    dead: bool = True

    @override
    async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
        if self.dead:
            raise Unreachable("the address does not answer")
        return await super().send(message, key)


async def test_a_reply_that_cannot_be_delivered_goes_to_a_person(open_bench: Opened) -> None:
    """And the person's own answer is sent once the service is back."""
    post = DeadPost()
    async with open_bench(post=post) as bench:
        ticket = await bench.answer("How do I reset it?")
        assert (ticket.reason, bench.sent) == (Reason.DELIVERY_FAILED, [])
        post.dead = False
        ticket = await bench.settled_by(ticket, "reply", text="Press the Reset button, please.")
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert (await bench.said(ticket)) == ["reply by person"]
        await whole(bench, ticket)


async def test_a_node_out_of_retries_goes_to_a_person(bench: Bench) -> None:
    """As many attempts as the limit, each with its row."""
    mind = Broken(bench.runtime.minds.planner, MindFault("busy", retryable=True))
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert (ticket.reason, mind.calls) == (Reason.NODE_FAILED, 3)
    causes = [row.cause for row in await bench.rows(ticket) if row.name == "plan"]
    assert causes == ["planned", "retry", "retry"]
    await whole(bench, ticket)


async def test_a_node_that_fails_once_goes_on(bench: Bench) -> None:
    """A passing fault costs an attempt, nothing else."""
    mind = Broken(bench.runtime.minds.planner, MindFault("busy", retryable=True), times=1)
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert ticket.outcome == Outcome.DELIVERED
    await whole(bench, ticket)


async def test_a_fault_that_will_not_pass_is_not_retried(bench: Bench) -> None:
    """One attempt; and the error's own text, which may hold customer text, stays out."""
    mind = Broken(bench.runtime.minds.planner, ValueError("ann@example.com"))
    bench.think(planner=mind)
    ticket = await bench.answer("hello")
    assert (ticket.reason, mind.calls) == (Reason.NODE_FAILED, 1)
    assert not [row for row in await bench.rows(ticket) if "ann@" in str(row)]


async def test_a_node_that_hangs_is_stopped(open_bench: Opened) -> None:
    """After the node's time a person takes over."""
    async with open_bench(limits=Limits(node_seconds=1.5)) as bench:
        bench.think(planner=Broken(bench.runtime.minds.planner, seconds=30))
        ticket = await bench.answer("hello")
        assert ticket.reason == Reason.NODE_FAILED
        await whole(bench, ticket)


async def stopped(bench: Bench, held: Broken, time: RunTime) -> Ticket:
    """A ticket whose run is out of time when it stands in that call."""
    answer = asyncio.create_task(bench.answer("hello"))
    await held.called.wait()
    assert time.seconds == [RUN_SECONDS]
    time.end()
    return await answer


async def test_a_run_that_takes_too_long_is_stopped(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole run has a bound too, and what was gathered stays for the person."""
    async with open_bench(limits=Limits(run_seconds=RUN_SECONDS)) as bench:
        writer = Broken(bench.runtime.minds.writer, seconds=30, times=1)
        bench.think(writer=writer)
        ticket = await stopped(bench, writer, noted(monkeypatch))
        assert ticket.reason == Reason.LIMIT_REACHED
        assert (await bench.handoff(ticket)).story["tried"]
        assert "give_up" in [row.name for row in await bench.rows(ticket)]
        await whole(bench, ticket)


async def test_a_broken_writer_does_not_hold_the_handoff_up(bench: Bench) -> None:
    """The suggestion is optional: what could not be made is named, the handoff is opened."""
    bench.think(writer=Broken(ScriptedWriter(), ValueError("bug")))
    ticket = await bench.answer("hello")
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.NODE_FAILED)
    handoff = await bench.handoff(ticket)
    assert handoff.status == HandoffStatus.OPEN
    assert handoff.story["missing"] == ["suggestion: ValueError"]


async def test_a_hanging_writer_does_not_hold_the_handoff_up(open_bench: Opened) -> None:
    """Nor does one that never answers."""
    async with open_bench(limits=Limits(node_seconds=2.0)) as bench:
        bench.think(writer=Broken(ScriptedWriter(), seconds=30))
        ticket = await bench.answer("hello")
        assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.NODE_FAILED)


@dataclass
class HangingPost(ListedPost):
    """A post that never answers."""

    @override
    async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
        await Broken(self, seconds=30).sent(key)
        return {}


async def test_a_hanging_post_does_not_hold_the_handoff_up(open_bench: Opened) -> None:
    """The notice is optional: the handoff is open, and the effect is known to be in doubt."""
    async with open_bench(limits=Limits(node_seconds=2.0), post=HangingPost()) as bench:
        ticket = await bench.answer("hello #person")
        assert ticket.status == TicketStatus.WAITING
        assert (await bench.handoff(ticket)).status == HandoffStatus.OPEN
        assert [effect.status for effect in await bench.effects(ticket)] == ["unknown"]


async def test_what_fails_after_the_delivery_is_no_second_ending(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The customer has the answer: no handoff, no notice that a person is taking over."""

    async def remember(*_: object) -> None:
        raise RuntimeError("the index is gone")

    monkeypatch.setattr(bench.wiring.recall, "remember", remember)
    ticket = await bench.answer("hello")
    assert (ticket.status, ticket.outcome) == (TicketStatus.SETTLED, Outcome.DELIVERED)
    assert (bench.sent, await bench.handoffs(ticket)) == (["reply"], [])
    assert "forgo" in [row.name for row in await bench.rows(ticket)]
    await whole(bench, ticket)


async def test_a_run_out_of_time_after_the_delivery_is_delivered(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a run that is stopped while it remembers."""
    async with open_bench(limits=Limits(run_seconds=RUN_SECONDS)) as bench:
        recall = Broken(bench.wiring.recall, seconds=30)
        monkeypatch.setattr(bench.wiring, "recall", recall)
        ticket = await stopped(bench, recall, noted(monkeypatch))
        assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
        await whole(bench, ticket)


AWAY = StorageUnavailable("the database cannot be reached")


@dataclass
class Away:
    """What is away so often before it does as the real one."""

    inner: Any
    times: int

    async def __call__(self, *arguments: Any) -> Any:
        """One call."""
        self.times -= 1
        if self.times >= 0:
            raise AWAY
        return await self.inner(*arguments)


async def test_a_ledger_that_is_away_for_a_moment_sends_nobody_to_a_person(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where a step stands nor where its search does: the run begins again and answers."""
    writer = Broken(bench.runtime.minds.writer, AWAY, times=3)
    bench.think(writer=writer)
    monkeypatch.setattr(bench.knowledge, "search", Away(bench.knowledge.search, 6))
    ticket = await bench.accept("How do I reset it?")
    ends = 0
    while (await bench.ticket(ticket)).status != TicketStatus.SETTLED and ends < 6:
        try:
            await bench.run(ticket)
        except LedgerAway:
            ends += 1
            ticket = await bench.lose(ticket)
    assert ends == 3
    ticket = await bench.ticket(ticket)
    assert (ticket.outcome, len(bench.sent)) == (Outcome.DELIVERED, 1)
    assert await bench.handoffs(ticket) == []
    await whole(bench, ticket)


async def test_a_ledger_that_stays_away_ends_with_a_person(bench: Bench) -> None:
    """The sweeper begins no run again and again."""
    bench.think(planner=Broken(bench.runtime.minds.planner, AWAY))
    ticket = await bench.accept("hello")
    for _ in range(Limits().redrives + LAST_RESORT):
        with suppress(LedgerAway):
            await bench.run(ticket)
        ticket = await bench.lose(ticket)
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.RUN_FAILED)
    assert len(await bench.handoffs(ticket)) == 1


async def test_a_ticket_waits_for_a_desk_that_cannot_be_read(bench: Bench) -> None:
    """It is no failure, and nobody is asked; as soon as there is a desk it ends as it should."""
    ticket = await bench.accept("How do I reset it?")
    without = replace(bench.wiring, runtimes=Runtimes())
    assert (
        await assembly.ticket_driver(without).run(ticket.id, ticket.run, "accepted") == "superseded"
    )
    assert await assembly.sweeper(without, quiet=timedelta(0)).sweep() == 0
    assert await bench.handoffs(ticket) == []
    ticket = await bench.run(await bench.lose(ticket))
    assert (ticket.outcome, bench.sent) == (Outcome.DELIVERED, ["reply"])
    await whole(bench, ticket)


async def test_a_ticket_without_a_desk_is_not_kept_for_ever(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person gets it, with the reason in words."""
    ticket = await bench.accept("How do I reset it?")
    without = replace(bench.wiring, runtimes=Runtimes())
    await assembly.ticket_driver(without).run(ticket.id, ticket.run, "accepted")
    later = now() + WITHOUT_DESK + timedelta(seconds=1)
    monkeypatch.setattr("api.worker.sweeper.now", lambda: later)
    await bench.vanish()
    await assembly.sweeper(without, quiet=timedelta(0)).sweep()
    ticket = await bench.ticket(ticket)
    assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.RUN_FAILED)
    assert "desk of acme could not be read" in (await bench.handoff(ticket)).explanation

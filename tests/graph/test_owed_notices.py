"""What a customer is to be told and could not be: it waits, leaves once, or is known not to have left."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlmodel import select
from typing_extensions import override

from api.worker import assembly
from api.worker.forced_handoff import open_forced
from memory.handoffs import outbox
from memory.handoffs.held_letters import AT_ONCE, HELD
from memory.journal.codes import Reason
from memory.tables import Letter, OutboxStatus, TicketStatus, now
from memory.tickets import lifecycle
from tests.bench import Bench, Opened
from tests.people import ask
from tests.wired import gateway_of
from tools.adapters.fakes import ListedPost
from tools.contract import Json
from tools.faults import TimedOut, ToolFault, Unreachable

HANDED = "How do I reset it? #person"


@dataclass
class AwayPost(ListedPost):
    """A post that takes nothing while `fault` is set; in doubt it may have taken it all the same."""

    fault: ToolFault | None = field(
        default_factory=lambda: Unreachable("no connection", certain=True)
    )
    takes_it: bool = False

    @override
    async def send(self, message: Json, key: str) -> Json:
        if self.fault is None:
            return await super().send(message, key)
        if self.takes_it:
            await super().send(message, key)
        raise self.fault

    @override
    async def sent(self, key: str) -> Json | None:
        if self.fault is not None:
            raise self.fault
        return await super().sent(key)


async def tried(bench: Bench) -> Letter:
    """The only letter, after the clock has come to its moment and its job has run."""
    async with bench.wiring.database.transaction() as session:
        for one in await session.exec(select(Letter)):
            one.not_before = now() - timedelta(seconds=1)
        connection = await session.connection()
        await connection.exec_driver_sql("DELETE FROM workflow_status")  # the job before has ended
    await assembly.deadlines(bench.wiring).tick()
    [letter] = await letters(bench)
    await assembly.outbox_worker(bench.wiring).send(letter.id)
    return (await letters(bench))[0]


async def letters(bench: Bench) -> list[Letter]:
    """All letters."""
    async with bench.wiring.database.reading() as session:
        return list(await session.exec(select(Letter)))


@pytest.mark.parametrize("takes_it", [False, True], ids=["nothing arrived", "it had arrived"])
async def test_a_notice_that_could_not_leave_is_sent_once_later(
    open_bench: Opened, *, takes_it: bool
) -> None:
    """The handoff is open at once; each attempt waits for the next, and what is in doubt is asked for."""
    fault = TimedOut("no answer") if takes_it else Unreachable("no connection", certain=True)
    async with open_bench(post=AwayPost(fault=fault, takes_it=takes_it)) as bench:
        post = bench.post
        assert isinstance(post, AwayPost)
        ticket = await bench.answer(HANDED)
        assert ticket.status == TicketStatus.WAITING
        assert (await bench.handoff(ticket)).status == "open"
        [owed] = await letters(bench)
        assert (owed.status, owed.attempts) == (OutboxStatus.WANTED, 0)
        again = await tried(bench)
        assert (again.status, again.attempts) == (OutboxStatus.WANTED, 1)
        assert again.error is not None
        assert again.not_before - now() > outbox.FIRST_PAUSE  # it was doubled
        post.fault = None
        sent = await tried(bench)
        assert sent.status == OutboxStatus.SENT
        await assembly.outbox_worker(bench.wiring).send(sent.id)
        assert bench.sent == ["notice"]
        assert await bench.said(ticket) == ["notice by agent"]


async def test_notices_that_one_outage_held_up_do_not_come_together(open_bench: Opened) -> None:
    """Else a breaker that lets one through sends the others away again, to wait twice as long."""
    async with open_bench(post=AwayPost()) as bench:
        for _ in range(6):
            await bench.answer(HANDED)
        for one in await letters(bench):
            await assembly.outbox_worker(bench.wiring).send(one.id)
        again = [one.not_before for one in await letters(bench)]
        assert max(again) - min(again) > outbox.FIRST_PAUSE / 10


async def test_what_the_breaker_held_is_due_as_soon_as_another_one_leaves(
    open_bench: Opened,
) -> None:
    """Some at a time, the oldest first; what was tried itself keeps its pause."""
    async with open_bench(post=AwayPost()) as bench:
        post, worker = bench.post, assembly.outbox_worker(bench.wiring)
        assert isinstance(post, AwayPost)
        for _ in range(AT_ONCE + 3):
            await bench.answer(HANDED)
        for one in await letters(bench):
            assert await worker.send(one.id) == "later"
        tried_itself, *held, last = sorted(await letters(bench), key=lambda one: one.created_at)
        assert all((one.error or "").startswith(HELD) for one in held)
        async with bench.wiring.database.transaction() as session:
            (await session.get_one(Letter, tried_itself.id)).error = "unreachable: no connection"
        post.fault = None
        desk, knowledge = bench.runtime.desk, bench.knowledge
        bench.change(gateway=gateway_of(bench.wiring, desk, post, knowledge, (), None))
        assert await assembly.outbox_worker(bench.wiring).send(last.id) == "sent"
        moment = now()
        due = {
            one.id
            for one in await letters(bench)
            if one.status == OutboxStatus.WANTED and one.not_before <= moment
        }
        assert due == {one.id for one in held[:AT_ONCE]}


async def test_a_notice_is_dropped_once_it_is_pointless(open_bench: Opened) -> None:
    """A person has asked the customer meanwhile; or decided, which the fence says."""
    post = AwayPost()
    async with open_bench(post=post) as bench:
        ticket = await bench.answer(HANDED)
        post.fault = None
        await ask(bench, ticket, "Which?")
        notice, question = sorted(await letters(bench), key=lambda one: one.created_at)
        assert await assembly.outbox_worker(bench.wiring).send(question.id) == "sent"
        await assembly.outbox_worker(bench.wiring).send(notice.id)
        assert bench.sent == ["clarification"]
        assert {one.purpose: one.status for one in await letters(bench)} == {
            "handoff": OutboxStatus.WITHDRAWN,
            "ask": OutboxStatus.SENT,
        }


async def test_the_attempts_end_and_somebody_sees_it(open_bench: Opened) -> None:
    """A dead letter is counted until a person has answered."""
    async with open_bench(post=AwayPost()) as bench:
        post = bench.post
        assert isinstance(post, AwayPost)
        ticket = await bench.answer(HANDED)
        for _ in range(outbox.NOTICE_ATTEMPTS):
            letter = await tried(bench)
        assert (letter.status, letter.attempts) == ("failed", outbox.NOTICE_ATTEMPTS - 1)
        assert await standing(bench) == outbox.Standing(dead=1)
        post.fault = None
        await bench.settled_by(ticket, "reply", text="Press it.")
        assert (bench.sent, await standing(bench)) == (["reply"], outbox.Standing())


async def test_a_second_handoff_of_the_turn_owes_what_the_first_did(open_bench: Opened) -> None:
    """A person gave it back before the customer had heard of anybody: they hear it once."""
    post = AwayPost()
    async with open_bench(post=post) as bench:
        ticket = await bench.answer(HANDED)
        await bench.decide(ticket, "return", guidance="Try again.")
        post.fault = None
        ticket = await bench.run(ticket)
        assert (ticket.status, bench.sent) == (TicketStatus.WAITING, ["notice"])
        [letter] = await letters(bench)
        await assembly.outbox_worker(bench.wiring).send(letter.id)
        assert bench.sent == ["notice"]
        await bench.decide(ticket, "return", guidance="Once more.")
        ticket = await bench.run(ticket)
        assert (ticket.status, bench.sent) == (TicketStatus.WAITING, ["notice"])


@pytest.mark.parametrize("told", [False, True])
async def test_a_ticket_that_was_given_up_owes_its_customer_a_notice(
    bench: Bench, *, told: bool
) -> None:
    """Unless its run had said so before it died."""
    ticket = await bench.answer(HANDED) if told else await bench.accept(HANDED)
    async with bench.wiring.database.transaction() as session:
        row = await lifecycle.hold(session, ticket.id)
        await open_forced(session, bench.runtime, row, Reason.RUN_FAILED, "It died.")
    assert [one.purpose for one in await letters(bench)] == ([] if told else ["handoff"])
    if not told:
        assert (await tried(bench)).status == OutboxStatus.SENT
    assert bench.sent == ["notice"]


async def standing(bench: Bench) -> outbox.Standing:
    """What the checks say of all letters."""
    async with bench.wiring.database.reading() as session:
        return await outbox.standing(session)

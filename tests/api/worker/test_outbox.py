"""Questions of people to the customer: each leaves once, or comes back to whoever asked."""

from datetime import timedelta

from sqlmodel import select
from typing_extensions import override

from api.worker import assembly
from evals.stack.journal_gaps import gaps
from memory.handoffs import outbox
from memory.tables import (
    Letter,
    OutboxStatus,
    Outcome,
    now,
)
from tests.bench import Bench, Opened
from tests.people import HANDED, ask, deliver
from tools.adapters.fakes import ListedPost
from tools.contract import Json
from tools.faults import Rejected


async def test_a_question_goes_out_once_in_the_persons_name(bench: Bench) -> None:
    """However often its job runs; the answer comes back to the person, whose reply ends it."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    assert await deliver(bench) == [OutboxStatus.SENT]
    assert bench.sent == ["notice", "clarification"]
    asked = (await bench.messages(ticket))[-1]
    assert (asked.role, asked.author, asked.kind) == ("person", "Ann", "clarification")
    assert not await bench.write(ticket, "The blue one.")
    back = await bench.handoff(ticket)
    assert (back.status, back.claimed_by) == ("claimed", "Ann")
    done = await bench.settled_by(ticket, "reply", text="Press it.", version=back.version)
    assert (done.outcome, done.turn) == (Outcome.ANSWERED_BY_PERSON, 1)
    assert bench.sent == ["notice", "clarification", "reply"]
    assert gaps(await bench.rows(ticket)) == []


class Refusing(ListedPost):
    """A post that refuses questions."""

    @override
    async def send(self, message: Json, key: str) -> Json:
        if message["kind"] == "clarification":
            raise Rejected("no such mailbox")
        return await super().send(message, key)


async def test_a_question_that_did_not_go_out_comes_back(open_bench: Opened) -> None:
    """Nobody waits for an answer to what the customer never got."""
    async with open_bench(post=Refusing()) as bench:
        ticket = await bench.answer(HANDED)
        await ask(bench, ticket)
        assert await deliver(bench) == [OutboxStatus.FAILED]
        back = await bench.handoff(ticket)
        assert (back.status, back.claimed_by, back.responded_at) == ("claimed", "Ann", None)


async def test_a_letter_is_withdrawn_where_the_ticket_went_on(bench: Bench) -> None:
    """A question after the answer would be odd: the newer run fences it off."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    await bench.settled_by(ticket, "reply", text="Press it.")
    assert await deliver(bench) == [OutboxStatus.WITHDRAWN]
    assert bench.sent == ["notice", "reply"]


async def test_a_letter_that_lost_its_job_gets_another(bench: Bench) -> None:
    """A bounded number of times; then it is said that nobody knows."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    for _ in range(outbox.ATTEMPTS):
        async with bench.wiring.database.transaction() as session:
            [letter] = (await session.exec(select(Letter))).all()
            letter.not_before = now() - timedelta(minutes=5)
            session.add(letter)
            connection = await session.connection()
            await connection.exec_driver_sql("DELETE FROM workflow_status")
        await assembly.deadlines(bench.wiring).tick()
    async with bench.wiring.database.reading() as session:
        [letter] = (await session.exec(select(Letter))).all()
    assert (letter.status, letter.attempts) == (OutboxStatus.UNKNOWN, outbox.ATTEMPTS - 1)
    assert (await bench.handoff(ticket)).status == "claimed"

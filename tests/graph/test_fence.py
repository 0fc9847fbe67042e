"""A zombie, a drive that was given up for dead, may change nothing once another has begun."""

import asyncio
import logging

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from evals.stack.journal_gaps import gaps
from graph.ledger import TicketLedger
from memory.effects import EffectLedger, Intent
from memory.journal.codes import DraftKind
from memory.journal.events import DraftRan
from memory.storage.checkpoints import strict_serializer
from memory.storage.errors import Fenced
from memory.tables import Memory, Outcome, Ticket, TicketStatus, now
from memory.tickets.messages import Said
from tests.bench import TENANT, Bench
from tests.broken import Broken


def ledger_of(bench: Bench, ticket: Ticket, epoch: int) -> TicketLedger:
    """The ledger of one drive."""
    return TicketLedger(bench.wiring.database, bench.wiring.recall, ticket.id, TENANT, epoch)


async def overtaken(bench: Bench) -> Ticket:
    """A ticket that has had two drives."""
    ticket = await bench.accept("How do I reset it?")
    mind = Broken(bench.runtime.minds.writer, seconds=30, times=1)
    bench.think(writer=mind)
    await bench.die(ticket, mind)
    return await bench.run(ticket)


async def test_a_second_drive_takes_over_where_the_first_stopped(bench: Bench) -> None:
    """Nothing runs twice but the step that was cut off, and that says so."""
    ticket = await overtaken(bench)
    assert (ticket.outcome, ticket.epoch, bench.sent) == (Outcome.DELIVERED, 2, ["reply"])
    assert len(bench.knowledge.queries) == 1
    drafts = [(row.epoch, row.cause) for row in await bench.rows(ticket) if row.name == "draft"]
    assert drafts == [(2, "resume")]
    assert gaps(await bench.rows(ticket)) == []


async def test_a_zombie_cannot_write_the_journal(bench: Bench) -> None:
    """Nor say that a reply was sent, nor remember."""
    ticket = await overtaken(bench)
    zombie = ledger_of(bench, ticket, 1)
    rows = len(await bench.rows(ticket))
    with pytest.raises(Fenced):
        await zombie.record([DraftRan(outcome=DraftKind.REPLY)])
    with pytest.raises(Fenced):
        await zombie.sent(Said("k", "reply", "x"))
    with pytest.raises(Fenced):
        await zombie.remember(_memory(ticket), None)
    assert len(await bench.rows(ticket)) == rows


async def test_a_zombie_cannot_begin_an_effect(bench: Bench) -> None:
    """The fence stands before the call, in the same transaction as the intention."""
    ticket = await overtaken(bench)
    intent = Intent("k", ticket.id, TENANT, 1, "refund", "f", epoch=1)
    with pytest.raises(Fenced):
        await EffectLedger(bench.wiring.database).begin(intent)
    assert [effect.key for effect in await bench.effects(ticket)] != ["k"]


async def test_a_zombie_cannot_settle(bench: Bench) -> None:
    """What it believes of the ticket is out of date."""
    ticket = await bench.accept("How do I reset it?")
    rested = await bench.driver.drive(ticket.id, 1)
    assert rested is not None
    async with bench.wiring.database.transaction() as session:
        row = await session.get_one(Ticket, ticket.id)
        row.epoch += 1
        session.add(row)
    await bench.driver.settle(ticket.id, rested)
    assert (await bench.ticket(ticket)).status == TicketStatus.RUNNING


async def test_a_zombie_ends_as_superseded(bench: Bench) -> None:
    """In the middle of its run it meets the fence and stops; its successor delivers once."""
    ticket = await bench.accept("How do I reset it?")
    go_on = asyncio.Event()
    mind = Broken(bench.runtime.minds.writer, go_on=go_on, times=1)
    bench.think(writer=mind)
    zombie = asyncio.create_task(bench.driver.drive(ticket.id, 1))
    await mind.called.wait()
    done = await bench.run(ticket)
    go_on.set()
    assert (await zombie, done.outcome, bench.sent) == (None, Outcome.DELIVERED, ["reply"])
    assert gaps(await bench.rows(ticket)) == []


async def test_a_ticket_at_rest_keeps_one_checkpoint(bench: Bench) -> None:
    """Waiting or ended: the newest is enough to go on from."""
    waiting = await bench.answer("How? #person")
    ended = await bench.answer("How do I reset it?")
    for ticket in (waiting, ended):
        async with bench.wiring.checkpoints.saver(ticket.id, ticket.epoch) as saver:
            place: RunnableConfig = {"configurable": {"thread_id": ticket.id}}
            assert len([one async for one in saver.alist(place)]) == 1
    assert (await bench.settled_by(waiting, "approve")).outcome == Outcome.ANSWERED_BY_PERSON


async def test_pruning_an_unknown_thread_is_no_error(bench: Bench) -> None:
    """Nothing to forget."""
    await bench.answer("How do I reset it?")
    await bench.wiring.checkpoints.prune("unknown")


async def test_every_part_of_the_state_is_plain_data(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Strict msgpack gives all of it back, and blocks nothing on the way."""
    with caplog.at_level(logging.WARNING):
        ticket = await bench.settled_by(await bench.answer("How? #person"), "approve")
        async with bench.wiring.checkpoints.saver(ticket.id, ticket.epoch + 1) as saver:
            found = await saver.aget({"configurable": {"thread_id": ticket.id}})
    assert found is not None
    values = found["channel_values"]
    for name in ("triaged", "planned", "gathered", "assessed", "handed_off", "decided", "acted"):
        assert values[name], name
    assert _plain(values["gathered"])
    assert not [record.message for record in caplog.records if "serializ" in record.message]


def test_the_serializer_refuses_what_is_not_plain() -> None:
    """A class named by a checkpoint is never imported."""
    kind, data = JsonPlusSerializer().dumps_typed(
        _memory(Ticket(id="t", tenant="acme", subject=""))
    )
    assert not isinstance(strict_serializer().loads_typed((kind, data)), Memory)


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and _plain(part) for name, part in value.items())
    if isinstance(value, list):
        return all(_plain(part) for part in value)
    return value is None or isinstance(value, (str, int, float, bool))


def _memory(ticket: Ticket) -> Memory:
    return Memory(
        id="m",
        tenant=TENANT,
        ticket_id=ticket.id,
        turn=1,
        question="q",
        answer="a",
        origin="agent",
        sources="",
        model_revision="",
        expires_at=now(),
    )

"""A reply that is only read here is sent by the commit that stores it, together with its effect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from graph.ledger import JournalledCalls, TicketLedger
from memory import sending
from memory.effects import EffectLedger, Intent
from memory.journal.codes import CallStatus, Cause
from memory.journal.events import ToolCalled
from memory.sending import SendingStopped
from memory.storage.errors import Fenced
from memory.storage.step import Step, leaving_to
from memory.tables import EffectStatus, Ticket
from memory.tickets.messages import Said
from memory.tool_names import DELIVER
from tests.bench import TENANT, Bench
from tools.contract import CallContext


@asynccontextmanager
async def called(bench: Bench, ticket: Ticket) -> AsyncIterator[TicketLedger]:
    """In a drive whose tool has said that the reply is sent: all that is left is to store it."""
    database = bench.wiring.database
    effects, key = EffectLedger(database), "effect"
    step = Step(database.units, ticket.id, ticket.epoch)
    with leaving_to(step):
        intent = Intent(key, ticket.id, TENANT, 1, DELIVER, "f", epoch=ticket.epoch, kept=True)
        assert (await effects.begin(intent)).proceed
        await effects.done(key, {"channel": "status_url"})
        told = ToolCalled(
            tool=DELIVER, cause=Cause.DELIVER, outcome=CallStatus.OK, attempts=1, duration_ms=900.0
        )
        caller: CallContext = {
            "tenant": TENANT,
            "ticket_id": ticket.id,
            "turn": 1,
            "epoch": ticket.epoch,
            "intent": None,
            "customer": None,
            "approved": [],
        }
        await JournalledCalls(database).record(caller, told)
        yield TicketLedger(database, bench.wiring.recall, ticket.id, TENANT, ticket.epoch)
        await step.flush()
    step.close()


async def left(bench: Bench, ticket: Ticket) -> tuple[list[str], list[str], list[str]]:
    """Effects, messages of the agent, and calls in the journal."""
    calls = [row.name for row in await bench.rows(ticket) if row.name == DELIVER]
    return [one.status for one in await bench.effects(ticket)], await bench.said(ticket), calls


REPLY = Said("said", "reply", "It is under Settings.")


async def test_effect_and_reply_stand_together(bench: Bench) -> None:
    """Before that commit nothing of it is on disk, so a death leaves no doubt."""
    ticket = await bench.accept("How do I reset it?")
    async with called(bench, ticket) as ledger:
        assert await left(bench, ticket) == ([], [], [])
        await ledger.sent(REPLY)
        assert await left(bench, ticket) == ([EffectStatus.DONE], ["reply by agent"], [DELIVER])
        await ledger.sent(REPLY)
    assert await left(bench, ticket) == ([EffectStatus.DONE], ["reply by agent"], [DELIVER])


async def test_sending_that_was_stopped_meanwhile_holds_it(bench: Bench) -> None:
    """The switch is read in the commit that would send."""
    ticket = await bench.accept("How do I reset it?")
    async with called(bench, ticket) as ledger:
        async with bench.wiring.database.transaction() as session:
            await sending.stop(session, TENANT, by="ann")
        with pytest.raises(SendingStopped):
            await ledger.sent(REPLY)
    assert await left(bench, ticket) == ([], [], [])


async def test_a_drive_that_was_replaced_meanwhile_sends_nothing(bench: Bench) -> None:
    """Nor does the journal say that it did, however long it took: whoever has the ticket reads what is so."""
    ticket = await bench.accept("How do I reset it?")
    async with called(bench, ticket) as ledger:
        async with bench.wiring.database.transaction() as session:
            await session.execute(text("UPDATE tickets SET epoch = epoch + 1"))
        with pytest.raises(Fenced):
            await ledger.sent(REPLY)
    assert await left(bench, ticket) == ([], [], [])


async def test_what_is_known_already_takes_the_usual_way(bench: Bench) -> None:
    """As when the reply was stored and the drive died before its next step."""
    ticket = await bench.accept("How do I reset it?")
    async with called(bench, ticket) as ledger:
        await ledger.sent(REPLY)
    with leaving_to(Step(bench.wiring.database.units, ticket.id, ticket.epoch)):
        again = Intent("effect", ticket.id, TENANT, 1, DELIVER, "f", epoch=0, kept=True)
        begun = await EffectLedger(bench.wiring.database).begin(again)
    assert (begun.status, begun.result) == (EffectStatus.DONE, {"channel": "status_url"})

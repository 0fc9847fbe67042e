"""The clock of the queue: targets, leases, sleepers and what is forgotten."""

from datetime import UTC, timedelta

import pytest

from api.worker import assembly, deadlines
from graph.desk.people import HandoffPolicy, Team
from graph.targets import due_at
from memory.handoffs import log as handoff_log
from memory.tables import (
    Handoff,
    HandoffStatus,
    TicketStatus,
    now,
)
from tests.bench import Bench, Opened
from tests.people import HANDED, ask, change, deliver


async def test_what_nobody_answers_in_time_is_escalated_once(open_bench: Opened) -> None:
    """The priority rises, the lead is named, and the customer is told honestly, once."""
    policy = HandoffPolicy(
        late_message="We are late.", teams=(Team(name="floor", skills=("all",), lead="Lea"),)
    )
    async with open_bench(desk={"handoff": policy}) as bench:
        ticket = await bench.answer(HANDED)
        await change(bench, ticket, due_at=now() - timedelta(minutes=1), team="floor")
        for _ in range(3):
            await assembly.deadlines(bench.wiring).tick()
            await deliver(bench)
        late = await bench.handoff(ticket)
        assert (late.priority, late.escalated_to) == (1, "Lea")
        assert late.escalated_at is not None
        assert bench.sent == ["notice", "notice"]
        assert (await bench.messages(ticket))[-1].text == "We are late."
        assert (await bench.ticket(ticket)).status == TicketStatus.WAITING
        await bench.settled_by(ticket, "reply", text="Sorry. Press it.")
        assert bench.sent == ["notice", "notice", "reply"]


async def test_who_has_heard_from_a_person_is_not_told_again(bench: Bench) -> None:
    """A late resolution is the desk's own affair."""
    ticket = await bench.answer(HANDED)
    past = now() - timedelta(minutes=1)
    await change(bench, ticket, responded_at=past, resolve_by=past)
    await assembly.deadlines(bench.wiring).tick()
    assert (await bench.handoff(ticket)).escalated_at is not None
    assert await deliver(bench) == []


async def test_leases_end_and_sleepers_wake(bench: Bench) -> None:
    """A browser that died leaves an open handoff; what was put aside comes back to its person."""
    ticket = await bench.answer(HANDED)
    past = now() - timedelta(seconds=1)
    await change(bench, ticket, status="claimed", claimed_by="Ann", lease_expires_at=past)
    assert await assembly.deadlines(bench.wiring).tick() == 1
    opened = await bench.handoff(ticket)
    assert (opened.status, opened.claimed_by) == ("open", None)
    await change(bench, ticket, status="snoozed", claimed_by="Bob", snoozed_until=past)
    await assembly.deadlines(bench.wiring).tick()
    woken = await bench.handoff(ticket)
    assert (woken.status, woken.claimed_by) == ("claimed", "Bob")


async def test_an_answered_question_gets_a_new_target(bench: Bench) -> None:
    """Counted from the customer's answer, by the desk's hours."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    await bench.write(ticket, "The blue one.")
    assert (await bench.handoff(ticket)).due_at is None
    await assembly.deadlines(bench.wiring).tick()
    back = await bench.handoff(ticket)
    assert back.due_at == due_at(bench.runtime.desk.hours, back.updated_at).astimezone(UTC)


async def test_tickets_without_a_desk_keep_no_others_from_their_targets(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a tenant whose desk is not loaded never get one, however many come first."""
    monkeypatch.setattr(deadlines, "BATCH", 2)
    ticket = await bench.answer(HANDED)
    await change(bench, ticket, due_at=None, resolve_by=None)
    async with bench.wiring.database.transaction() as session:
        for number in range(3):
            session.add(
                Handoff(
                    id=f"hnd_0{number}",
                    ticket_id=ticket.id,
                    tenant="gone",
                    turn=1,
                    status=HandoffStatus.OPEN,
                    reason="low_confidence",
                    explanation="",
                    created_at=now() - timedelta(days=1),
                )
            )
    await assembly.deadlines(bench.wiring).tick()
    handoff = await bench.handoff(ticket)
    assert handoff.due_at is not None
    assert handoff.resolve_by is not None


async def test_old_events_are_forgotten_hourly_and_in_batches(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass removes a bounded number; only where none are left does an hour go by."""
    monkeypatch.setattr(deadlines, "FORGOTTEN_AT_ONCE", 2)
    ticket, young = await bench.answer(HANDED), await bench.answer(HANDED)
    handoff, kept = await bench.handoff(ticket), await bench.handoff(young)

    async def left(name: str) -> int:
        async with bench.wiring.database.reading() as session:
            return len(await handoff_log.of_handoff(session, name))

    async def grow(number: int) -> None:
        async with bench.wiring.database.transaction() as session:
            row = await session.get_one(Handoff, handoff.id)
            row.status, row.closed_at = HandoffStatus.CLOSED, now() - timedelta(days=181)
            for _ in range(number):
                await handoff_log.record(session, row, "Ann", "noted")

    await grow(2)
    clock, before = assembly.deadlines(bench.wiring), await left(kept.id)
    await clock.tick()
    assert await left(handoff.id) == 1
    await clock.tick()
    assert (await left(handoff.id), await left(kept.id)) == (0, before)
    await grow(1)
    await clock.tick()
    assert await left(handoff.id) == 1
    monkeypatch.setattr(deadlines, "FORGET_EVERY", timedelta(0))
    await clock.tick()
    assert await left(handoff.id) == 0

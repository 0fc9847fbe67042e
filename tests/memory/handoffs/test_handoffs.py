"""Handoffs: opened once, claimed under a lease, decided once, whoever acts at the same time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from memory import handoffs
from memory.handoffs import (
    AlreadyDecided,
    ClaimedByOther,
    Decision,
    Filter,
    HandoffUnknown,
    NotYetOpen,
    Stale,
)
from memory.tables import DecisionKind, Handoff, HandoffStatus, now
from tests import desks
from tests.memory.ledgers import TENANT, Ledger

REPLY = Decision(DecisionKind.REPLY, text="A person's answer.")


async def waiting(ledger: Ledger, name: str = "hnd_1", **parts: Any) -> Handoff:
    """A handoff that waits for a person."""
    ticket = await ledger.accept()
    fields = {"priority": 2, "reason": "low_confidence", "explanation": "", **parts}
    made = Handoff(id=name, ticket_id=ticket.id, tenant=TENANT, turn=1, **fields)
    async with ledger.database.transaction() as session:
        await handoffs.open_once(session, made)
        await desks.at_rest(session, ticket, made)
    return made


async def decide(ledger: Ledger, who: str = "Ann", **parts: Any) -> Handoff:
    """Decide hnd_1."""
    fields = {"tenant": TENANT, "handoff_id": "hnd_1", "decision": REPLY, **parts}
    async with ledger.database.transaction() as session:
        return await handoffs.decide(session, ledger.queue, who=who, **fields)


async def claim(ledger: Ledger, who: str, **parts: Any) -> Handoff:
    """Claim hnd_1."""
    async with ledger.database.transaction() as session:
        return await handoffs.claim(session, TENANT, "hnd_1", who, **parts)


async def test_opening_twice_opens_once(ledger: Ledger) -> None:
    """The first story stays."""
    made = await waiting(ledger, story={"summary": "first"})
    again = Handoff(**{**made.model_dump(), "story": {"summary": "second"}})
    async with ledger.database.transaction() as session:
        stored = await handoffs.open_once(session, again)
    assert (stored.story, stored.status) == ({"summary": "first"}, HandoffStatus.OPEN)


async def test_of_twenty_decisions_one_wins(ledger: Ledger) -> None:
    """One run is enqueued, and the others learn who was faster."""
    await waiting(ledger)
    names = [f"person {n}" for n in range(20)]
    found = await asyncio.gather(*(decide(ledger, name) for name in names), return_exceptions=True)
    [winner] = [one for one in found if isinstance(one, Handoff)]
    lost = [one for one in found if isinstance(one, AlreadyDecided)]
    assert {one.by for one in lost} == {winner.decided_by}
    assert (len(lost), len(await ledger.jobs())) == (19, 2)


async def test_a_claim_keeps_others_out_until_it_lapses(ledger: Ledger) -> None:
    """Its holder may decide; the next one may take a lapsed one."""
    await waiting(ledger)
    await claim(ledger, "Ann")
    with pytest.raises(ClaimedByOther, match="Ann"):
        await claim(ledger, "Bob")
    with pytest.raises(ClaimedByOther):
        await decide(ledger, "Bob")
    await claim(ledger, "Ann", lease=timedelta(seconds=-1))
    assert (await claim(ledger, "Bob")).claimed_by == "Bob"
    assert (await decide(ledger, "Bob")).decided_by == "Bob"


async def test_what_is_still_being_written_cannot_be_decided(ledger: Ledger) -> None:
    """The run has not come to rest."""
    ticket = await ledger.accept()
    new = Handoff(
        id="hnd_1", ticket_id=ticket.id, tenant=TENANT, turn=1, reason="injection", explanation=""
    )
    async with ledger.database.transaction() as session:
        await handoffs.open_once(session, new)
    with pytest.raises(NotYetOpen):
        await decide(ledger)


async def test_a_version_that_was_not_seen_is_refused(ledger: Ledger) -> None:
    """Somebody changed it meanwhile."""
    made = await waiting(ledger)
    await claim(ledger, "Ann")
    with pytest.raises(Stale):
        await decide(ledger, version=made.version)


async def test_a_handoff_of_another_tenant_is_unknown(ledger: Ledger) -> None:
    """As if it were not there."""
    await waiting(ledger)
    with pytest.raises(HandoffUnknown):
        await decide(ledger, tenant="other")


async def test_the_most_urgent_comes_first_then_the_one_that_is_due_first(ledger: Ledger) -> None:
    """Then the oldest."""
    soon, late = now() + timedelta(hours=1), now() + timedelta(hours=2)
    await waiting(ledger, "hnd_late", due_at=late)
    await waiting(ledger, "hnd_soon", due_at=soon)
    await waiting(ledger, "hnd_urgent", priority=0, due_at=late)
    async with ledger.database.reading() as session:
        listed = await handoffs.listed(session, TENANT, Filter())
        found = [one.handoff.id for one in listed]
    assert found == ["hnd_urgent", "hnd_soon", "hnd_late"]


async def test_the_newest_of_a_turn_is_the_one_that_counts(ledger: Ledger) -> None:
    """An earlier decision is not taken for it."""
    made = await waiting(ledger)
    later = {"id": "hnd_2", "created_at": now() + timedelta(seconds=1), "status": "opening"}
    async with ledger.database.transaction() as session:
        await handoffs.open_once(session, Handoff(**{**made.model_dump(), **later}))
        newest = await handoffs.newest(session, made.ticket_id, 1)
        assert newest is not None
        assert newest.id == "hnd_2"
        assert await handoffs.newest(session, made.ticket_id, 2) is None


async def test_a_name_gives_no_right(ledger: Ledger) -> None:
    """Whoever is called as the clock is does not wake what a colleague put aside."""
    await waiting(ledger)
    async with ledger.database.transaction() as session:
        until = now() + timedelta(hours=1)
        await handoffs.snooze(session, TENANT, "hnd_1", "Bob", until=until)
    async with ledger.database.transaction() as session:
        with pytest.raises(ClaimedByOther, match="Bob"):
            await handoffs.wake(session, TENANT, "hnd_1", "clock")
        woken = await handoffs.wake(session, TENANT, "hnd_1", "clock", lead=True)
    assert woken.status == HandoffStatus.CLAIMED

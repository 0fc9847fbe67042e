"""What the queue's search finds of a handoff."""

import pytest

from memory.handoffs import fulltext
from memory.handoffs.fulltext import MOST_NUMBERS, numbers_in
from memory.handoffs.listing import Filter, listed
from memory.handoffs.opening import open_once
from memory.sealing.keyring import SealBroken
from memory.tables import Handoff, HandoffStatus, now
from tests.memory.ledgers import TENANT, Ledger


def _handoff(ticket_id: str) -> Handoff:
    return Handoff(
        id="h1",
        ticket_id=ticket_id,
        tenant=TENANT,
        turn=1,
        status=HandoffStatus.OPEN,
        reason="needs_approval",
        explanation="It needs an action.",
        story={},
        due_at=now(),
    )


@pytest.mark.parametrize(
    ("query", "finds"), [("bk4410", 1), ("INV-2026-0412", 1), ("inv-2026", 1), ("kayak", 0)]
)
async def test_a_handoff_is_found_by_a_number_that_the_customer_named(
    ledger: Ledger, query: str, finds: int
) -> None:
    """A colleague rings about an order, and its number is all they have."""
    ticket = await ledger.accept("Refund the kayak of BK4410 please, it is on INV-2026-0412.")
    async with ledger.database.transaction() as session:
        await open_once(session, _handoff(ticket.id))
        assert len(await listed(session, TENANT, Filter(query=query))) == finds


async def test_a_message_that_cannot_be_opened_keeps_no_ticket_from_people(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose key is lost: the handoff is opened, and found by all else that is known of it."""

    def broken(_texts: object) -> str:
        raise SealBroken

    ticket = await ledger.accept("Refund BK4410")
    monkeypatch.setattr(fulltext, "numbers_in", broken)
    async with ledger.database.transaction() as session:
        await open_once(session, _handoff(ticket.id))
        assert len(await listed(session, TENANT, Filter(query="action"))) == 1


def test_numbers_are_kept_and_no_word() -> None:
    """Each once, the newest message first, and not without end."""
    assert (
        numbers_in(["It is AB-1001, 2 of 30", "AB-1001 or 100-2 by 18:30 (x99)"]) == "AB-1001 100-2"
    )
    assert (
        len(numbers_in([" ".join(str(one) for one in range(1000, 1100))]).split()) == MOST_NUMBERS
    )

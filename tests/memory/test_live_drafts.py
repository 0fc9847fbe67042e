"""What a model writes is kept while somebody looks on, for their tenant, and for its own drive."""

import asyncio

import pytest

from memory import live_drafts
from memory.live_drafts import MOST_SHOWN_CHARS, Shown
from memory.tickets import driving
from tests.memory.ledgers import Ledger

WORD = "Half a sentence about the parc"


async def shown(ledger: Ledger, ticket: str, tenant: str = "acme") -> Shown | None:
    """What a reader of that tenant is shown."""
    return await ledger.database.units.read(lambda do: live_drafts.shown_in(do, tenant, ticket))


async def show(ledger: Ledger, one: Shown) -> None:
    """Put down what a worker shows."""
    await ledger.database.units.write(lambda do: live_drafts.show_in(do, one))


async def watch(ledger: Ledger, ticket: str) -> frozenset[str]:
    """Somebody looks on; the tickets that are looked on at."""
    await ledger.database.units.write(lambda do: live_drafts.watch_in(do, "acme", ticket))
    return await ledger.database.units.read(live_drafts.watched_in)


async def begin(ledger: Ledger, ticket: str) -> None:
    """A worker takes it up, for the first time or again."""
    await ledger.database.units.write(lambda do: driving.begin_in(do, ticket, run=1))


@pytest.fixture
async def ticket(ledger: Ledger) -> str:
    """A ticket in its first drive."""
    found = await ledger.accept()
    await begin(ledger, found.id)
    return found.id


async def test_nothing_is_kept_where_nobody_looks_on(ledger: Ledger, ticket: str) -> None:
    """A worker's word falls into a void until a reader has a row for it."""
    await show(ledger, Shown(ticket, "acme", 1, WORD, 2.0))
    found = await shown(ledger, ticket)
    assert found is not None
    assert (found.text, found.seconds) == ("", None)


async def test_who_looks_on_sees_the_last_state_and_since_when(ledger: Ledger, ticket: str) -> None:
    """A bounded one, and none once the model is done."""
    assert await watch(ledger, ticket) == {ticket}
    await show(ledger, Shown(ticket, "acme", 1, WORD, 4.0))
    await show(ledger, Shown(ticket, "acme", 1, WORD + "x" * MOST_SHOWN_CHARS, 4.0))
    found = await shown(ledger, ticket)
    assert found is not None
    assert found.text.startswith(WORD)
    assert len(found.text) == MOST_SHOWN_CHARS
    assert found.seconds == pytest.approx(4.0, abs=2.0)
    await show(ledger, Shown(ticket, "acme", 1))
    assert await shown(ledger, ticket) == Shown(ticket, "acme", 1)


async def test_no_other_tenant_sees_or_changes_it(ledger: Ledger, ticket: str) -> None:
    """Neither by the ticket's id nor by a word of its own."""
    await watch(ledger, ticket)
    await show(ledger, Shown(ticket, "other", 1, WORD, 1.0))
    assert await shown(ledger, ticket) == Shown(ticket, "acme", 1)
    await show(ledger, Shown(ticket, "acme", 1, WORD, 1.0))
    assert await shown(ledger, ticket, "other") is None


async def test_what_a_dead_worker_left_ends_with_the_next_drive(
    ledger: Ledger, ticket: str
) -> None:
    """And a worker that only seemed dead cannot write over what the next one shows."""
    await watch(ledger, ticket)
    await show(ledger, Shown(ticket, "acme", 1, WORD, 1.0))
    await begin(ledger, ticket)
    assert await shown(ledger, ticket) == Shown(ticket, "acme", 2)
    await show(ledger, Shown(ticket, "acme", 2, "Another", 1.0))
    await show(ledger, Shown(ticket, "acme", 1, WORD, 9.0))
    found = await shown(ledger, ticket)
    assert found is not None
    assert found.text == "Another"


async def test_what_nobody_looks_on_at_any_more_is_deleted(
    ledger: Ledger, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the text: it has no other end where a process died."""
    await watch(ledger, ticket)
    assert await ledger.database.units.write(live_drafts.forget_in) == 0
    monkeypatch.setattr(live_drafts, "WATCH_SECONDS", 0)
    await asyncio.sleep(0.02)
    assert await ledger.database.units.read(live_drafts.watched_in) == frozenset()
    assert await ledger.database.units.write(live_drafts.forget_in) == 1

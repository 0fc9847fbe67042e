"""What a clock that ran ahead has put off, or claimed, does not wait until its moment comes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from api.http.handoffs.schemas import MAX_CLAIM_MINUTES
from api.worker import far_ahead
from api.worker.far_ahead import FarAhead
from memory import webhooks
from memory.tables import (
    ChannelOutgoing,
    Handoff,
    HandoffStatus,
    Letter,
    WebhookDelivery,
    WebhookEndpoint,
    now,
)
from tests.memory.conftest import ledger
from tests.memory.ledgers import TENANT, Ledger

__all__ = ("ledger",)

HOUR = timedelta(hours=1)


def _rows(ticket: str, ahead: timedelta, name: str) -> list[SQLModel]:
    """One of each kind, which waits for so long from now on."""
    until = now() + ahead
    about: dict[str, Any] = {"tenant": TENANT, "ticket_id": ticket}
    hook: dict[str, Any] = {"endpoint_id": "whk_1", "type": "x", "body": {}}
    return [
        Handoff(
            id=f"h{name}", reason="x", turn=1, explanation="", story={},
            status=HandoffStatus.CLAIMED, claimed_by="ann", lease_expires_at=until, **about,
        ),
        Letter(
            id=f"l{name}", handoff_id=f"h{name}", epoch=1, turn=1, kind="notice", purpose="ask",
            text="", not_before=until, **about,
        ),
        ChannelOutgoing(
            channel="mail", turn=1, kind="reply", key=name, foreign_id=name, body={},
            not_before=until, **about,
        ),
        WebhookDelivery(event_id=name, attempts=1, not_before=until, **hook, **about),
    ]  # fmt: skip


async def _store(ledger: Ledger, *rows: SQLModel) -> None:
    async with ledger.database.transaction() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def _hook() -> WebhookEndpoint:
    return WebhookEndpoint(id="whk_1", tenant=TENANT, url="https://a.example", created_by="ann")


async def test_what_waits_longer_than_anything_is_put_off_is_due(ledger: Ledger) -> None:
    """And what waits for its own pause goes on waiting."""
    ticket = await ledger.accept("How?")
    far, near = _rows(ticket.id, 9 * HOUR, "far"), _rows(ticket.id, HOUR / 2, "near")
    await _store(ledger, _hook(), *far, *near)
    assert await FarAhead(ledger.database, ledger.queue).look() == len(far)
    async with ledger.database.reading() as session:
        for table, column in (
            (Handoff, col(Handoff.lease_expires_at)),
            (Letter, col(Letter.not_before)),
            (ChannelOutgoing, col(ChannelOutgoing.not_before)),
            (WebhookDelivery, col(WebhookDelivery.not_before)),
        ):
            moments = [one for one in await session.exec(select(column)) if one is not None]
            assert sorted(one <= now() for one in moments) == [False, True], table
    assert await FarAhead(ledger.database, ledger.queue).look() == 0


@pytest.mark.parametrize("behind", [timedelta(0), 9 * HOUR])
async def test_a_claim_for_as_long_as_one_may_have_is_left_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, behind: timedelta
) -> None:
    """Also by a worker whose own clock is hours behind: to it all that waits would be far ahead."""
    ticket, lease = await ledger.accept("How?"), timedelta(minutes=MAX_CLAIM_MINUTES)
    claim, *_ = _rows(ticket.id, lease, "own")
    await _store(ledger, claim)
    monkeypatch.setattr(ledger, "queue", ledger.queue.after(8.0))
    await ledger.accept("And a run that waits")
    late = now() - behind
    monkeypatch.setattr(far_ahead, "now", lambda: late, raising=False)
    monkeypatch.setattr("memory.storage.queue.now", lambda: late)
    assert await FarAhead(ledger.database, ledger.queue).look() == 0


async def test_a_look_that_finds_nothing_waits_for_no_writer(ledger: Ledger) -> None:
    """Each worker looks every half minute, while somebody may write something long."""
    await ledger.accept("How?")
    ahead = FarAhead(ledger.database, ledger.queue)
    async with ledger.database.transaction() as session:
        session.add(_hook())
        await session.flush()
        async with asyncio.timeout(3):
            assert await ahead.look() == 0


async def test_one_look_lets_a_bounded_number_go(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many a clock has put off; the next look takes the rest."""
    monkeypatch.setattr(far_ahead, "MOST_AT_ONCE", 2)
    ticket = await ledger.accept("How?")
    for number in range(3):
        await _store(ledger, _rows(ticket.id, 9 * HOUR, f"far{number}")[0])
    ahead = FarAhead(ledger.database, ledger.queue)
    assert [await ahead.look() for _ in range(3)] == [2, 1, 0]


async def test_a_run_that_a_clock_ahead_has_delayed_begins(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was to wait seconds for the customer's further words, and would wait for hours."""
    later = ledger.queue.after(8.0)
    monkeypatch.setattr(ledger, "queue", later)
    await ledger.accept("In its time")
    with monkeypatch.context() as patch:
        ahead = now() + HOUR
        patch.setattr("memory.storage.queue.now", lambda: ahead)
        await ledger.accept("How?")
    assert await FarAhead(ledger.database, later).look() == 1
    assert await FarAhead(ledger.database, later).look() == 0


async def test_an_event_that_was_never_tried_waits_for_no_clock(ledger: Ledger) -> None:
    """An API whose clock is ahead has written it: the worker's clock would reach that hours later."""
    ticket = await ledger.accept("How?")
    (*_, event) = _rows(ticket.id, 3 * HOUR, "event")
    assert isinstance(event, WebhookDelivery)
    event.attempts = 0
    await _store(ledger, _hook(), event)
    async with ledger.database.transaction() as session:
        (found,) = await webhooks.due(session, "whk_1", 5)
        assert await webhooks.take(session, found, HOUR)
    async with ledger.database.transaction() as session:
        assert await webhooks.due(session, "whk_1", 5) == []

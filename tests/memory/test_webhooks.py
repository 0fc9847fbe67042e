"""Events are stored with what happened, leave in order for each ticket, and die where people see it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update
from sqlmodel import col

from api.worker.webhooks import ATTEMPTS, WebhookWorker, pause_after
from memory import webhooks
from memory.faults import MemoryFault
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import HookStatus, WebhookDelivery, WebhookEndpoint, now
from memory.webhooks import WebhookRefused, WebhookUnknown
from tests.memory.ledgers import Ledger
from tools.adapters.webhooks import Hook, HookFailed, HookGone

TENANT, KEY = "acme", b"secret"


@dataclass
class Receiver:
    """The other side: it refuses what is named, and keeps what arrived."""

    refused: set[str] = field(default_factory=set)
    """Tickets whose events do not arrive."""
    got: list[Hook] = field(default_factory=list)
    gone: bool = False

    async def send(self, hook: Hook, at: int) -> None:
        """Take it, unless it is refused."""
        if self.gone:
            raise HookGone("it answered 410")
        if hook.body["data"]["ticket_id"] in self.refused:
            raise HookFailed("it answered 500")
        self.got.append(hook)

    def told(self, ticket: str) -> list[str]:
        """The types that arrived of one ticket, in their order."""
        return [one.body["type"] for one in self.got if one.body["data"]["ticket_id"] == ticket]


async def added(ledger: Ledger, tenant: str = TENANT) -> WebhookEndpoint:
    """An address of a tenant."""
    async with ledger.database.transaction() as session:
        return await webhooks.add(session, tenant, "https://x.example/in", by="Ann")


async def happens(ledger: Ledger, ticket: str, *kinds: str) -> None:
    """Store events."""
    for kind in kinds:
        await ledger.database.units.write(partial(_noted, ticket, kind))


def _noted(ticket: str, kind: str, do: Statements) -> None:
    webhooks.note_in(do, TENANT, ticket, kind, {})


def worker(ledger: Ledger, receiver: Receiver) -> WebhookWorker:
    """A worker that sends to the receiver."""
    return WebhookWorker(ledger.database, receiver.send, lambda: KEY)


async def hurry(ledger: Ledger) -> None:
    """Let every pause be over."""
    async with ledger.database.transaction() as session:
        statement = update(WebhookDelivery).where(col(WebhookDelivery.status) == HookStatus.WANTED)
        await session.execute(statement.values(not_before=now() - timedelta(seconds=1)))


async def standing(ledger: Ledger, status: HookStatus) -> Sequence[WebhookDelivery]:
    """The deliveries that stand so."""
    async with ledger.database.reading() as session:
        return await webhooks.listed(session, TENANT, status=status)


async def rounds(ledger: Ledger, receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    """Send until nothing is due."""
    sending = worker(ledger, receiver)
    while await sending.round(endpoint):
        pass


async def test_who_is_gone_is_not_asked_again(ledger: Ledger) -> None:
    """One attempt, and people see what did not arrive."""
    endpoint = await added(ledger)
    await ledger.accept()
    await rounds(ledger, Receiver(gone=True), endpoint)
    await hurry(ledger)
    assert not await standing(ledger, HookStatus.WANTED)
    assert {row.error for row in await standing(ledger, HookStatus.DEAD)} == {"it answered 410"}


async def test_where_nobody_wants_to_be_told_the_ledger_is_left_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once for some rounds, and an address that came meanwhile is found after that."""
    monkeypatch.setattr("api.worker.webhooks.NONE_SECONDS", 0.2)
    asked: list[Statements] = []
    any_in, receiver = webhooks.any_in, Receiver()

    def counted(do: Statements) -> bool:
        asked.append(do)
        return any_in(do)

    monkeypatch.setattr(webhooks, "any_in", counted)
    sending = worker(ledger, receiver)
    for _ in range(3):
        await sending.tick()
    assert len(asked) == 1
    await added(ledger)
    await ledger.accept()
    while not receiver.got:  # bounded by the test's timeout
        await sending.tick()
        await asyncio.sleep(0.02)
    await sending.close()


async def test_a_ticket_tells_its_life_in_order(ledger: Ledger) -> None:
    """From the acceptance on, with ids and codes and not a word of the customer's."""
    endpoint, receiver = await added(ledger), Receiver()
    ticket = await ledger.accept("My password is hunter2")
    await rounds(ledger, receiver, endpoint)
    assert receiver.told(ticket.id) == ["ticket.accepted"]
    assert "hunter2" not in str(receiver.got[0].body)
    assert receiver.got[0].secret == webhooks.secret_of(KEY, endpoint.id)


async def test_one_that_does_not_arrive_holds_up_its_ticket_alone(ledger: Ledger) -> None:
    """Order is kept for each ticket; the id is the same in every attempt."""
    endpoint, receiver = await added(ledger), Receiver({"t1"})
    await happens(ledger, "t1", "a", "b")
    await happens(ledger, "t2", "a", "b")
    await rounds(ledger, receiver, endpoint)
    assert (receiver.told("t1"), receiver.told("t2")) == ([], ["a", "b"])
    receiver.refused.clear()
    assert await worker(ledger, receiver).round(endpoint) == 0  # its pause is not over
    await hurry(ledger)
    await rounds(ledger, receiver, endpoint)
    assert receiver.told("t1") == ["a", "b"]


async def test_what_never_arrives_is_kept_and_can_be_sent_again(ledger: Ledger) -> None:
    """People see it with its reason; what comes after it goes on."""
    endpoint, receiver = await added(ledger), Receiver({"t1"})
    await happens(ledger, "t1", "a")
    for _ in range(ATTEMPTS):
        await hurry(ledger)
        await rounds(ledger, receiver, endpoint)
    (dead,) = await standing(ledger, HookStatus.DEAD)
    assert (dead.attempts, dead.error) == (ATTEMPTS, "it answered 500")
    receiver.refused.clear()
    await happens(ledger, "t1", "b")
    await rounds(ledger, receiver, endpoint)
    assert dead.id is not None
    async with ledger.database.transaction() as session:
        with pytest.raises(WebhookUnknown):
            await webhooks.replay(session, "other", dead.id)
        await webhooks.replay(session, TENANT, dead.id)
    await rounds(ledger, receiver, endpoint)
    assert receiver.told("t1") == ["b", "a"]
    assert receiver.got[1].id == dead.event_id
    assert await standing(ledger, HookStatus.DEAD) == []


async def test_two_workers_take_an_event_up_once(ledger: Ledger) -> None:
    """And what a dead one left is taken up again once its lease is over."""
    endpoint = await added(ledger)
    await happens(ledger, "t1", "a")
    async with ledger.database.reading() as session:
        (row,) = await webhooks.due(session, endpoint.id, 8)
    lease = timedelta(seconds=30)
    for taken in (True, False):
        async with ledger.database.transaction() as session:
            assert await webhooks.take(session, row, lease) is taken
    receiver = Receiver()
    await rounds(ledger, receiver, endpoint)
    assert receiver.got == []
    await hurry(ledger)
    await rounds(ledger, receiver, endpoint)
    assert receiver.told("t1") == ["a"]


async def test_nothing_is_stored_of_what_was_rolled_back(ledger: Ledger) -> None:
    """An event is told only where it happened."""
    endpoint, receiver = await added(ledger), Receiver()

    async def fail() -> None:
        async with ledger.database.transaction() as session:
            await within(session, partial(_noted, "t1", "a"))
            raise MemoryFault

    with pytest.raises(MemoryFault):
        await fail()
    await rounds(ledger, receiver, endpoint)
    assert receiver.got == []


async def test_an_ended_address_is_told_nothing_more(ledger: Ledger) -> None:
    """Not even what waits; and another tenant can neither end it nor is told its events."""
    endpoint, other = await added(ledger), await added(ledger, "other")
    await happens(ledger, "t1", "a")
    async with ledger.database.transaction() as session:
        with pytest.raises(WebhookUnknown):
            await webhooks.end(session, "other", endpoint.id)
        await webhooks.end(session, TENANT, endpoint.id)
    await happens(ledger, "t1", "b")
    receiver = Receiver()
    for one in (endpoint, other):
        await rounds(ledger, receiver, one)
    assert receiver.got == []
    (dead,) = await standing(ledger, HookStatus.DEAD)
    assert dead.error == "the webhook was ended"


async def test_an_address_is_added_once(ledger: Ledger) -> None:
    """Twice would tell everything twice."""
    await added(ledger)
    with pytest.raises(WebhookRefused, match="already sent"):
        await added(ledger)


def test_pauses_double_up_to_a_limit() -> None:
    """Nearly a day in all."""
    pauses = [pause_after(number) for number in range(1, ATTEMPTS)]
    assert pauses[:3] == [5.0, 10.0, 20.0]
    assert max(pauses) <= 6 * 3600
    assert 10 * 3600 < sum(pauses) < 24 * 3600

"""What a person sends after their erasure was asked for is answered, and not erased with the rest."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from memory.channels import arrivals
from memory.erasure import requests
from memory.erasure.erasing import Eraser
from memory.tables import API_CHANNEL, ChannelMessage, Erasure, ErasureStatus, Ticket
from memory.tickets import intake
from memory.tickets.intake import NewTicket
from memory.tickets.tickets import TicketUnknown
from memory.verification import answers
from tests.channels import CHANNEL, intake_of, said, wrote
from tests.memory.erasure.person import ADDRESS, KEY, PERSON, eraser_of, of_person
from tests.memory.ledgers import TENANT, Ledger


async def _asked(ledger: Ledger) -> Erasure:
    async with ledger.database.transaction() as session:
        return await requests.ask(session, KEY, tenant=TENANT, address=ADDRESS, by="ann")


async def _there(ledger: Ledger) -> set[str]:
    async with ledger.database.reading() as session:
        return set(await session.exec(select(Ticket.id)))


async def _by_api(ledger: Ledger, text: str) -> str:
    new = NewTicket("A subject", text, customer_email=ADDRESS, channel=API_CHANNEL)
    async with ledger.database.transaction() as session:
        accepted = await intake.accept(
            session, ledger.queue, tenant=TENANT, new=new, key=None, digest=""
        )
        return accepted.ticket.id


async def test_a_ticket_that_comes_after_the_request_stays(opened: Ledger, tmp_path: Path) -> None:
    """It was accepted, so it ends in an answer: the request was for what there was before it."""
    eraser = eraser_of(opened, tmp_path)
    before = await _by_api(opened, "How do I leave?")
    erasure = await _asked(opened)
    after = await _by_api(opened, "Have you done it?")
    receipt = await eraser.run(erasure.id)
    assert receipt["tickets"] == [before]
    assert await _there(opened) == {after}


async def test_who_asks_again_has_erased_what_came_meanwhile(
    opened: Ledger, tmp_path: Path
) -> None:
    """The request that waits takes it up, and every ticket of the person is gone by its receipt."""
    eraser = eraser_of(opened, tmp_path)
    before = await _by_api(opened, "How do I leave?")
    erasure = await _asked(opened)
    after = await _by_api(opened, "Have you done it?")
    assert (await _asked(opened)).id == erasure.id
    receipt = await eraser.run(erasure.id)
    assert receipt["tickets"] == sorted([before, after])
    assert await _there(opened) == set()


async def test_who_asks_again_while_the_worker_ends_is_not_passed_over(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt waits for a round that removes what came between the last look and the end."""
    eraser, whole = eraser_of(ledger, tmp_path), Eraser._emptied_elsewhere
    await _by_api(ledger, "How do I leave?")
    erasure = await _asked(ledger)

    async def and_asked_again(*given: Any) -> bool:
        if len(await _there(ledger)) == 0:
            await _by_api(ledger, "Have you done it?")
            await _asked(ledger)
        return await whole(*given)

    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "_emptied_elsewhere", and_asked_again)
        assert await eraser.run(erasure.id) == {}
    assert len((await eraser.run(erasure.id))["tickets"]) == 2
    assert await _there(ledger) == set()


async def test_a_message_on_a_ticket_that_is_about_to_go_is_refused(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Whoever sends it is told that the ticket is gone, before it is and not only afterwards."""
    ticket = await _by_api(ledger, "How do I leave?")
    erasure = await _asked(ledger)

    async def write() -> None:
        async with ledger.database.transaction() as session:
            await answers.add_message(
                session, ledger.queue, KEY,
                tenant=TENANT, ticket_id=ticket, text="And?", key=None, digest="",
            )  # fmt: skip

    with pytest.raises(TicketUnknown):
        await write()
    await eraser_of(ledger, tmp_path).run(erasure.id)
    with pytest.raises(TicketUnknown):
        await write()


@pytest.mark.parametrize("tagged", [False, True])
async def test_what_comes_in_its_thread_begins_a_new_ticket(
    opened: Ledger, tmp_path: Path, *, tagged: bool
) -> None:
    """By a channel nobody can be told: it is a ticket of its own, in the same conversation."""
    way, eraser = intake_of(opened), eraser_of(opened, tmp_path)
    old = await way.receive(wrote("m1", sender=PERSON, refs=["m1"]))
    erasure = await _asked(opened)
    named: dict[str, Any] = {"ticket_id": old.ticket_id} if tagged else {"refs": ["m1"]}
    new = await way.receive(wrote("m2", "Have you done it?", sender=PERSON, **named))
    assert new.ticket_id not in {None, old.ticket_id}
    further = await way.receive(wrote("m3", "Hello?", sender=PERSON, refs=["m2", "m1"]))
    assert further.ticket_id == new.ticket_id
    await eraser.run(erasure.id)
    assert await _there(opened) == {new.ticket_id}
    assert [one.text for one in await said(opened, new.ticket_id)] == [
        "Have you done it?",
        "Hello?",
    ]
    async with opened.database.reading() as session:
        senders = set(await session.exec(select(col(ChannelMessage.sender))))
        assert await arrivals.ticket_of(session, TENANT, CHANNEL, ["m2"]) == new.ticket_id
    assert None not in senders


async def test_two_answers_to_one_mail_are_one_new_ticket(ledger: Ledger) -> None:
    """Both name the mail that is about to go and nothing else; the second is no ticket of its own."""
    way = intake_of(ledger)
    old = await way.receive(wrote("m1", sender=PERSON, refs=["m1"]))
    await _asked(ledger)
    first = await way.receive(wrote("m2", "Have you done it?", sender=PERSON, refs=["m1"]))
    second = await way.receive(wrote("m3", "Hello?", sender=PERSON, refs=["m1"]))
    assert old.ticket_id != first.ticket_id == second.ticket_id


async def test_a_restored_list_reaches_what_came_before_the_request_alone(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Only a digest is written there: tickets are known by it, and by when they came."""
    ticket = await of_person(ledger, ADDRESS)
    later = await of_person(ledger, ADDRESS)
    entry: dict[str, Any] = {
        "erasure": "era_1", "tenant": TENANT, "tickets": [], "customer": None,
        "person": (await _asked(ledger)).person,
        "requested_at": (later.created_at - timedelta(microseconds=1)).isoformat(),
    }  # fmt: skip
    async with ledger.database.transaction() as session:
        for one in await session.exec(select(Erasure)):
            one.status = ErasureStatus.DONE
            session.add(one)
        await requests.restored(session, [entry])
    assert (await eraser_of(ledger, tmp_path).run("era_1"))["tickets"] == [ticket.id]

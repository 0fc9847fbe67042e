"""What comes by a channel is taken in once, and lands where it belongs."""

import asyncio
from dataclasses import replace

import pytest

from api.channels.contract import Attachment, Later, Sender
from memory.channels import arrivals, outgoing, states
from memory.channels.outgoing import Wanted
from memory.files import contents, message_files
from memory.tables import Arrival, Outcome, OutgoingStatus, Ticket
from memory.tickets import lifecycle
from tests.channels import ANN, CHANNEL, intake_of, said, ticket_of, wrote
from tests.memory.ledgers import TENANT, Ledger


async def settled(ledger: Ledger, ticket_id: str) -> None:
    """The ticket's run begins and ends."""
    async with ledger.database.transaction() as session:
        ticket = await session.get_one(Ticket, ticket_id)
        begun = lifecycle.made(await lifecycle.begin(session, ticket_id, run=ticket.run))
        begun.handled = 99
        session.add(begun)
        await session.flush()
        done = await lifecycle.settle(
            session, ticket_id, epoch=begun.epoch, outcome=Outcome.DELIVERED
        )
        lifecycle.made(done)


async def test_a_message_opens_one_ticket_however_often_it_comes(ledger: Ledger) -> None:
    """The other side's id is what makes it once, also of many at the same time."""
    intake = intake_of(ledger)
    results = await asyncio.gather(*(intake.receive(wrote("m1")) for _ in range(5)))
    assert len({one.ticket_id for one in results}) == 1
    assert [one.repeated for one in results].count(False) == 1
    assert len(await ledger.jobs()) == 1


async def test_a_reply_joins_its_ticket_by_any_reference_that_is_known(ledger: Ledger) -> None:
    """The nearest known reference decides, unknown ones do not matter."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", ref="<m1@x>"))
    reply = await intake.receive(wrote("m2", "And when?", refs=["<gone@x>", "<m1@x>"]))
    assert (reply.became, reply.ticket_id) == (Arrival.MESSAGE, first.ticket_id)
    assert [one.text for one in await said(ledger, first.ticket_id)] == [
        "Where is my order?",
        "And when?",
    ]


async def test_a_reply_that_comes_before_what_it_answers_shares_its_ticket(ledger: Ledger) -> None:
    """The thread is named by its oldest message, whichever came first."""
    intake = intake_of(ledger)
    second = await intake.receive(wrote("m2", "And when?", refs=["<m1@x>"]))
    first = await intake.receive(wrote("m1", ref="<m1@x>"))
    third = await intake.receive(wrote("m3", "Well?", refs=["m2", "<m1@x>"]))
    assert [first.ticket_id, third.ticket_id] == [second.ticket_id] * 2


async def test_our_own_tag_finds_the_ticket_of_this_channel_only(ledger: Ledger) -> None:
    """A ticket of another channel cannot be written to by naming it."""
    intake = intake_of(ledger)
    other = await ledger.accept("by the API")
    first = await intake.receive(wrote("m1"))
    tagged = await intake.receive(wrote("m2", "More", ticket_id=first.ticket_id))
    foreign = await intake.receive(wrote("m3", "More still", ticket_id=other.id))
    assert tagged.ticket_id == first.ticket_id
    assert foreign.became is Arrival.TICKET


async def test_the_cursor_moves_with_what_was_stored(ledger: Ledger) -> None:
    """What is acknowledged is on disk, and a message that came before moves the cursor too."""
    intake = intake_of(ledger)
    await intake.receive(wrote("m1"), ("INBOX", {"uid": 7}))
    await intake.receive(wrote("m1"), ("INBOX", {"uid": 9}))
    async with ledger.database.reading() as session:
        assert await states.cursor(session, TENANT, CHANNEL, "INBOX") == {"uid": 9}


async def test_a_full_queue_leaves_the_message_where_it_is(ledger: Ledger) -> None:
    """Nothing is stored and nothing is acknowledged; later it is taken in."""
    intake = replace(intake_of(ledger), queue_depth=1)
    await intake.receive(wrote("m1"))
    with pytest.raises(Later):
        await intake.receive(wrote("m2", "Another"), ("INBOX", {"uid": 2}))
    async with ledger.database.reading() as session:
        assert await states.cursor(session, TENANT, CHANNEL, "INBOX") == {}
    roomy = replace(intake, queue_depth=10)
    assert (await roomy.receive(wrote("m2", "Another"))).became is Arrival.TICKET


async def test_a_ticket_is_as_sure_of_its_sender_as_its_newest_message(ledger: Ledger) -> None:
    """An answer that nobody vouches for, or from elsewhere, takes the trust away."""
    intake, sure = intake_of(ledger), replace(ANN, vouched_by="DMARC mx.example")
    first = await intake.receive(wrote("m1", ref="m1", sender=sure))
    assert (await ticket_of(ledger, first.ticket_id)).vouched_by == "DMARC mx.example"
    await intake.receive(wrote("m2", "x", refs=["m1"], sender=Sender("eve@example.net")))
    assert (await ticket_of(ledger, first.ticket_id)).vouched_by is None
    await intake.receive(wrote("m3", "y", refs=["m1"], sender=sure))
    assert (await ticket_of(ledger, first.ticket_id)).vouched_by == "DMARC mx.example"


async def test_an_automatic_answer_is_noted_and_starts_nothing(ledger: Ledger) -> None:
    """It is on record for people, and neither the conversation nor a run knows of it."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", ref="m1"))
    await settled(ledger, first.ticket_id or "")
    got = await intake.receive(wrote("m2", "I am away.", kind="automatic", refs=["m1"]))
    assert (got.became, got.ticket_id) == (Arrival.AUTOMATIC, first.ticket_id)
    assert len(await said(ledger, first.ticket_id)) == 1
    assert (await ticket_of(ledger, first.ticket_id)).status == "settled"


async def test_a_bounce_is_shown_once_on_the_ticket_of_the_message_that_bounced(
    ledger: Ledger,
) -> None:
    """Reports repeat themselves; the second one is on record and does nothing."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", ref="m1"))
    assert first.ticket_id is not None
    await settled(ledger, first.ticket_id)
    async with ledger.database.transaction() as session:
        one = Wanted("k1", first.ticket_id, 1, "reply", {"text": "Tomorrow."})
        await outgoing.want(session, TENANT, "<dh.1@x>", one)
    report = {"kind": "bounce", "refs": ["<dh.1@x>"], "note": "550 no such mailbox"}
    await intake.receive(wrote("b1", "", **report))
    await intake.receive(wrote("b2", "", **report))
    told = [one for one in await said(ledger, first.ticket_id) if one.kind == "bounce"]
    assert [one.text for one in told] == ["550 no such mailbox"]
    async with ledger.database.reading() as session:
        (row,) = await outgoing.of_ticket(session, first.ticket_id)
    assert row.status == OutgoingStatus.BOUNCED
    assert (await ticket_of(ledger, first.ticket_id)).status == "queued"


async def test_a_colleagues_answer_on_the_other_side_stops_the_agent(ledger: Ledger) -> None:
    """What the agent wanted to send and has not begun is withdrawn; the answer is shown."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", ref="m1"))
    assert first.ticket_id is not None
    async with ledger.database.transaction() as session:
        one = Wanted("k1", first.ticket_id, 1, "reply", {"text": "Tomorrow."})
        await outgoing.want(session, TENANT, "<dh.1@x>", one)
    bob = Sender("bob@desk.example", "Bob")
    got = await intake.receive(wrote("m2", "It is here.", kind="person", refs=["m1"], sender=bob))
    assert got.became is Arrival.PERSON
    async with ledger.database.reading() as session:
        assert await outgoing.due(session, TENANT, CHANNEL, 9) == []
    ticket = await ticket_of(ledger, first.ticket_id)
    assert (ticket.status, ticket.outcome, ticket.reason) == (
        "waiting",
        "with_person",
        "taken_over",
    )
    last = (await said(ledger, first.ticket_id))[-1]
    assert (last.role, last.author, last.text) == ("person", "Bob", "It is here.")


@pytest.mark.parametrize(
    ("texts", "limits"),
    [
        (["one", "two", "three"], {"answers_per_hour": 2}),
        (["Thank you for your mail."] * 3, {}),
    ],
    ids=["too often", "the same again"],
)
async def test_a_program_that_answers_us_is_noticed(
    ledger: Ledger, texts: list[str], limits: dict[str, int]
) -> None:
    """By count and by content: the last message is marked for a person, none is lost."""
    intake = intake_of(ledger, **limits)
    results = [await intake.receive(wrote(f"m{n}", text)) for n, text in enumerate(texts)]
    kinds = [(await said(ledger, one.ticket_id))[0].kind for one in results]
    assert kinds == ["message", "message", "loop"]


async def test_what_is_attached_stands_in_the_conversation(ledger: Ledger) -> None:
    """A file is named with what it says, and with why it says nothing."""
    files = [
        Attachment("bill.txt", "text/plain", 9, "Total 9 EUR"),
        Attachment("photo.jpg", "image/jpeg", 70_000, trouble="a picture: it is not read"),
    ]
    got = await intake_of(ledger).receive(wrote("m1", "See here.", attachments=files))
    (message,) = await said(ledger, got.ticket_id)
    assert "[Attached: bill.txt, text/plain, 9 bytes]\nTotal 9 EUR" in message.text
    assert "[Attached: photo.jpg, image/jpeg, 70,000 bytes; a picture: it is not read]" in (
        message.text
    )


async def test_where_an_answer_goes_is_kept_beside_the_ticket(ledger: Ledger) -> None:
    """The newest message moves it, and keeps what it does not say."""
    intake = intake_of(ledger)
    first = await intake.receive(wrote("m1", ref="m1", place={"to": "ann", "last": "m1"}))
    await intake.receive(wrote("m2", "x", refs=["m1"], moves={"last": "m2"}))
    async with ledger.database.reading() as session:
        thread = await arrivals.thread_of(session, first.ticket_id or "")
    assert thread is not None
    assert thread.place == {"to": "ann", "last": "m2"}


async def test_files_are_kept_with_the_message_they_came_with(ledger: Ledger) -> None:
    """Bytes that came are stored, of others the place is known; once, however often it comes."""
    intake = intake_of(ledger)
    photo = Attachment("photo.png", "image/png", 3, content=b"abc")
    there = Attachment("there.pdf", "application/pdf", 9, link="https://help.example/9")
    first = await intake.receive(wrote("m1", ref="m1"))
    for _ in range(2):
        await intake.receive(wrote("m2", "see", refs=["m1"], attachments=(photo, there)))
    assert first.ticket_id is not None
    async with ledger.database.reading() as session:
        by_message = (await message_files.of_tickets(session, [first.ticket_id]))[first.ticket_id]
        assert list(by_message) == [2]
        found = {one.name: one for one in by_message[2]}
        assert await contents.read(session, found["photo.png"]) == b"abc"
    assert {name: (one.kept, one.link) for name, one in found.items()} == {
        "photo.png": ("here", ""),
        "there.pdf": ("elsewhere", "https://help.example/9"),
    }

"""Others who write in a thread: whose ticket their words belong to."""

import asyncio

from api.channels.contract import Sender
from memory.channels import arrivals
from memory.erasure.export import exported
from memory.tables import Arrival
from memory.tickets import tickets
from tests.channels import ANN, intake_of, said, ticket_of, wrote
from tests.memory.ledgers import TENANT, Ledger

BOB = Sender("bob@example.net", "Bob Ray")


async def test_another_address_in_a_thread_has_a_ticket_of_its_own(ledger: Ledger) -> None:
    """Each one's next message finds their own, by whatever it refers to, and nothing is mixed."""
    intake = intake_of(ledger)
    ann = await intake.receive(wrote("<m1@x>", apart=True))
    bob = await intake.receive(
        wrote("<m2@x>", "And mine?", refs=["<m1@x>"], sender=BOB, apart=True, place={"to": "bob"})
    )
    assert (bob.became, bob.ticket_id != ann.ticket_id) == (Arrival.TICKET, True)
    tagged = await intake.receive(
        wrote("<m3@x>", "Well?", ticket_id=ann.ticket_id, sender=BOB, apart=True)
    )
    to_bob = await intake.receive(wrote("<m4@x>", "Thanks, Bob.", refs=["<m2@x>"], apart=True))
    assert (tagged.ticket_id, to_bob.ticket_id) == (bob.ticket_id, ann.ticket_id)
    assert [one.text for one in await said(ledger, ann.ticket_id)] == [
        "Where is my order?",
        "Thanks, Bob.",
    ]
    theirs = await ticket_of(ledger, bob.ticket_id)
    assert (theirs.customer_email, theirs.beside) == (BOB.address, ann.ticket_id)
    async with ledger.database.reading() as session:
        thread = await arrivals.thread_of(session, theirs.id)
        assert thread is not None
        assert thread.place == {"to": "bob"}
        first = await ticket_of(ledger, ann.ticket_id)
        assert [one.id for one in await tickets.of_thread(session, first)] == [theirs.id]
        assert [one.id for one in await tickets.of_thread(session, theirs)] == [first.id]


async def test_addresses_that_write_at_once_get_one_ticket_each(ledger: Ledger) -> None:
    """Two processes that bring messages of one thread do not open two for one sender."""
    intake = intake_of(ledger, answers_per_hour=1_000)
    ann = await intake.receive(wrote("<m1@x>", apart=True))
    senders = [ANN, BOB, Sender("cy@example.org", "Cy")]
    coming = [
        wrote(f"<r{n}@x>", f"Question {n}", refs=["<m1@x>"], sender=senders[n % 3], apart=True)
        for n in range(12)
    ]
    results = await asyncio.gather(*(intake.receive(one) for one in coming))
    for n, sender in enumerate(senders):
        (own,) = {one.ticket_id for one in results[n::3]}
        assert (await ticket_of(ledger, own)).customer_email == sender.address
        assert len(await said(ledger, own)) == (5 if sender is ANN else 4)
        assert (own == ann.ticket_id) is (sender is ANN)


async def test_a_thread_that_another_address_is_first_heard_of_is_kept_apart(
    ledger: Ledger,
) -> None:
    """The reply overtook the first mail: the first one's sender has a ticket of their own then."""
    intake = intake_of(ledger)
    bob = await intake.receive(wrote("<m2@x>", "x", refs=["<m1@x>"], sender=BOB, apart=True))
    ann = await intake.receive(wrote("<m1@x>", apart=True))
    more = await intake.receive(wrote("<m3@x>", "y", refs=["<m2@x>", "<m1@x>"], apart=True))
    assert (ann.became, more.ticket_id) == (Arrival.TICKET, ann.ticket_id)
    assert (await ticket_of(ledger, ann.ticket_id)).beside == bob.ticket_id


async def test_a_message_of_somebody_else_in_a_conversation_says_who_wrote_it(
    ledger: Ledger,
) -> None:
    """Where answers go to all of a conversation it stays one, and the message is marked."""
    intake = intake_of(ledger)
    ann = await intake.receive(wrote("m1"))
    await intake.receive(wrote("m2", "And mine?", refs=["m1"], sender=BOB))
    await intake.receive(wrote("m3", "Thanks", refs=["m1"]))
    assert [(one.kind, one.author) for one in await said(ledger, ann.ticket_id)] == [
        ("message", None),
        ("other", "Bob Ray <bob@example.net>"),
        ("message", None),
    ]
    async with ledger.database.reading() as session:
        of_bob = await exported(session, b"k" * 32, TENANT, "Bob@example.net")
        of_ann = await exported(session, b"k" * 32, TENANT, "ann@example.com")
    assert (of_bob["tickets"], [one["text"] for one in of_bob["elsewhere"]]) == ([], ["And mine?"])
    assert (len(of_ann["tickets"]), of_ann["elsewhere"]) == (1, [])

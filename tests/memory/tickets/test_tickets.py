"""Accepting: a ticket, its message, its journal row and its queue entry, or none of them."""

import asyncio

import pytest
from sqlmodel import select

from memory.journal import journal
from memory.tables import Message, Ticket, TicketStatus
from memory.tickets import intake, messages, tickets
from memory.tickets.intake import KeyReused
from memory.tickets.tickets import TicketUnknown, new_id
from tests.memory.ledgers import TENANT, Ledger


async def stand(ledger: Ledger, ticket: Ticket, **values: object) -> None:
    """Put the ticket's row where a test wants it."""
    async with ledger.database.transaction() as session:
        row = await session.get_one(Ticket, ticket.id)
        for name, value in values.items():
            setattr(row, name, value)


async def test_all_of_an_acceptance_is_stored_together(ledger: Ledger) -> None:
    """Rows and queue entry, by the workflow id that makes a second one the same."""
    ticket = await ledger.accept()
    assert await ledger.jobs() == [(f"ticket:{ticket.id}:1", "tickets", TENANT, "1")]
    async with ledger.database.reading() as session:
        assert [m.text for m in await tickets.messages(session, ticket.id)] == ["hello"]
        assert [row.name for row in await journal.of_ticket(session, ticket.id)] == ["accept"]


async def rolled_back(ledger: Ledger) -> None:
    """Accept, and fail before the commit."""
    async with ledger.database.transaction() as session:
        await intake.accept(
            session,
            ledger.queue,
            tenant=TENANT,
            new=intake.NewTicket("", "x"),
            key=None,
            digest="",
        )
        raise LookupError


async def test_nothing_of_a_failed_acceptance_is_stored(ledger: Ledger) -> None:
    """Not even the queue entry, which the engine's own client wrote."""
    with pytest.raises(LookupError):
        await rolled_back(ledger)
    assert await ledger.jobs() == []
    async with ledger.database.reading() as session:
        assert (await session.exec(select(Ticket))).all() == []


async def test_a_key_makes_one_ticket(ledger: Ledger) -> None:
    """However many posts race; another body under it is refused; tenants do not share keys."""
    made = await asyncio.gather(*(ledger.accept(key="k") for _ in range(20)))
    assert len({ticket.id for ticket in made}) == 1
    with pytest.raises(KeyReused):
        await ledger.accept(key="k", digest="other")
    assert (await ledger.accept(key="k", tenant="other")).id != made[0].id
    assert len(await ledger.jobs()) == 2


async def test_a_ticket_of_another_tenant_is_unknown(ledger: Ledger) -> None:
    """Not forbidden: its existence is nobody else's business."""
    ticket = await ledger.accept()
    async with ledger.database.reading() as session:
        with pytest.raises(TicketUnknown):
            await tickets.get(session, "other", ticket.id)


async def test_a_message_on_a_settled_ticket_starts_a_turn(ledger: Ledger) -> None:
    """One that comes before a run has begun is read by that run."""
    ticket = await ledger.accept()
    await stand(ledger, ticket, status=TicketStatus.QUEUED, handled=1)
    assert not (await ledger.write(ticket.id, "and this?")).started
    await stand(ledger, ticket, status=TicketStatus.SETTLED, handled=2)
    assert (await ledger.write(ticket.id, "and that?")).started
    async with ledger.database.reading() as session:
        found = await tickets.get(session, TENANT, ticket.id)
        turns = [message.turn for message in await tickets.messages(session, ticket.id)]
    assert (found.turn, found.run, found.status, turns) == (2, 2, "queued", [1, 1, 2])
    assert [job[0] for job in await ledger.jobs()] == [
        f"ticket:{ticket.id}:1",
        f"ticket:{ticket.id}:2",
    ]


async def test_a_repeated_message_is_stored_once(ledger: Ledger) -> None:
    """By its key; another text under it is refused."""
    ticket = await ledger.accept()
    assert not (await ledger.write(ticket.id, "again", "k")).repeated
    assert (await ledger.write(ticket.id, "again", "k")).repeated
    with pytest.raises(KeyReused):
        await ledger.write(ticket.id, "other", "k")


async def test_messages_are_numbered_without_a_gap(ledger: Ledger) -> None:
    """Though twenty are written at once."""
    ticket = await ledger.accept()
    await asyncio.gather(*(ledger.write(ticket.id, str(n)) for n in range(20)))
    async with ledger.database.reading() as session:
        found = await session.exec(select(Message.seq).where(Message.ticket_id == ticket.id))
        assert sorted(found.all()) == list(range(1, 22))


async def test_the_load_counts_what_waits_for_a_worker(ledger: Ledger) -> None:
    """Not what waits for a person, and of one tenant only."""
    first, second = await ledger.accept(), await ledger.accept()
    await ledger.accept(tenant="other")
    await stand(ledger, second, status=TicketStatus.WAITING)
    async with ledger.database.reading() as session:
        load = await tickets.load(session, TENANT)
        assert [one.id for one in await tickets.listed(session, TENANT, status="queued")] == [
            first.id
        ]
    assert load.depth == 1


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    """A thousand in a row."""
    ids = [new_id("tkt") for _ in range(1_000)]
    assert len(set(ids)) == 1_000
    assert [one[:14] for one in ids] == sorted(one[:14] for one in ids)


async def test_a_ticket_without_a_subject_is_called_by_its_first_words(ledger: Ledger) -> None:
    """A subject stays what it is; long first lines are cut at a word, one giant word anywhere."""
    ticket = await ledger.accept()
    async with ledger.database.reading() as session:
        subjects = {ticket.id: " ", "tkt_other": "Charged twice"}
        found = await messages.titles(session, subjects)
    assert found == {ticket.id: "hello", "tkt_other": "Charged twice"}
    assert messages.title_of(" ", "\n ") == messages.title_of("", "") == messages.NO_TITLE
    assert messages.first_words("\n  My order\t never came\nIt was 3 weeks ago") == (
        "My order never came"
    )
    assert messages.first_words("word " * 40) == f"{'word ' * 15}word ..."
    assert messages.first_words("x" * 500) == f"{'x' * messages.TITLE_CHARS} ..."

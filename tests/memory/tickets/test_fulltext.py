"""All that was said in a ticket is found, by the tenant whose it is, until it is erased."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.erasure import rows
from memory.sealing.keyring import new_key, read_keyring
from memory.storage.database import Database
from memory.storage.postgres_text import words_of
from memory.storage.queue import Queue
from memory.tables import Ticket
from memory.tickets import finding, fulltext, messages
from memory.tickets.messages import Said
from tests.memory.ledgers import TENANT, Ledger
from tests.postgres import copy_of

LETTER = "Hello,\nthe wombat enclosure's heater hums since Tuesday.\nOrder BK-4410, for zoo@parks.example."
ANSWER = "Turn the dial to eco and tighten the grille."


async def found(ledger: Ledger, query: str, tenant: str = TENANT) -> list[str]:
    """Ids of the tickets that a search finds."""
    async with ledger.database.reading() as session:
        return [one.id for one in await finding.found(session, tenant, query)]


async def indexed(ledger: Ledger, words: str = LETTER) -> Ticket:
    """A ticket whose text the index holds."""
    ticket = await ledger.accept(words)
    await fulltext.catch_up(ledger.database.units)
    return ticket


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("wombat", 1),
        ("WOMB tues", 1),
        ("bk-4410", 1),
        ("bk-4411", 0),
        ("zoo@parks.example", 1),
        ("kangaroo", 0),
        ('"wombat" OR NEAR(*', 0),
        ("...", 0),
    ],
)
async def test_a_ticket_is_found_by_what_was_said(ledger: Ledger, query: str, finds: int) -> None:
    """Whole words, their beginnings, numbers and addresses; no syntax of the index."""
    await indexed(ledger)
    assert len(await found(ledger, query)) == finds


async def test_a_ticket_is_found_by_what_was_answered(ledger: Ledger) -> None:
    """Also where that came after its row was written, which is written once."""
    ticket = await indexed(ledger)

    def answer(do: object) -> bool:
        return messages.append_in(do, ticket.id, Said("k", "reply", ANSWER))  # type: ignore[arg-type]

    await ledger.database.units.write(answer)
    assert await fulltext.catch_up(ledger.database.units) == 1
    assert await found(ledger, "grille wombat") == [ticket.id]
    assert await fulltext.catch_up(ledger.database.units) == 0


async def test_no_tenant_finds_what_another_s_customers_said(ledger: Ledger) -> None:
    """Nor by the word that tells tenants apart in the index."""
    await indexed(ledger)
    assert await found(ledger, "wombat", "other") == []
    assert await found(ledger, fulltext.matching.__name__) == []


async def test_words_that_are_spelt_nearly_so_are_found(ledger: Ledger) -> None:
    """Of all that was said, where nothing holds the words as they stand."""
    ticket = await indexed(ledger)
    assert await found(ledger, "wombta heatre") == [ticket.id]


async def test_what_is_erased_is_not_found(ledger: Ledger) -> None:
    """Its row goes with it, and an index that is written meanwhile does not bring it back."""
    ticket = await indexed(ledger)
    async with ledger.database.transaction() as session:
        counts = await rows.remove(session, ticket.id)
    assert counts["ticket_text"] == 1
    await ledger.database.units.write(lambda do: fulltext.write_in(do, tickets=[ticket.id]))
    async with ledger.database.reading() as session:
        left = await (await session.connection()).execute(text("SELECT * FROM ticket_text"))
    assert left.all() == []


async def test_an_index_and_an_erasure_at_once_leave_nothing(ledger: Ledger) -> None:
    """Whichever is first: both hold the ticket."""
    tickets = [await ledger.accept(f"{LETTER} {number}") for number in range(8)]

    async def erase(ticket: Ticket) -> None:
        async with ledger.database.transaction() as session:
            await rows.remove(session, ticket.id)

    await asyncio.gather(
        *(erase(one) for one in tickets),
        *(fulltext.catch_up(ledger.database.units) for _ in range(3)),
    )
    async with ledger.database.reading() as session:
        left = await (await session.connection()).execute(text("SELECT * FROM ticket_text"))
    assert left.all() == []


async def test_two_workers_lose_no_word_of_one_ticket(ledger: Ledger) -> None:
    """Messages that come while both write the ticket's row are found in the end."""
    ticket = await ledger.accept(LETTER)
    for number in range(12):
        await asyncio.gather(
            ledger.write(ticket.id, f"again{number:02}", f"k{number}"),
            fulltext.catch_up(ledger.database.units),
            fulltext.catch_up(ledger.database.units),
        )
    await fulltext.catch_up(ledger.database.units)
    for number in range(12):
        assert await found(ledger, f"again{number:02}") == [ticket.id]


async def test_what_is_sealed_is_found_and_does_not_stand_there(
    tmp_path: Path, template: Path
) -> None:
    """The index holds keyed hashes alone."""
    url = copy_of(template, tmp_path / "sealed")
    ledger = Ledger(Database(url, None, read_keyring(new_key())), Queue(url))
    ticket = await indexed(ledger)
    assert await found(ledger, "wombat bk-4410") == [ticket.id]
    assert await found(ledger, "heater") == [ticket.id]
    async with ledger.database.reading() as session:
        connection = await session.connection()
        kept = (await connection.execute(text("SELECT words FROM ticket_text"))).scalar_one()
    await ledger.database.close()
    ledger.queue.close()
    assert "wombat" not in kept
    assert "4410" not in kept


async def test_what_stands_there_from_before_the_first_key_is_found(
    tmp_path: Path, template: Path
) -> None:
    """Until it is sealed: a desk goes on with its search meanwhile."""
    url, ring = copy_of(template, tmp_path / "keyed"), read_keyring(new_key())
    before = Ledger(Database(url), Queue(url))
    ticket = await indexed(before)
    await before.database.close()
    after = Ledger(Database(url, None, ring), before.queue)
    assert await found(after, "wombat bk-4410") == [ticket.id]
    await after.database.close()
    before.queue.close()


async def test_a_list_shows_what_was_said_around_the_word(ledger: Ledger) -> None:
    """One line of it, cut at words."""
    long = f"{'before ' * 60}wombat {'after ' * 60}"
    ticket = await indexed(ledger, long)
    async with ledger.database.reading() as session:
        said = await finding.said(session, [ticket], "Wombat")
    shown = said[ticket.id]
    assert shown.startswith("... before")
    assert "wombat after" in shown
    assert shown.endswith("after ...")
    assert len(shown) <= finding.SHOWN_CHARS + len("...  ...")


@pytest.mark.parametrize("between", ["\t", "\N{NO-BREAK SPACE}", " "])
async def test_what_is_shown_holds_the_word_and_no_more(ledger: Ledger, between: str) -> None:
    """Whatever stands between the words of a long line, as of a table that was pasted."""
    ticket = await indexed(ledger, between.join(["column"] * 200 + ["wombat"] + ["column"] * 200))
    async with ledger.database.reading() as session:
        shown = (await finding.said(session, [ticket], "wombat"))[ticket.id]
    assert "wombat" in shown
    assert len(shown) <= finding.SHOWN_CHARS + len("...  ...")


async def test_a_ticket_that_cannot_be_opened_holds_no_other_up(
    tmp_path: Path, template: Path
) -> None:
    """It is found by what can be opened of it, and the others are made findable behind it."""
    url = copy_of(template, tmp_path / "sealed")
    ledger = Ledger(Database(url, None, read_keyring(new_key())), Queue(url))
    other, broken = await ledger.accept(LETTER), await ledger.accept("A quokka")
    elsewhere = "UPDATE tickets SET subject = (SELECT text FROM messages LIMIT 1) WHERE id = ?"
    await ledger.database.units.write(lambda do: do.run(elsewhere, (broken.id,)))
    assert await fulltext.catch_up(ledger.database.units) == 2
    assert await found_ids(ledger, "wombat") == [other.id]
    assert await found_ids(ledger, "quokka") == [broken.id]
    await ledger.database.close()
    ledger.queue.close()


async def found_ids(ledger: Ledger, query: str) -> list[str]:
    """Ids that the index gives, without opening what is found."""
    async with ledger.database.reading() as session:
        holding = fulltext.matching(session, TENANT, query)
        assert holding is not None
        return list((await (await session.connection()).execute(holding)).scalars())


async def test_a_ticket_of_very_many_words_is_found_all_the_same(ledger: Ledger) -> None:
    """Postgres refuses a row of more than a megabyte: the oldest words are left out, and no other ticket waits."""
    other = await ledger.accept(LETTER)
    ticket = await ledger.accept("the wombat enclosure")

    def tell(do: object) -> bool:
        signs = iter(range(0x4E00, 0x9000))
        for number in range(fulltext.MOST_MESSAGES - 1):
            words = " ".join(chr(next(signs)) * 190 for _ in range(41))
            messages.append_in(do, ticket.id, Said(f"k{number}", "customer", words))  # type: ignore[arg-type]
        return messages.append_in(do, ticket.id, Said("last", "customer", "And the grille?"))  # type: ignore[arg-type]

    await ledger.database.units.write(tell)
    await fulltext.catch_up(ledger.database.units)
    assert await found(ledger, "grille") == [ticket.id]
    assert await found(ledger, "wombat heater") == [other.id]


async def test_a_name_that_nobody_said_costs_one_look_at_each_message(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found in the customer's address: fifty conversations must not keep the API from answering."""
    ticket = await indexed(ledger, "the wombat enclosure hums " * 100)
    looks: list[str] = []

    def counted(words: str) -> list[str]:
        looks.append(words)
        return words_of(words)

    monkeypatch.setattr(finding, "words_of", counted)
    async with ledger.database.reading() as session:
        assert await finding.said(session, [ticket], "Lee") == {}
    assert len(looks) == 1

"""One-time codes on a real file: one verifies, none is guessed, none is written down."""

import asyncio
import multiprocessing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from memory.storage.hmac_key import FILE, read_hmac_key
from memory.tables import ChallengeStatus, IdentityChallenge, now
from memory.tickets import messages, tickets
from memory.verification.answers import answer
from memory.verification.challenges import CodeRules, Standing
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.verification.sending import (
    HMAC_KEY,
    ON_FILE,
    RULES,
    challenge,
    codes_of,
    sent,
    settled,
    stored,
    write,
)


async def test_the_right_code_verifies_this_ticket_for_this_address(ledger: Ledger) -> None:
    """And no other ticket, no other address, and not for ever."""
    ticket, other = await settled(ledger), await settled(ledger)
    key, code = await sent(ledger, ticket)
    assert len(code) == 8
    assert code.isdigit()
    assert await write(ledger, ticket, f"Here it is: {code}") == "Here it is: [code]"
    made = codes_of(ledger)
    assert await made.verified(ticket.id, "Ann@Example.com ")
    assert not await made.verified(other.id, ON_FILE)
    assert not await made.verified(ticket.id, "bob@example.com")
    async with ledger.database.transaction() as session:
        row = await session.get_one(IdentityChallenge, key)
        row.verified_until = now() - timedelta(seconds=1)
        session.add(row)
    assert not await made.verified(ticket.id, ON_FILE)


async def test_a_code_is_used_once(ledger: Ledger) -> None:
    """The same code again verifies nothing."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    row = await challenge(ledger, key)
    async with ledger.database.transaction() as session:
        assert await answer(session, HMAC_KEY, row, code, now())
        assert not await answer(session, HMAC_KEY, row, code, now())


async def test_a_wrong_code_is_counted_and_the_fifth_ends_it(ledger: Ledger) -> None:
    """After that not even the right one helps, and no new one is sent: a person takes over."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    for number in range(4):
        await write(ledger, ticket, f"1111 000{number}")
    assert await codes_of(ledger).standing(ticket.id) == Standing(ChallengeStatus.SENT, 4, 1, 15)
    await write(ledger, ticket, "1111-0009")
    await write(ledger, ticket, code)
    assert (await challenge(ledger, key)).status == ChallengeStatus.EXHAUSTED
    assert not await codes_of(ledger).verified(ticket.id, ON_FILE)
    assert not await codes_of(ledger).want(ticket.id, 2, ON_FILE)


async def test_guessing_in_parallel_gets_no_more_tries(ledger: Ledger) -> None:
    """Forty guesses at once: five are weighed."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    row = await challenge(ledger, key)

    async def guess(number: int) -> bool:
        async with ledger.database.transaction() as session:
            return await answer(session, HMAC_KEY, row, f"{number:08d}", now())

    assert not any(await asyncio.gather(*(guess(n) for n in range(40) if f"{n:08d}" != code)))
    after = await challenge(ledger, key)
    assert (after.tries, after.status) == (5, ChallengeStatus.EXHAUSTED)


async def test_the_right_code_twice_at_once_verifies_once(ledger: Ledger) -> None:
    """Two messages with it: one conditional update wins."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    row = await challenge(ledger, key)

    async def offer() -> bool:
        async with ledger.database.transaction() as session:
            return await answer(session, HMAC_KEY, row, code, now())

    assert sorted(await asyncio.gather(offer(), offer())) == [False, True]
    assert (await challenge(ledger, key)).status == ChallengeStatus.VERIFIED


async def test_a_code_that_came_too_late_is_no_code(ledger: Ledger) -> None:
    """It is not counted either; a new one may be sent."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    row = await challenge(ledger, key)
    async with ledger.database.transaction() as session:
        assert not await answer(session, HMAC_KEY, row, code, now() + timedelta(minutes=16))
    assert (await challenge(ledger, key)).tries == 0


async def test_so_many_codes_a_day_and_no_more(ledger: Ledger) -> None:
    """Neither for a ticket, nor for an address by way of many tickets."""
    rules = CodeRules(valid_seconds=0, tries=5, per_day=2, verified_seconds=60)
    ticket, made = await settled(ledger), codes_of(ledger, rules)
    for _ in range(2):
        await sent(ledger, ticket, rules)
    assert not await made.want(ticket.id, 1, ON_FILE)
    assert not await made.want((await settled(ledger)).id, 1, ON_FILE)
    assert await made.want((await settled(ledger)).id, 1, "bob@example.com")


async def test_parallel_branches_want_one_code(ledger: Ledger) -> None:
    """Two records of one customer: one challenge, one code, the same on a second look."""
    ticket, made = await settled(ledger), codes_of(ledger)
    assert all(await asyncio.gather(*(made.want(ticket.id, 1, ON_FILE) for _ in range(8))))
    (key,) = await made.unsent(ticket.id)
    assert await made.letter(ticket.id, key) == await made.letter(ticket.id, key)
    assert await made.letter("tkt_other", key) is None


async def test_a_repeated_request_weighs_nothing_again(ledger: Ledger) -> None:
    """The customer's system may send the same message twice under one key."""
    ticket = await settled(ledger)
    key, _ = await sent(ledger, ticket)
    for _ in range(3):
        await write(ledger, ticket, "00001111", key="k1")
    assert (await challenge(ledger, key)).tries == 1


async def test_a_number_that_was_said_before_is_no_guess(ledger: Ledger) -> None:
    """An order number that the customer repeats costs no try and stays in the text."""
    ticket = await ledger.accept("Where is order 20261122?")
    key, code = await sent(ledger, ticket)
    words = f"Order 20261122, code {code}"
    assert await write(ledger, ticket, words) == "Order 20261122, code [code]"
    assert (await challenge(ledger, key)).status == ChallengeStatus.VERIFIED


async def test_a_number_that_the_desk_or_the_subject_named_is_no_guess(ledger: Ledger) -> None:
    """Whoever repeats it means the order."""
    ticket = await settled(ledger)
    async with ledger.database.transaction() as session:
        row = await tickets.get(session, TENANT, ticket.id)
        row.subject = "Order 20261122"
        await messages.append(session, row, role="agent", text="And 20261123?")
    key, _ = await sent(ledger, ticket)
    got = await stored(ledger, ticket, "20261122 and 20261123")
    assert (got.kind, got.text) == ("message", "20261122 and 20261123")
    assert (await challenge(ledger, key)).tries == 0


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("1111 0001", "code"),
        ("Hi, my code is 11110001 thanks", "code"),
        ("Is it 11110001?", "message"),
        ("Please cancel my other order 11110001, thanks", "message"),
    ],
)
async def test_every_new_number_costs_a_try_and_stays(
    ledger: Ledger, words: str, kind: str
) -> None:
    """Only a message that is little else than the number is an answer to our question."""
    ticket = await settled(ledger)
    key, _ = await sent(ledger, ticket)
    got = await stored(ledger, ticket, words)
    assert (got.kind, got.text) == (kind, words)
    assert (await challenge(ledger, key)).tries == 1


async def test_the_right_code_in_a_letter_verifies_and_alone_goes(ledger: Ledger) -> None:
    """The numbers beside it are the customer's."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    words = "My code is {} and then please tell me about the invoice 87654321, will you?"
    got = await stored(ledger, ticket, words.format(code))
    assert (got.kind, got.text) == ("code", words.format("[code]"))
    assert (await challenge(ledger, key)).status == ChallengeStatus.VERIFIED


async def test_a_letter_full_of_guesses_verifies_nothing(ledger: Ledger) -> None:
    """The tries are used up before the right one is reached."""
    ticket = await settled(ledger)
    key, code = await sent(ledger, ticket)
    numbers = [f"0000{n:04d}" for n in range(12)]
    got = await stored(ledger, ticket, ", ".join([*numbers, code]))
    assert got.text == ", ".join([*numbers, "[code]"])
    assert (await challenge(ledger, key)).status == ChallengeStatus.EXHAUSTED


@pytest.mark.parametrize("end", ["verified", "late"])
async def test_with_no_code_awaited_only_the_code_itself_goes(ledger: Ledger, end: str) -> None:
    """Numbers are numbers again, and cost nothing; the code stays a secret."""
    ticket = await settled(ledger)
    rules = RULES if end == "verified" else replace(RULES, valid_seconds=0)
    key, code = await sent(ledger, ticket, rules)
    if end == "verified":
        await write(ledger, ticket, code)
    got = await stored(ledger, ticket, "11110001")
    assert (got.kind, got.text) == ("message", "11110001")
    got = await stored(ledger, ticket, f"{code[:4]}-{code[4:]}")
    assert (got.kind, got.text) == ("code", "[code]")
    assert (await challenge(ledger, key)).tries == 0


async def test_a_code_that_waits_to_leave_has_all_its_time(ledger: Ledger) -> None:
    """Its time begins when it leaves; meanwhile no second one is wanted."""
    ticket, made = await settled(ledger), codes_of(ledger)
    assert await made.want(ticket.id, 1, ON_FILE)
    (key,) = await made.unsent(ticket.id)
    async with ledger.database.transaction() as session:
        row = await session.get_one(IdentityChallenge, key)
        row.expires_at = now() - timedelta(hours=1)
        session.add(row)
    assert await made.want(ticket.id, 2, ON_FILE)
    assert await made.unsent(ticket.id) == [key]
    assert not await made.is_out(ticket.id)
    await made.left(key)
    assert await made.is_out(ticket.id)


async def test_without_a_challenge_a_message_is_stored_as_it_is(ledger: Ledger) -> None:
    """Numbers are numbers."""
    ticket = await settled(ledger)
    assert await write(ledger, ticket, "Call 1234 5678") == "Call 1234 5678"


async def test_no_code_is_in_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """Neither while it is on its way, nor after it was used or missed."""
    ticket = await settled(ledger)
    _, code = await sent(ledger, ticket)
    await write(ledger, ticket, f"my code: {code[:4]} {code[4:]}")
    for file in tmp_path.glob("deskhand.db*"):  # noqa: ASYNC240 - a handful of small files
        raw = file.read_bytes()
        assert code.encode() not in raw
        assert f"{code[:4]} {code[4:]}".encode() not in raw


def _pepper_of(home: Path) -> bytes:
    return read_hmac_key(home)


def test_processes_that_start_at_once_share_one_pepper(tmp_path: Path) -> None:
    """Whoever makes the file first; it is for its owner alone."""
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        found = pool.map(_pepper_of, [tmp_path] * 6)
    assert len(set(found)) == 1
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == [FILE]


def test_a_short_pepper_is_refused(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(ValueError, match="at least 16 characters"):
        read_hmac_key(tmp_path, "short")

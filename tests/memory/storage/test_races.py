"""What SQLite's one writer hides: on both engines, of several at once each does its part once."""

from functools import partial

import pytest

from memory.budgets.amounts import Amounts, BudgetRefused, BudgetScope, Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.budgets.ledger import balance, ticket_account
from memory.effects import EffectLedger, Intent
from memory.journal import journal
from memory.journal.events import ToolCalled
from memory.people import logins, people, second_factor, totp
from memory.tables import (
    EffectStatus,
    Outcome,
    Ticket,
    TicketStatus,
    now,
)
from memory.tickets import intake, lifecycle, tickets
from memory.tickets.lifecycle import Begun, Held, Moved
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.storage.together import AT_ONCE, ROUNDS, together


async def test_a_journal_has_no_gap_and_no_number_twice(ledger: Ledger) -> None:
    """Branches of one drive write at the same moment."""
    ticket = await ledger.accept()

    async def write() -> None:
        async with ledger.database.transaction() as session:
            events = [ToolCalled(tool="x"), ToolCalled(tool="y")]
            await journal.append_at(session, ticket.id, TENANT, turn=1, epoch=1, events=events)

    await together([write] * AT_ONCE)
    async with ledger.database.reading() as session:
        rows = await journal.of_ticket(session, ticket.id)
    assert [row.seq for row in rows] == list(range(1, 2 * AT_ONCE + 2))


@pytest.mark.parametrize("same_body", [True, False])
async def test_one_key_makes_one_ticket(ledger: Ledger, *, same_body: bool) -> None:
    """Posts at once with one Idempotency-Key: one is stored, and nobody meets another error."""

    async def post(digest: str) -> intake.Accepted:
        async with ledger.database.transaction() as session:
            return await intake.accept(
                session,
                ledger.queue,
                tenant=TENANT,
                new=intake.NewTicket("", "hello"),
                key="k",
                digest=digest,
            )

    digests = ["d" if same_body else f"d{number}" for number in range(20)]
    found = await together([partial(post, one) for one in digests])
    stored = [one for one in found if isinstance(one, intake.Accepted)]
    assert len({one.ticket.id for one in stored}) == 1
    assert sum(not one.repeated for one in stored) == 1
    assert len(stored) == (20 if same_body else 1)
    assert len(await ledger.jobs()) == 1


async def test_two_drives_never_have_one_epoch(ledger: Ledger) -> None:
    """Of two that begin the same run each gets its own, so that the older one is fenced."""
    for _ in range(ROUNDS):
        ticket = await ledger.accept()

        async def begin(ticket: Ticket = ticket) -> int:
            async with ledger.database.transaction() as session:
                begun = await lifecycle.begin(session, ticket.id, run=1)
                assert isinstance(begun, Begun)
                return begun.ticket.epoch

        assert sorted(await together([begin, begin])) == [1, 2]


async def test_settling_and_taking_over_cannot_both_win(ledger: Ledger) -> None:
    """A run that ends at the moment at which a person takes its ticket: one of them is late."""
    for _ in range(ROUNDS):
        ticket = await ledger.accept()
        async with ledger.database.transaction() as session:
            running = lifecycle.made(await lifecycle.begin(session, ticket.id, run=1))

        async def settle(seen: Ticket = running) -> Moved | Held:
            async with ledger.database.transaction() as session:
                return await lifecycle.settle(
                    session, seen.id, epoch=seen.epoch, outcome=Outcome.DELIVERED
                )

        async def take(seen: Ticket = running) -> Moved | Held:
            async with ledger.database.transaction() as session:
                return await lifecycle.take_over(session, seen, reason="taken_over")

        settled, taken = await together([settle, take])
        assert isinstance(settled, Moved) != isinstance(taken, Moved)
        async with ledger.database.reading() as session:
            stands = await tickets.get(session, TENANT, ticket.id)
        wanted = TicketStatus.SETTLED if isinstance(settled, Moved) else TicketStatus.WAITING
        assert stands.status == wanted


async def test_messages_at_once_are_numbered_without_a_gap(ledger: Ledger) -> None:
    """A customer's system sends several; each is stored, in some order."""
    ticket = await ledger.accept()

    async def write() -> None:
        await ledger.write(ticket.id, "and more")

    await together([write] * AT_ONCE)
    async with ledger.database.reading() as session:
        told = await tickets.messages(session, ticket.id)
    assert [one.seq for one in told] == list(range(1, AT_ONCE + 2))


async def test_one_of_many_makes_an_effect(ledger: Ledger) -> None:
    """The others find it in doubt, and leave it alone."""
    ticket = await ledger.accept()
    effects = EffectLedger(ledger.database)
    intent = Intent("k", ticket.id, TENANT, 1, "refund", "f", epoch=1)
    found = await together([lambda: effects.begin(intent)] * AT_ONCE)
    assert sum(one.proceed for one in found) == 1
    again = await together([lambda: effects.again(intent)] * AT_ONCE)
    assert sum(one.status is EffectStatus.INTENDED for one in again) == 1


async def test_many_reserve_no_more_than_there_is(ledger: Ledger) -> None:
    """The first calls of a turn open the accounts at the same moment."""
    ticket = await ledger.accept()
    scope = BudgetScope(TENANT, ticket.id, 1)
    budget = LedgerBudget(ledger.database, turn=Ceiling(tool_calls=5))

    async def hold() -> object:
        return await budget.reserve(scope, Amounts(tool_calls=1))

    found = await together([hold] * AT_ONCE)
    assert sum(isinstance(one, BudgetRefused) for one in found) == AT_ONCE - 5
    async with ledger.database.reading() as session:
        assert (await balance(session, ticket_account(ticket.id)))["tool_calls"] == (0, 5)


async def test_guesses_at_once_are_all_counted(ledger: Ledger) -> None:
    """No more attempts than are allowed get as far as the password."""

    async def attempt() -> bool:
        async with ledger.database.transaction() as session:
            await logins.count_attempt(session, "ana@example.com", "192.0.2.1")
        return True

    found = await together([attempt] * (2 * logins.FAILURES_OF_ACCOUNT))
    assert sum(one is True for one in found) == logins.FAILURES_OF_ACCOUNT


@pytest.mark.parametrize("of_the_app", [True, False])
async def test_a_code_opens_one_login(ledger: Ledger, *, of_the_app: bool) -> None:
    """Whoever reads a code over a shoulder and types it at the same moment comes too late."""
    async with ledger.database.transaction() as session:
        ann = await people.create(
            session, TENANT, name="Ann", email="ann@example.com", role="agent", password="x"
        )
        secret = await second_factor.begin(session, ann)
        step = totp.step_at(now())  # a step later it is still good, and so is the next one
        recovery = await second_factor.confirm(session, ann, totp.code_of(secret, step), keep="")
    code = totp.code_of(secret, step + 1) if of_the_app else recovery[0]

    async def use() -> second_factor.Accepted:
        async with ledger.database.transaction() as session:
            return await second_factor.accept(session, ann, code)

    found = await together([use] * AT_ONCE)
    assert sum(isinstance(one, second_factor.Accepted) for one in found) == 1

"""What SQLite's one writer hides: on both engines, of several at once each does its part once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from memory import handoffs
from memory.budgets.amounts import Amounts, BudgetRefused, BudgetScope, Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.budgets.ledger import balance, ticket_account
from memory.effects import EffectLedger, Intent
from memory.handoffs import log as handoff_log
from memory.handoffs.decisions import Decision
from memory.journal import journal
from memory.journal.events import ToolCalled
from memory.people import logins, people, second_factor, totp
from memory.storage.database import MemoryFault
from memory.tables import (
    Correction,
    CorrectionKind,
    DecisionKind,
    EffectStatus,
    Handoff,
    HandoffStatus,
    Outcome,
    Ticket,
    TicketStatus,
    now,
)
from memory.tickets import intake, lifecycle, tickets
from memory.tickets.lifecycle import Begun, Held, Moved
from tests.memory.ledgers import TENANT, Ledger

AT_ONCE = 8
ROUNDS = 5


async def together(acts: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """What became of acts that begin at the same time; faults of memory stand for themselves."""
    found = await asyncio.gather(*(act() for act in acts), return_exceptions=True)
    unknown = [one for one in found if isinstance(one, BaseException)]
    assert all(isinstance(one, MemoryFault) for one in unknown), unknown
    return found


async def handed_off(ledger: Ledger, name: str) -> Handoff:
    """A ticket in the hands of people, claimed by nobody."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        handoff = await handoffs.open_once(
            session,
            Handoff(
                id=name,
                ticket_id=ticket.id,
                tenant=TENANT,
                turn=1,
                status=HandoffStatus.OPENING,
                reason="low_confidence",
                explanation="It is not known well enough.",
                story={"summary": "a question", "suggestion": {"text": "Here."}},
            ),
        )
        begun = await lifecycle.begin(session, ticket.id, run=1)
        assert isinstance(begun, Begun)
        moved = await lifecycle.rest(
            session, ticket.id, epoch=begun.ticket.epoch, interrupt_id="i", reason="low_confidence"
        )
        await handoffs.arrived(session, lifecycle.made(moved).id, handoff.id, "i")
    return handoff


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
    found = await together([lambda one=one: post(one) for one in digests])  # type: ignore[misc]
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
        async with ledger.database.transaction() as session:
            await intake.add_message(
                session,
                ledger.queue,
                tenant=TENANT,
                ticket_id=ticket.id,
                text="and more",
                key=None,
                digest="d",
            )

    await together([write] * AT_ONCE)
    async with ledger.database.reading() as session:
        told = await tickets.messages(session, ticket.id)
    assert [one.seq for one in told] == list(range(1, AT_ONCE + 2))


async def test_one_of_many_claims_holds(ledger: Ledger) -> None:
    """The others learn who has it."""
    handoff = await handed_off(ledger, "h1")

    async def claim(who: str) -> Handoff:
        async with ledger.database.transaction() as session:
            return await handoffs.claim(session, TENANT, handoff.id, who)

    people = [f"person {number}" for number in range(AT_ONCE)]
    found = await together([lambda who=who: claim(who) for who in people])  # type: ignore[misc]
    kinds = Counter(type(one).__name__ for one in found)
    assert kinds == {"Handoff": 1, "ClaimedByOther": AT_ONCE - 1}


async def test_one_of_many_decisions_counts(ledger: Ledger) -> None:
    """And one run carries it out."""
    handoff = await handed_off(ledger, "h1")
    before = len(await ledger.jobs())

    async def decide(who: str) -> Handoff:
        async with ledger.database.transaction() as session:
            return await handoffs.decide(
                session,
                ledger.queue,
                tenant=TENANT,
                handoff_id=handoff.id,
                who=who,
                decision=Decision(DecisionKind.APPROVE),
            )

    people = [f"person {number}" for number in range(AT_ONCE)]
    found = await together([lambda who=who: decide(who) for who in people])  # type: ignore[misc]
    assert sum(isinstance(one, Handoff) for one in found) == 1
    assert len(await ledger.jobs()) == before + 1


async def test_deciding_while_the_customer_writes_on_waits_in_no_ring(ledger: Ledger) -> None:
    """Both change the ticket and its handoff; both are stored, whoever was first."""
    for number in range(ROUNDS):
        handoff = await handed_off(ledger, f"h{number}")

        async def decide(handoff: Handoff = handoff) -> None:
            async with ledger.database.transaction() as session:
                await handoffs.decide(
                    session,
                    ledger.queue,
                    tenant=TENANT,
                    handoff_id=handoff.id,
                    who="Ana",
                    decision=Decision(DecisionKind.APPROVE),
                )

        async def write(handoff: Handoff = handoff) -> None:
            async with ledger.database.transaction() as session:
                added = await intake.add_message(
                    session,
                    ledger.queue,
                    tenant=TENANT,
                    ticket_id=handoff.ticket_id,
                    text="one more thing",
                    key=None,
                    digest="d",
                )
                await handoffs.customer_wrote(session, added)

        assert await together([decide, write]) == [None, None]


async def test_who_follows_the_queue_misses_no_event(ledger: Ledger) -> None:
    """Events become visible in the order of their numbers, so that a number is a place."""
    made = [await handed_off(ledger, f"h{number}") for number in range(AT_ONCE)]
    seen: list[int] = []
    done = asyncio.Event()

    async def act(handoff: Handoff) -> None:
        for who in ("Ana", "Ben"):
            async with ledger.database.transaction() as session:
                await handoffs.claim(session, TENANT, handoff.id, who)
                await asyncio.sleep(0)
            async with ledger.database.transaction() as session:
                await handoffs.release(session, TENANT, handoff.id, who)

    async def follow() -> None:
        after, last_look = 0, False
        while not last_look:
            last_look = done.is_set()
            async with ledger.database.reading() as session:
                for event in await handoff_log.since(session, TENANT, after):
                    assert event.id is not None
                    after = event.id
                    seen.append(event.id)

    follower = asyncio.create_task(follow())
    await together([lambda one=one: act(one) for one in made])  # type: ignore[misc]
    done.set()
    await follower
    async with ledger.database.reading() as session:
        everything = [event.id for event in await handoff_log.since(session, TENANT, 0)]
    assert seen == everything


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
        first = totp.code_of(secret, totp.step_at(now()) - 1)
        recovery = await second_factor.confirm(session, ann, first, keep="")
    code = totp.code_of(secret, totp.step_at(now())) if of_the_app else recovery[0]

    async def use() -> second_factor.Accepted:
        async with ledger.database.transaction() as session:
            return await second_factor.accept(session, ann, code)

    found = await together([use] * AT_ONCE)
    assert sum(isinstance(one, second_factor.Accepted) for one in found) == 1


async def test_a_correction_is_stored_once(ledger: Ledger) -> None:
    """Two people who mark the same at the same moment."""
    ticket = await ledger.accept()

    async def mark() -> Correction:
        new = handoffs.corrections.New(CorrectionKind.ANSWER_WRONG)
        async with ledger.database.transaction() as session:
            return await handoffs.corrections.make(
                session, tenant=TENANT, ticket=ticket, who="Ana", new=new
            )

    assert len({one.id for one in await together([mark] * AT_ONCE)}) == 1

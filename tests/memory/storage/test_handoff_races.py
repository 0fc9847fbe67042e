"""People who work on one handoff at once: one of them has it, and nobody misses a change."""

import asyncio
from collections import Counter
from functools import partial

from memory import handoffs
from memory.handoffs import corrections
from memory.handoffs import log as handoff_log
from memory.handoffs.decisions import Decision
from memory.tables import (
    Correction,
    CorrectionKind,
    DecisionKind,
    Handoff,
)
from tests.memory.ledgers import TENANT, Ledger
from tests.memory.storage.together import AT_ONCE, ROUNDS, handed_off, together


async def test_one_of_many_claims_holds(ledger: Ledger) -> None:
    """The others learn who has it."""
    handoff = await handed_off(ledger, "h1")

    async def claim(who: str) -> Handoff:
        async with ledger.database.transaction() as session:
            return await handoffs.claim(session, TENANT, handoff.id, who)

    people = [f"person {number}" for number in range(AT_ONCE)]
    found = await together([partial(claim, who) for who in people])
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
    found = await together([partial(decide, who) for who in people])
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
            await ledger.write(handoff.ticket_id, "one more thing")

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
    await together([partial(act, one) for one in made])
    done.set()
    await follower
    async with ledger.database.reading() as session:
        everything = [event.id for event in await handoff_log.since(session, TENANT, 0)]
    assert seen == everything


async def test_a_correction_is_stored_once(ledger: Ledger) -> None:
    """Two people who mark the same at the same moment."""
    ticket = await ledger.accept()

    async def mark() -> Correction:
        new = corrections.New(CorrectionKind.ANSWER_WRONG)
        async with ledger.database.transaction() as session:
            return await corrections.make(session, tenant=TENANT, ticket=ticket, who="Ana", new=new)

    assert len({one.id for one in await together([mark] * AT_ONCE)}) == 1

"""The journal: numbered without a gap, bounded, and free of what does not belong in it."""

import asyncio

from memory.journal import journal
from memory.journal.codec import MAX_ERROR_CHARS
from memory.journal.codes import Node
from memory.journal.events import Fault, StepFailed, ToolCalled
from tests.memory.ledgers import Ledger

AT_ONCE = 30


async def test_rows_are_numbered_without_a_gap(ledger: Ledger) -> None:
    """Though branches write at once."""
    ticket = await ledger.accept()

    async def write(number: int) -> None:
        async with ledger.database.transaction() as session:
            await journal.append(session, ticket, ToolCalled(tool=f"s{number}"))

    await asyncio.gather(*(write(number) for number in range(AT_ONCE)))
    async with ledger.database.reading() as session:
        rows = await journal.of_ticket(session, ticket.id)
        later = await journal.of_ticket(session, ticket.id, after=AT_ONCE, limit=5)
    assert [row.seq for row in rows] == list(range(1, AT_ONCE + 2))
    assert [row.seq for row in later] == [AT_ONCE + 1]


async def test_nothing_is_told_of_an_erased_ticket(ledger: Ledger) -> None:
    """A call that ended behind its ticket's erasure leaves no line."""
    events = [ToolCalled(tool="s")]
    async with ledger.database.transaction() as session:
        await journal.append_at(session, "tkt_gone", "acme", turn=1, epoch=1, events=events)
    async with ledger.database.reading() as session:
        assert await journal.of_ticket(session, "tkt_gone") == []


async def test_a_long_error_is_cut(ledger: Ledger) -> None:
    """A row stays a row."""
    ticket = await ledger.accept()
    failed = StepFailed(node=Node.PLAN, error=Fault(None, "x" * 10_000), duration_ms=1.23456)
    async with ledger.database.transaction() as session:
        await journal.append(session, ticket, failed)
    async with ledger.database.reading() as session:
        row = (await journal.of_ticket(session, ticket.id))[-1]
    assert (len(row.error or ""), row.duration_ms) == (MAX_ERROR_CHARS, 1.23)

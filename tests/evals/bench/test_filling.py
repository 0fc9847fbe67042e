"""A ledger is filled with copies that hold what the product wrote of a ticket, each its own."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from evals.bench import filling
from memory.journal import journal
from memory.journal.codes import RunCause
from memory.journal.events import RunBegan, TurnSettled
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import JournalRow, Message, Outcome, Ticket
from memory.tickets import fulltext
from tests.memory.ledgers import TENANT, Ledger
from tests.postgres import copy_of

COPIES = 7


@pytest.fixture
async def ledger(tmp_path: Path, template: Path) -> AsyncIterator[Ledger]:
    """A copy of the migrated ledger."""
    url = copy_of(template, tmp_path)
    opened = Ledger(Database(url), Queue(url))
    yield opened
    opened.queue.close()
    await opened.database.close()


async def test_copies_are_tickets_of_their_own(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many rows each, found by their words and counted; more of them later are others."""
    ticket = await ledger.accept("where is my parcel")
    async with ledger.database.transaction() as session:
        began, ended = RunBegan(cause=RunCause.ACCEPTED), TurnSettled(outcome=Outcome.DELIVERED)
        await journal.append(session, ticket, began, ended)
    monkeypatch.setattr(filling, "AT_ONCE", 3)
    url = ledger.database.url
    for before in (0, COPIES):
        await filling.filled(url, [ticket.id], COPIES, before=before)
    async with ledger.database.reading() as session:
        tickets = (await session.exec(select(Ticket))).all()
        assert len({one.id for one in tickets}) == 2 * COPIES + 1
        assert len({len(one.id) for one in tickets}) == 1
        assert Counter(one.counted for one in tickets) == {True: 2 * COPIES, None: 1}
        for table in (JournalRow, Message):
            rows = select(col(table.ticket_id), func.count()).group_by(col(table.ticket_id))
            each = dict((await session.exec(rows)).all())
            assert set(each) == {one.id for one in tickets}
            assert len(set(each.values())) == 1
        found = fulltext.matching(session, TENANT, "parcel")
        assert found is not None
        assert len((await session.exec(found)).all()) == 2 * COPIES + 1  # type: ignore[call-overload]
    oldest = min(tickets, key=lambda one: one.created_at)
    newest = max(tickets, key=lambda one: one.created_at)
    assert newest.id == ticket.id
    assert oldest.id == min(one.id for one in tickets)  # ids sort by time, as the product's do

"""Old journals go in bounded batches; a living ticket keeps all of its rows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from memory.journal import journal, retention
from memory.journal.events import TriageRan
from memory.storage.database import Database
from memory.tables import JournalRow, Ticket, TicketStatus, now
from tests.desks import settings_in

DAYS = 30
OLD = timedelta(days=31)


@pytest.fixture
async def ledger(tmp_path: Path, template: Path) -> AsyncIterator[Database]:
    """A fresh ledger."""
    async with Database(settings_in(tmp_path / "home", template).ledger_url) as found:
        yield found


async def ticket(ledger: Database, name: str, status: str, ago: timedelta) -> None:
    """A ticket with two rows of the journal."""
    moment = now() - ago
    async with ledger.transaction() as session:
        made = Ticket(id=name, tenant="acme", subject="", status=status, created_at=moment)
        made.ended_at = moment if status in {"settled", "waiting"} else None
        session.add(made)
        await session.flush()
        entry = TriageRan()
        await journal.append(session, made, entry, entry)


async def left(ledger: Database) -> list[str]:
    """Tickets that have rows."""
    async with ledger.reading() as session:
        return sorted(set((await session.exec(select(JournalRow.ticket_id))).all()))


async def test_old_settled_tickets_are_forgotten(ledger: Database) -> None:
    """And no other: neither young ones, nor any that waits, runs or is queued."""
    await ticket(ledger, "old", TicketStatus.SETTLED, OLD)
    await ticket(ledger, "young", TicketStatus.SETTLED, timedelta(days=29))
    for status in (TicketStatus.WAITING, TicketStatus.RUNNING, TicketStatus.QUEUED):
        await ticket(ledger, status.value, status, OLD)
    assert await retention.forget_journals(ledger, DAYS) == 1
    assert await left(ledger) == ["queued", "running", "waiting", "young"]
    assert await retention.forget_journals(ledger, DAYS) == 0


async def test_a_pass_is_bounded(ledger: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the write lock for batches, and comes again for the rest."""
    monkeypatch.setattr(retention, "BATCH_TICKETS", 2)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    for number in range(7):
        await ticket(ledger, f"t{number}", TicketStatus.SETTLED, OLD)
    assert [await retention.forget_journals(ledger, DAYS) for _ in range(3)] == [4, 3, 0]
    assert await left(ledger) == []

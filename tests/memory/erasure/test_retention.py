"""Each class of data ends when its time has come, and what still waits keeps everything."""

from datetime import timedelta
from pathlib import Path

from memory.erasure.erasing import Eraser
from memory.erasure.retention import Periods, Retention
from memory.tables import AuditRow, Handoff, Memory, Message, Ticket, TicketStatus, now
from memory.tickets import lifecycle
from tests.memory.erasure.person import eraser_of, everywhere, thread, write
from tests.memory.ledgers import TENANT, Ledger

DAY = timedelta(days=1)
PERIODS = Periods(checkpoints=2, stories=4, texts=8, memories=6, audit=3, engine=1)


def retention_of(ledger: Ledger, eraser: Eraser) -> Retention:
    """Short periods, on the eraser's ledger and files."""
    return Retention(ledger.database, ledger.queue, eraser.checkpoints, eraser.index, PERIODS)


async def settled(ledger: Ledger, *, status: str = TicketStatus.SETTLED) -> Ticket:
    """A ticket that has ended now, with a row of each kind."""
    ticket = await ledger.accept("hello")
    await write(ledger, *everywhere(ticket))
    async with ledger.database.transaction() as session:
        stored = await session.get_one(Ticket, ticket.id)
        stored.status, stored.ended_at, stored.epoch = status, now(), 1
        memory = await session.get_one(Memory, f"m{ticket.id}")
        memory.expires_at = now() + 365 * DAY
    return ticket


async def test_each_class_ends_in_its_time(ledger: Ledger, tmp_path: Path) -> None:
    """Thread, audit, story, memory and at last the ticket itself, each on its day and not before."""
    eraser = eraser_of(ledger, tmp_path)
    ticket = await settled(ledger)
    await write(ledger, AuditRow(tenant=TENANT, who="ann", via="key", action="login"))
    async with thread(eraser, ticket.id, masked="x"):
        pass
    retention = retention_of(ledger, eraser)

    gone: dict[str, int] = {}
    for day in range(1, 10):
        counts = await retention.enforce(now() + day * DAY + timedelta(minutes=1))
        gone |= {name: day for name, count in counts.items() if count and name != "engine"}

    assert gone == {"checkpoints": 2, "audit": 3, "stories": 4, "memories": 6, "texts": 8}
    async with ledger.database.reading() as session:
        assert await session.get(Ticket, ticket.id) is None
        assert await session.get(Message, 1) is None


async def test_what_waits_for_a_person_keeps_everything(ledger: Ledger, tmp_path: Path) -> None:
    """However old it is; only what was remembered of it goes."""
    eraser = eraser_of(ledger, tmp_path)
    ticket = await settled(ledger, status=TicketStatus.WAITING)
    async with thread(eraser, ticket.id, masked="x"):
        pass
    counts = await retention_of(ledger, eraser).enforce(now() + 5 * DAY)
    assert {name for name, count in counts.items() if count} <= {"engine"}
    assert await eraser.checkpoints.newest(ticket.id) is not None
    async with ledger.database.reading() as session:
        assert (await session.get_one(Handoff, f"hnd_{ticket.id}")).story


async def test_the_next_turn_begins_without_a_thread(ledger: Ledger, tmp_path: Path) -> None:
    """The thread of a settled ticket goes; its next drive opens a new one and is not fenced off."""
    eraser = eraser_of(ledger, tmp_path)
    ticket = await settled(ledger)
    async with thread(eraser, ticket.id, masked="x"):
        pass
    await retention_of(ledger, eraser).enforce(now() + 3 * DAY)
    async with ledger.database.transaction() as session:
        queued = lifecycle.made(await lifecycle.next_turn(session, ledger.queue, ticket.id))
        begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=queued.run))
    async with eraser.checkpoints.saver(ticket.id, begun.epoch) as saver:
        assert await saver.aget_tuple({"configurable": {"thread_id": ticket.id}}) is None


async def test_jobs_that_are_to_be_done_stay(ledger: Ledger, tmp_path: Path) -> None:
    """Of the engine's jobs only the ended ones go."""
    eraser = eraser_of(ledger, tmp_path)
    done, _ = await ledger.accept("a"), await ledger.accept("b")
    await ledger.queue.client.cancel_workflow_async(f"ticket:{done.id}:1")
    counts = await retention_of(ledger, eraser).enforce(now() + 2 * DAY)
    assert counts["engine"] == 1
    assert len(await ledger.jobs()) == 1

"""The workers count each ticket once, whoever else counts, dies or was overtaken meanwhile."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, select
from structlog.testing import capture_logs

from memory.erasure import rows as erasing
from memory.insight import sums
from memory.insight.durations import MOST_ERROR, SHORTEST, quantile, step_of
from memory.insight.missed import Missed
from memory.insight.sums import DAY_HOURS, Window
from memory.journal import journal
from memory.journal.events import ToolCalled
from memory.journal.journal import Line
from memory.journal.retention import forget_journals
from memory.storage.database import Database
from memory.storage.errors import Fenced
from memory.storage.step import Step
from memory.storage.units import Statements
from memory.tables import (
    InsightSum,
    InsightTicket,
    JournalRow,
    Outcome,
    Span,
    Ticket,
    TicketStatus,
    now,
)
from tests.memory.insight.by_rows import percentiles
from tests.memory.insight.comparing import compare
from tests.memory.insight.histories import MINUTES, MOMENT, START, History
from tests.memory.ledgers import Ledger

WHOLE = Window.of(START, START + timedelta(minutes=MINUTES))
ACT = {
    "ticket": 0,
    "minutes": 30,
    "end": Outcome.DELIVERED,
    "value": 0.7,
    "held_to": 0.6,
    "intent": "login",
}


async def told(ledger: Ledger, *kinds: str) -> History:
    """A ticket to which this happened."""
    history = History(ledger.database)
    await history.begin([0])
    for kind in kinds:
        await history.act({**ACT, "kind": kind, "yes": True}, tickets=1)
    return history


async def counted(database: Database, ticket_id: str) -> bool | None:
    """Whether the sums hold it as it stands."""
    async with database.reading() as session:
        query = select(Ticket.counted).where(Ticket.id == ticket_id)
        return (await session.exec(query)).one()


async def test_several_workers_count_each_ticket_once(ledger: Ledger) -> None:
    """They look at the same tickets at the same time, and again after more has happened."""
    history = History(ledger.database)
    await history.begin([number % 90 for number in range(150)])
    for round_ in range(2):
        for number in range(0, 150, 1 + 6 * round_):
            await history.act({**ACT, "kind": "turn", "ticket": number}, tickets=150)
        async with Database(ledger.database.url) as other:
            units = (ledger.database.units, other.units, ledger.database.units)
            done = await asyncio.gather(*(sums.catch_up(one) for one in units))
        while await sums.catch_up(ledger.database.units):
            pass
        assert sum(done) <= 150
        compare(*await history.read(WHOLE, MOMENT))


async def test_a_worker_that_dies_over_it_counts_nothing(ledger: Ledger) -> None:
    """All of it is one transaction, and the next one does it."""
    history = await told(ledger, "turn")

    def dies(do: Statements) -> None:
        assert sums.count_in(do, tickets=[history.id_of(0)]) == 1
        raise RuntimeError("the worker dies")

    with pytest.raises(RuntimeError, match="dies"):
        await ledger.database.units.write(dies)
    async with ledger.database.reading() as session:
        assert (await session.exec(select(InsightTicket))).all() == []
        assert (await session.exec(select(InsightSum))).all() == []
    assert await sums.catch_up(ledger.database.units) == 1
    assert await sums.catch_up(ledger.database.units) == 0
    compare(*await history.read(WHOLE, MOMENT))


async def test_what_an_overtaken_drive_writes_is_counted_too(ledger: Ledger) -> None:
    """A fact of a zombie is written behind the ticket's end, and costs something."""
    history = await told(ledger, "turn")
    ticket_id = history.id_of(0)
    async with ledger.database.transaction() as session:
        await session.exec(update(Ticket).where(col(Ticket.id) == ticket_id).values(epoch=2))
    await sums.catch_up(ledger.database.units)
    assert await counted(ledger.database, ticket_id)
    step = Step(ledger.database.units, ticket_id, epoch=1)
    step.tell(
        journal.tell_in, [Line(history.tenant, ToolCalled(tool="pay", cost_micros=9))], fact=True
    )
    with pytest.raises(Fenced):
        await step.flush()
    assert await counted(ledger.database, ticket_id) is None
    for _ in range(2):
        found, rows = await history.read(WHOLE, MOMENT)
        compare(found, rows)
        assert rows.spent["name", "pay"] == [1, 0, 9]
        await sums.catch_up(ledger.database.units)


async def test_a_ticket_stays_counted_when_its_journal_was_kept_long_enough(
    ledger: Ledger,
) -> None:
    """The figures are those of before, also of one that nobody had counted until then."""
    history = await told(ledger, "turn", "judged")
    other = await told(ledger, "begun")
    await sums.catch_up(ledger.database.units)
    before, _ = await history.read(WHOLE, MOMENT)
    async with ledger.database.transaction() as session:
        ended = {"ended_at": START, "outcome": "delivered", "status": TicketStatus.SETTLED}
        await session.exec(update(Ticket).values(ended))
        mine = col(Ticket.tenant) == other.tenant
        await session.exec(update(Ticket).where(mine).values(counted=None))
    assert await forget_journals(ledger.database, days=1) == 2
    await sums.catch_up(ledger.database.units)
    assert (await history.read(WHOLE, MOMENT))[0] == before
    left, _ = await other.read(WHOLE, MOMENT)
    assert left.cells["f\tanswered"] == 1


async def test_nothing_is_left_of_a_ticket_that_is_erased(ledger: Ledger) -> None:
    """Neither what it added nor a sum that held it alone; its neighbour's stay."""
    history, other = await told(ledger, "turn"), await told(ledger, "turn")
    await sums.catch_up(ledger.database.units)
    async with ledger.database.transaction() as session:
        counts = await erasing.remove(session, history.id_of(0))
    assert counts["insight_tickets"] == 1
    async with ledger.database.reading() as session:
        (mine,) = (await session.exec(select(InsightTicket))).all()
        kept = {one.tenant for one in (await session.exec(select(InsightSum))).all()}
    assert (mine.ticket_id, kept) == (other.id_of(0), {other.tenant})


async def test_more_than_a_reader_counts_itself_is_said(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the first minutes of an installation that had tickets before there were sums."""
    history = History(ledger.database)
    await history.begin([0, 1, 2])
    monkeypatch.setattr(sums, "MOST_LIVE", 2)
    found, _ = await history.read(WHOLE, MOMENT, all_of_them=False)
    assert found.cells["t"] == 2
    await sums.catch_up(ledger.database.units)
    compare(*await history.read(WHOLE, MOMENT))


async def test_a_run_under_way_is_counted_by_whoever_reads(ledger: Ledger) -> None:
    """It soon counts otherwise; one that has been so for long is counted as what it is."""
    ticket = await ledger.accept()
    assert await sums.catch_up(ledger.database.units) == 0
    long_ago = now() - timedelta(seconds=2 * sums.UNDER_WAY_SECONDS)
    async with ledger.database.transaction() as session:
        await session.exec(update(Ticket).values(updated_at=long_ago))
    assert await sums.catch_up(ledger.database.units) == 1
    assert await counted(ledger.database, ticket.id)
    window = Window.of(ticket.created_at, now())
    read = partial(
        sums.read_in, tenant=ticket.tenant, window=window, at=now(), quiet=timedelta(hours=1)
    )
    found, _ = await ledger.database.units.read(read)
    assert (found.cells["t"], found.cells["f\trunning"]) == (1, 1)
    await ledger.write(ticket.id, "and this")
    assert await counted(ledger.database, ticket.id) is None
    found, _ = await ledger.database.units.read(read)
    assert (found.cells["t"], found.cells["w"]) == (1, 1)


async def test_what_a_program_of_before_writes_is_counted_in_the_end(ledger: Ledger) -> None:
    """It marks nothing: whoever looks through the journal's new lines finds it, once."""
    history, other = await told(ledger, "turn"), await told(ledger, "turn")
    units = ledger.database.units
    await sums.catch_up(units)
    missed = Missed(units)
    assert await missed.look() == 0
    await history.act({**ACT, "kind": "wrote"}, tickets=1)
    async with ledger.database.transaction() as session:
        mine = col(Ticket.id) == history.id_of(0)
        await session.exec(update(Ticket).where(mine).values(counted=True))
    assert (await missed.look(), await Missed(units).look()) == (1, 0)
    assert await counted(ledger.database, other.id_of(0))
    assert await sums.catch_up(units) == 1
    assert (await missed.look(), await Missed(units).look()) == (0, 0)
    found, rows = await history.read(WHOLE, MOMENT)
    assert found.cells["w"] == 1
    compare(found, rows)


async def test_a_ticket_that_cannot_be_counted_stops_nobody(ledger: Ledger) -> None:
    """Whatever its rows hold: the others are counted, and it stays as it was until it changes."""
    history, other = await told(ledger, "turn"), await told(ledger, "turn")
    await sums.catch_up(ledger.database.units)
    await history.act({**ACT, "kind": "turn"}, tickets=1)
    await other.act({**ACT, "kind": "turn"}, tickets=1)
    numbers = col(JournalRow.numbers)
    async with ledger.database.transaction() as session:
        mine = col(JournalRow.ticket_id) == history.id_of(0), col(JournalRow.kind) == "decision"
        before = (await session.exec(select(JournalRow.id, numbers).where(*mine))).all()
        await session.exec(update(JournalRow).where(*mine).values(numbers={"threshold": 0.5}))
    with capture_logs() as lines:
        assert await sums.catch_up(ledger.database.units) == 1
        assert await sums.catch_up(ledger.database.units) == 0
    assert [line["ticket"] for line in lines] == [history.id_of(0)]
    compare(*await other.read(WHOLE, MOMENT))
    async with ledger.database.transaction() as session:
        for row, was in before:
            mended = update(JournalRow).where(col(JournalRow.id) == row).values(numbers=was)
            await session.exec(mended)
    await history.act({**ACT, "kind": "wrote"}, tickets=1)
    compare(*await history.read(WHOLE, MOMENT))


@given(st.integers(-50, 50), st.integers(1, 100))
def test_a_window_is_made_of_each_of_its_hours_once(first: int, long: int) -> None:
    """Whole days where there are any, whatever hours it begins and ends with."""
    window = Window(first, first + long)
    hours: list[int] = []
    for span, begin, end in window.parts:
        size = DAY_HOURS if span is Span.DAY else 1
        hours += range(begin * size, end * size)
    assert hours == list(range(window.first, window.end))


@given(st.lists(st.floats(0, 1e8), min_size=1, max_size=40))
def test_a_quantile_of_steps_is_within_its_error(seconds: list[float]) -> None:
    """Of any durations, the median and the ninth tenth."""
    steps = [step_of(one) for one in seconds]
    counts = {step: steps.count(step) for step in steps}
    for share, true in zip((0.5, 0.9), percentiles(sorted(seconds)), strict=True):
        told = quantile(counts, share)
        assert told is not None
        assert true is not None
        assert abs(told - true) <= MOST_ERROR * true + SHORTEST

"""Keeps what tickets add up to, by tenant, hour and day: what the figures are read from.

A ticket counts anew whenever its journal has a new line: `tickets.counted` is null until then (see
`recount_in`). The workers take what it added before out of the sums and add what it comes to now,
in one transaction that holds the ticket, so that nothing is counted twice or lost by a crash, and
a process that was overtaken finds the ticket counted. Until they did, whoever reads the figures
does the same for itself: they are those of the present moment.

A ticket that is erased is taken out. One whose journal was kept long enough stays counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from memory.insight.apart import counted_apart
from memory.insight.cells import (
    Cells,
    Facts,
    counted,
    read,
    resting,
    resting_of,
    sum_read,
    sum_written,
    written,
)
from memory.insight.facts import HELD, Held, facts_of, moment
from memory.insight.figures import Sums
from memory.insight.lives import first_fresh, hour_of
from memory.storage.units import Statements, Units, marks
from memory.tables import Span, now

AT_ONCE = 8
"""Tickets that are counted in one transaction: of 64 the write lock was held for up to 45 ms."""
MOST_BATCHES = 100
"""Transactions of one round."""
MOST_LIVE = 500
"""Tickets not counted yet that whoever reads the figures counts for itself."""
BREATH_SECONDS = 0.02
"""Between two transactions, so that whoever acknowledges a ticket gets the write lock meanwhile."""
UNDER_WAY_SECONDS = 30.0
"""A ticket that is queued or runs is counted if it has been so for as long: it soon counts otherwise."""
DAY_HOURS = 24
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DUE = (
    "SELECT tenant, id FROM tickets WHERE counted IS NULL"
    " AND (status IN ('waiting', 'settled') OR updated_at < ?)"
)
BEFORE = " AND (tenant, id) < (?, ?)"
NEWEST_DUE = " ORDER BY tenant DESC, id DESC LIMIT ?"
LIVE = f"SELECT {HELD} FROM tickets WHERE tenant = ? AND counted IS NULL ORDER BY id DESC LIMIT ?"  # noqa: S608 - our own names
HOLD = f"SELECT {HELD} FROM tickets WHERE id IN ({{}}) AND counted IS NULL ORDER BY id"  # noqa: S608 - our own names
ONE = f"SELECT {HELD} FROM tickets WHERE id = ?"  # noqa: S608 - our own names
COUNTED = "UPDATE tickets SET counted = TRUE WHERE id IN ({})"
ADDED = "SELECT ticket_id, rests_at, cells, seq FROM insight_tickets WHERE ticket_id IN ({})"
ADD = (
    "INSERT INTO insight_tickets (ticket_id, rests_at, cells, seq) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (ticket_id) DO UPDATE"
    " SET rests_at = excluded.rests_at, cells = excluded.cells, seq = excluded.seq"
)
FORGET = "DELETE FROM insight_tickets WHERE ticket_id = ?"
TAKE = (
    "INSERT INTO insight_sums (tenant, span, at, cells) VALUES (?, ?, ?, '{}')"
    " ON CONFLICT (tenant, span, at) DO UPDATE SET cells = insight_sums.cells"
    " RETURNING cells, latest_at, latest_threshold"
)
"""A sum as it stands, which nobody else changes until the commit."""
_ONE_SUM = " WHERE tenant = ? AND span = ? AND at = ?"
PUT = f"UPDATE insight_sums SET cells = ?, latest_at = ?, latest_threshold = ?{_ONE_SUM}"  # noqa: S608 - our own text
DROP = f"DELETE FROM insight_sums{_ONE_SUM}"  # noqa: S608 - our own text
SUMS = (
    "SELECT cells, latest_at, latest_threshold FROM insight_sums"
    " WHERE tenant = ? AND span = ? AND at >= ? AND at < ?"
)
FOREVER = 2**31 - 1
"""No hour is as late."""

Key = tuple[str, Span, int]
Latest = tuple[int, float]
"""When an ask was judged, in microseconds, and the threshold it was held to."""


@dataclass(frozen=True)
class Window:
    """Tickets accepted from one hour up to, not including, another."""

    first: int
    end: int

    @classmethod
    def of(cls, since: datetime, until: datetime) -> Window:
        """The whole hours that hold it all."""
        return cls(hour_of(since), hour_of(until - timedelta(microseconds=1)) + 1)

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return EPOCH + self.first * HOUR

    @property
    def until(self) -> datetime:
        """The moment at which it has ended."""
        return EPOCH + self.end * HOUR

    @property
    def parts(self) -> Iterator[tuple[Span, int, int]]:
        """Whole days where there are any, and the hours around them."""
        first_day, end_day = -(-self.first // DAY_HOURS), self.end // DAY_HOURS
        if first_day >= end_day:
            yield Span.HOUR, self.first, self.end
            return
        yield Span.HOUR, self.first, first_day * DAY_HOURS
        yield Span.DAY, first_day, end_day
        yield Span.HOUR, end_day * DAY_HOURS, self.end


@dataclass(frozen=True)
class Added:
    """What one ticket adds to the sums."""

    rests_at: int | None
    cells: Cells
    seq: int | None
    """The last line of its journal that is in it."""

    def places(self, one: Held) -> Iterator[tuple[Key, Cells]]:
        """Where it is counted, and as what."""
        accepted = moment(one.created_at)
        hour = hour_of(accepted)
        yield (one.tenant, Span.HOUR, hour), self.cells
        yield (one.tenant, Span.DAY, hour // DAY_HOURS), self.cells
        if self.rests_at is not None:
            name = resting(self.cells, accepted)
            yield (one.tenant, Span.RESTING, self.rests_at), Counter([name])


@dataclass
class _Change:
    """What is to be done to one sum."""

    cells: Cells = field(default_factory=Counter)
    latest: Latest | None = None


async def catch_up(units: Units) -> int:
    """Count what is not counted as it stands, a bounded part of it; how many tickets that were."""
    done = 0
    last: tuple[str, str] | None = None
    for _ in range(MOST_BATCHES):
        due = await units.look(partial(_due, last=last))
        if due:
            tickets = sorted(ticket for _, ticket in due)
            done += await counted_apart(units, count_in, tickets)
            last = due[-1]
        if len(due) < AT_ONCE:
            break
        await asyncio.sleep(BREATH_SECONDS)
    return done


def _due(do: Statements, *, last: tuple[str, str] | None) -> list[tuple[str, str]]:
    """The next tickets to count, the newest of each tenant first."""
    before = do.moment(now() - timedelta(seconds=UNDER_WAY_SECONDS))
    behind = "" if last is None else BEFORE
    return [
        (tenant, ticket)
        for tenant, ticket in do.rows(DUE + behind + NEWEST_DUE, (before, *(last or ()), AT_ONCE))
    ]


def count_in(do: Statements, tickets: Sequence[str]) -> int:
    """Count these tickets, in the order of their ids, but for those that somebody else holds."""
    free = "" if do.is_sqlite else f"{do.lock} SKIP LOCKED"
    held = [Held(*row) for row in do.rows(HOLD.format(marks(tickets)) + free, tickets)]
    if not held:
        return 0
    ids = [one.id for one in held]
    before, facts = _added(do, ids), facts_of(do, held)
    changes: dict[Key, _Change] = defaultdict(_Change)
    for one in held:
        found = _adds(facts[one.id])
        _change(changes, one, before.get(one.id), found, _latest(facts[one.id]))
        if found != before.get(one.id):
            do.run(ADD, (one.id, found.rests_at, written(found.cells), found.seq))
    _apply(do, changes)
    do.run(COUNTED.format(marks(ids)), ids)
    return len(held)


def forget_in(do: Statements, ticket_id: str) -> int:
    """Take a ticket out of the sums, as an erasure wants it; whether it was in them."""
    row, before = do.row(ONE, (ticket_id,)), _added(do, [ticket_id])
    if row is None or not before:
        return 0
    changes: dict[Key, _Change] = defaultdict(_Change)
    _change(changes, Held(*row), before[ticket_id], None, None)
    _apply(do, changes)
    return do.run(FORGET, (ticket_id,))


def read_in(
    do: Statements, tenant: str, window: Window, at: datetime, quiet: timedelta
) -> tuple[Sums, bool]:
    """What the window's tickets add up to at a moment, and whether that is all of them.

    The caller's unit sees one moment of the ledger.
    """
    cells, latest = Counter[str](), None
    for span, first, end in window.parts:
        for stored, *last in do.rows(SUMS, (tenant, span, first, end)):
            cells.update(sum_read(stored))
            latest = _later(latest, None if last[0] is None else (last[0], last[1]))
    fresh, rest = Counter[str](), first_fresh(at, quiet)
    for stored, *_ in do.rows(SUMS, (tenant, Span.RESTING, rest, FOREVER)):
        fresh.update(sum_read(stored))
    live, is_all = _live(do, tenant)
    for (_, span, hour), change in live.items():
        if span is Span.HOUR and window.first <= hour < window.end:
            cells.update(change.cells)
            latest = _later(latest, change.latest)
        elif span is Span.RESTING and hour >= rest:
            fresh.update(change.cells)
    found = {resting_of(name): n for name, n in fresh.items()}
    inside = {one: n for one, n in found.items() if window.first <= one.created < window.end}
    return Sums(cells, inside, None if latest is None else latest[1]), is_all


def _live(do: Statements, tenant: str) -> tuple[Mapping[Key, _Change], bool]:
    """What the tickets that are not counted as they stand would change."""
    held = [Held(*row) for row in do.rows(LIVE, (tenant, MOST_LIVE + 1))]
    is_all, held = len(held) <= MOST_LIVE, held[:MOST_LIVE]
    before, facts = _added(do, [one.id for one in held]), facts_of(do, held)
    changes: dict[Key, _Change] = defaultdict(_Change)
    for one in held:
        found = facts[one.id]
        _change(changes, one, before.get(one.id), _adds(found), _latest(found))
    return changes, is_all


def _adds(facts: Facts) -> Added:
    return Added(facts.life.rests_at, counted(facts), facts.seq)


def _added(do: Statements, ids: Sequence[str]) -> dict[str, Added]:
    """What these tickets have added."""
    rows = do.rows(ADDED.format(marks(ids)), ids) if ids else []
    return {ticket: Added(rests_at, read(cells), seq) for ticket, rests_at, cells, seq in rows}


def _latest(facts: Facts) -> Latest | None:
    asks = ((one.at - EPOCH, one.threshold) for one in facts.asks)
    return max(((at // timedelta(microseconds=1), held_to) for at, held_to in asks), default=None)


def _later(one: Latest | None, other: Latest | None) -> Latest | None:
    return max((some for some in (one, other) if some is not None), default=None)


def _change(
    changes: dict[Key, _Change],
    one: Held,
    before: Added | None,
    after: Added | None,
    latest: Latest | None,
) -> None:
    """Note what a ticket changes that adds `after` instead of `before`."""
    if before is not None:
        for key, cells in before.places(one):
            changes[key].cells.subtract(cells)
    if after is not None:
        for key, cells in after.places(one):
            changes[key].cells.update(cells)
            if key[1] is not Span.RESTING:
                changes[key].latest = _later(changes[key].latest, latest)


def _apply(do: Statements, changes: Mapping[Key, _Change]) -> None:
    """Change the sums, in one order everywhere, as everybody does who holds several."""
    for key in sorted(changes):
        change = changes[key]
        if not any(change.cells.values()) and change.latest is None:
            continue
        row = do.row(TAKE, key)
        assert row is not None
        cells, latest = sum_read(row[0]), None if row[1] is None else (row[1], row[2])
        cells.update(change.cells)
        if any(cells.values()):
            do.run(
                PUT, (sum_written(cells), *(_later(latest, change.latest) or (None, None)), *key)
            )
        else:
            do.run(DROP, key)

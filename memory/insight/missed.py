"""Finds tickets that the sums hold although their journal has gone on, and has them counted anew.

Whoever writes a line says so (`recount_in`), but for a program of a version that knew no sums: in an
upgrade it writes beside ours, and a ticket that it settles may never get another line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from memory.storage.step import recount_in
from memory.storage.units import Statements, Units

LINES_AT_ONCE = 5_000
MOST_LINES = 50_000
"""So far back a worker looks that starts."""
OVERLAP_LINES = 1_000
"""Are looked at once more: a line may be committed behind those that have later numbers."""
LAST = "SELECT max(id) FROM journal"
BEYOND = (
    "SELECT told.ticket_id FROM (SELECT ticket_id, max(seq) AS seq FROM journal"
    " WHERE id > ? AND id <= ? GROUP BY ticket_id) told"
    " JOIN insight_tickets added ON added.ticket_id = told.ticket_id"
    " JOIN tickets ON tickets.id = told.ticket_id"
    " WHERE tickets.counted IS NOT NULL AND added.seq < told.seq ORDER BY told.ticket_id"
)
HOLD = "SELECT 1 FROM tickets WHERE id = ?"


@dataclass
class Missed:
    """Where one worker has got to in the journal."""

    units: Units
    _seen: int | None = None

    async def look(self) -> int:
        """How many tickets that were. Raises `StorageUnavailable`."""
        last, found = await self.units.look(_last), 0
        known = self._seen is not None and self._seen <= last  # an emptied journal begins anew
        first = (self._seen or 0) - OVERLAP_LINES if known else last - MOST_LINES
        for begin in range(max(first, 0), last, LINES_AT_ONCE):
            end = min(begin + LINES_AT_ONCE, last)
            missed = await self.units.look(partial(_beyond, first=begin, end=end))
            if missed:
                await self.units.write(partial(_recount, tickets=missed))
            found += len(missed)
        self._seen = last
        return found


def _last(do: Statements) -> int:
    row = do.row(LAST)
    return 0 if row is None or row[0] is None else int(row[0])


def _beyond(do: Statements, *, first: int, end: int) -> list[str]:
    return [ticket for (ticket,) in do.rows(BEYOND, (first, end))]


def _recount(do: Statements, *, tickets: Sequence[str]) -> None:
    """In the order of their ids, as everybody does who holds several."""
    for one in tickets:
        do.row(HOLD + do.lock, (one,))
        recount_in(do, one)

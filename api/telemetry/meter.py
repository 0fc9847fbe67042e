"""Keeps the sums of the journal up to date, and reads what stands in the ledger.

Every process that asks folds the same rows and comes to the same sums. They are kept in a file, or in
the database where there may be several machines, so that a restart goes on where any of them was, and
whichever is asked tells the same; the first one begins near the journal's end. A refresh reads
a bounded number of rows and is made every few seconds at most, however often it is asked for.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.telemetry.figures import Figures, JournalLine, figures_of, fold
from memory.budgets.amounts import Ceiling
from memory.insight import ledger_metrics
from memory.insight.ledger_metrics import BreakerCount, Spent, Standing
from memory.journal import journal
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from memory.tables import now

if TYPE_CHECKING:
    from memory.storage.kept_state import KeptStates

BATCH_ROWS = 5_000
MOST_BATCHES = 10
"""Of one refresh; what is left is reported as `deskhand_journal_behind_rows`."""
FIRST_BATCHES = 3
"""Of a process's first one, which is to come within a second; of the journal's end, where there are
no sums yet."""
REFRESH_SECONDS = 5.0
"""Younger figures are given again."""
SAVE_SECONDS = 60.0
"""How often the file is written."""
FILE_NAME = "metrics.json"
SUMS = "sums"
"""The kind under which they are kept in a database."""

Limits = Callable[[str], Awaitable[Ceiling | None]]
"""The day's budget of a tenant, None if no desk states one."""


@dataclass(frozen=True)
class Reading:
    """All figures at one moment."""

    figures: Figures
    behind: int
    standing: list[Standing]
    overdue: dict[str, int]
    spent: list[Spent]
    budgets: dict[str, Ceiling]
    breakers: list[BreakerCount]


@dataclass
class Meter:
    """The figures of one process."""

    database: Database
    folder: Path
    budget_of: Limits
    shared: KeptStates | None = None
    """Where sums are kept instead of the folder."""
    _figures: Figures | None = None
    _reading: Reading | None = None
    _read_at: float = 0.0
    _saved_at: float = field(default_factory=time.monotonic)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> Reading:
        """The figures, some seconds old at most. Raises `StorageUnavailable`."""
        async with self._lock:
            fresh = time.monotonic() - self._read_at < REFRESH_SECONDS
            if self._reading is None or not fresh:
                self._reading = await self._refresh()
                self._read_at = time.monotonic()
            return self._reading

    async def _refresh(self) -> Reading:
        figures, behind = await self._fold()
        async with self.database.reading() as session:
            tenants = sorted({labels[0] for labels in figures.counters.get(ACCEPTED, {})})
            reading = Reading(
                figures=figures,
                behind=behind,
                standing=await ledger_metrics.standing(session),
                overdue=await ledger_metrics.overdue(session),
                spent=await ledger_metrics.spent_today(session, tenants),
                budgets={},
                breakers=await ledger_metrics.breakers(session),
            )
        for tenant in tenants:
            ceiling = await self.budget_of(tenant)
            if ceiling is not None:
                reading.budgets[tenant] = ceiling
        await self._save(figures)
        return reading

    async def _fold(self) -> tuple[Figures, int]:
        """Take the new rows in; how many are left."""
        batches = FIRST_BATCHES if self._figures is None else MOST_BATCHES
        figures = self._figures or await self._begun()
        async with self.database.reading() as session:  # begun later than what was kept ends
            _, high = await journal.ends(session)
            if figures.last_id > high:
                figures.last_id = 0  # the journal was emptied, and its ids begin anew
            before = now() - timedelta(seconds=ledger_metrics.SETTLING_SECONDS)
            for _ in range(batches):
                rows = await ledger_metrics.journal_after(
                    session, figures.last_id, before, BATCH_ROWS
                )
                for row in rows:
                    fold(figures, JournalLine(*row))
                await asyncio.sleep(0)  # requests come first
                if len(rows) < BATCH_ROWS:
                    break
        self._figures = figures
        return figures, max(0, high - figures.last_id)

    async def _begun(self) -> Figures:
        async with self.database.reading() as session:
            low, high = await journal.ends(session)
        first = max(low - 1, high - BATCH_ROWS * FIRST_BATCHES, 0)
        return await asyncio.to_thread(self._load, first)

    def _load(self, first: int) -> Figures:
        """What was kept; else sums that begin behind this row. Raises `StorageUnavailable`."""
        figures = self._in_file() or Figures(last_id=first)
        if self.shared is None:
            return figures
        kept = self.shared.first(SUMS, FILE_NAME, json.dumps(figures.as_data()))
        return _read(kept) or figures

    def _in_file(self) -> Figures | None:
        try:
            return _read((self.folder / FILE_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None  # the sums begin anew, which Prometheus takes for a restart

    async def _save(self, figures: Figures) -> None:
        if time.monotonic() - self._saved_at >= SAVE_SECONDS:
            self._saved_at = time.monotonic()
            await asyncio.to_thread(self.save, figures)

    def save(self, figures: Figures) -> None:
        """Keep them in one move; what another process keeps is as true as ours."""
        if self.shared is not None:
            with suppress(StorageUnavailable):
                self.shared.put(SUMS, FILE_NAME, json.dumps(figures.as_data()))
            return
        temporary = self.folder / f"{FILE_NAME}.{secrets.token_hex(4)}"
        try:
            temporary.write_text(json.dumps(figures.as_data()), encoding="utf-8")
            os.replace(temporary, self.folder / FILE_NAME)  # noqa: PTH105 - atomic on both systems
        except OSError:
            temporary.unlink(missing_ok=True)  # a full disk costs the sums after a restart, no more

    async def close(self) -> None:
        """Keep the sums for the next process."""
        if self._figures is not None:
            await asyncio.to_thread(self.save, self._figures)


def _read(text: str) -> Figures | None:
    try:
        return figures_of(json.loads(text))
    except ValueError:
        return None


ACCEPTED = "deskhand_tickets_accepted"

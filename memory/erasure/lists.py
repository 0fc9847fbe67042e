"""Keeps the list of erased people on each machine, and the ledger's own rows, at the same.

A worker writes down whom its machine carries out; the ledger knows of all machines. So each list gets
what the ledger knows, and a machine that is lost takes nothing with it. A ledger that knows less than a list has been
brought back from a copy, or a standby took over that lagged: what it has forgotten is wanted again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlmodel import col, select

from memory.erasure import requests
from memory.erasure.sidecar import Entry, Sidecar
from memory.storage.database import Database
from memory.storage.engines import hold_name
from memory.tables import Erasure, ErasureStatus

log = structlog.get_logger()

LIST_SECONDS = 60.0
"""How often a worker looks, first when it starts."""
ROWS_AT_ONCE = 200


@dataclass
class ErasureLists:
    """This machine's list beside the ledger."""

    database: Database
    sidecar: Sidecar
    _written: set[str] = field(default_factory=set)
    """Ended erasures that stand in the list: they change no more."""

    async def look(self) -> None:
        """Bring each to what the other knows. Raises `StorageUnavailable`, `OSError`."""
        listed = await asyncio.to_thread(self.sidecar.entries)  # once: it may be long
        # After the list: what stands in it was in the ledger before.
        async with self.database.reading() as session:
            known = frozenset(await session.exec(select(Erasure.id)))
        await self._remind(listed, known)
        await self._write_down(listed, known)

    async def _remind(self, listed: Mapping[str, Entry], known: frozenset[str]) -> None:
        lost = sorted(listed.keys() - known)
        for begin in range(0, len(lost), ROWS_AT_ONCE):
            some = lost[begin : begin + ROWS_AT_ONCE]
            async with self.database.transaction() as session:
                await hold_name(session, "erasures", "reminded")
                await requests.restored(session, [listed[one] for one in some])
        if lost:
            log.warning("erasures_wanted_again", count=len(lost))
        self._written &= listed.keys()

    async def _write_down(self, listed: Mapping[str, Entry], known: frozenset[str]) -> None:
        wanted = sorted(known - self._written)
        for begin in range(0, len(wanted), ROWS_AT_ONCE):
            some = wanted[begin : begin + ROWS_AT_ONCE]
            async with self.database.reading() as session:
                rows = (await session.exec(select(Erasure).where(col(Erasure.id).in_(some)))).all()
            await asyncio.to_thread(partial(self.sidecar.add, *rows, known=listed))
            self._written |= {one.id for one in rows if one.status == ErasureStatus.DONE}

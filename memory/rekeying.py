"""Seals every text with the current key, while the product runs: on a first key, and after a new one.

Each cell is changed only if it still is as it was read, so whoever writes meanwhile wins. What was
done stays done: after a kill, the next run passes over it. On Postgres each change is a commit of
its own, so that no row stays locked while another is waited for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlmodel import SQLModel, col, select

from memory.handoffs import fulltext as handoff_text
from memory.sealing.cells import began_with
from memory.sealing.columns import Sealed, SealedJson, sealed_columns
from memory.sealing.keyring import EncryptionRefused, Keyring, SealBroken
from memory.storage import claims
from memory.storage.checkpoints import STATE, WRITES, serializer_of
from memory.storage.columns import json_of
from memory.storage.customer_digest import customer_digest
from memory.storage.database import Database
from memory.storage.engines import hold_tickets
from memory.storage.scrubbing import scrub_ledger
from memory.storage.stale_cells import (
    as_text,
    is_stale,
    key_of,
    known,
    planted,
    stale,
    stale_threads,
)
from memory.storage.units import Row, Statements
from memory.tables import SEALED, ChannelMessage, Handoff, Ticket, now
from memory.tickets import fulltext as ticket_text
from memory.workers import beats

ROWS_AT_ONCE = 100
MOST_PASSES = 20
"""Times that everything is gone through, until nothing is left."""
BEHIND = (
    "a process that began before the first key of DESKHAND_ENCRYPTION_KEY was set still works without"
    " it: restart every process, and run this again"
)
PUT_THREAD = "UPDATE threads SET kind = ?, state = ?, writes = ? WHERE thread_id = ? AND state = ?"
COMPARED = ((Ticket, "customer_address"), (ChannelMessage, "sender"))
"""Addresses that are looked up: they become keyed digests, which hold no `@`."""

Report = Callable[[str, int], None]
"""Told a table and how many of its rows were sealed anew so far."""


@dataclass
class Rekeyed:
    """What was done."""

    rows: dict[str, int] = field(default_factory=dict)
    """Sealed anew, by table."""
    broken: list[str] = field(default_factory=list)
    """Cells that no key opens, by table and row: they were changed, and stay as they are."""
    ended: list[str] = field(default_factory=list)
    """Ids of keys that nothing here needs any more; backups from before still do."""
    planted: list[str] = field(default_factory=list)
    """Cells that were plain although all had been sealed before, by table and row: sealed now."""
    left: tuple[str, ...] = ()
    """Places that could not be cleaned of what was plain, in words."""


async def rekey(database: Database, ring: Keyring, report: Report) -> Rekeyed:
    """Seal all that is not sealed with the current key.

    Raises `EncryptionRefused` while a worker runs that began before the key was set, and
    `StorageUnavailable`.
    """
    await _check_workers(database, ring)
    done = Rekeyed(planted=await planted(database))
    sealing = _Sealing(database, ring, done, report)
    for _ in range(MOST_PASSES):  # a process that still has the keys of before writes behind us
        if not await sealing.whole_pass():
            break
    else:
        raise EncryptionRefused(BEHIND)
    await sealing.full_text()
    if not done.broken:
        async with database.transaction() as session:
            done.ended = await claims.ended(session, ring)
    done.left = await asyncio.to_thread(scrub_ledger, database.url)
    return done


async def _check_workers(database: Database, ring: Keyring) -> None:
    """They would go on with the key of before, or with none."""
    async with database.reading() as session:
        since = await claims.since(session, ring)
        rows = await beats.all_rows(session)
    moment = now()
    if any(row.started_at < since and not beats.is_silent(row, moment) for row in rows):
        raise EncryptionRefused(BEHIND)


@dataclass(frozen=True)
class _Change:
    """A cell as it was read, and as it shall be."""

    sql: str
    values: tuple[Any, ...]


@dataclass
class _Sealing:
    database: Database
    ring: Keyring
    done: Rekeyed
    report: Report

    @property
    def began(self) -> str:
        """How a cell begins that is as it shall be."""
        return began_with(self.ring.current.id)

    async def whole_pass(self) -> int:
        """Go through everything once; how many cells were changed."""
        changed = 0
        for table in SEALED:
            changed += await self._table(table)
        for table, name in COMPARED:
            changed += await self._addresses(table, name)
        return changed + await self._threads()

    async def _table(self, table: type[SQLModel]) -> int:
        name, after, changed = str(table.__tablename__), None, 0
        while rows := await self.database.units.read(
            partial(stale, table=table, began=self.began, after=after, limit=ROWS_AT_ONCE)
        ):
            changes = [one for row in rows for one in self._resealed(table, row)]
            changed += await self._apply(name, changes)
            after = rows[-1][0]
        return changed

    def _resealed(self, table: type[SQLModel], row: Row) -> Iterator[_Change]:
        name, columns = str(table.__tablename__), sealed_columns(table)
        of_row = dict(zip(known(table), row, strict=False))
        cells = dict(zip(columns, row[len(of_row) :], strict=True))
        for column, cell in cells.items():
            if not is_stale(cell, self.began):
                continue
            kind, place = columns[column], columns[column].place(of_row)
            try:
                value = kind.read(self.ring, _plainly(kind, cell), place)
            except SealBroken:
                self._broken(f"{name}.{column} of {row[0]}")
                continue
            new = kind.stored(self.ring, value, place)
            stored = json.dumps(new) if isinstance(kind, SealedJson) else new
            sql = f"UPDATE {name} SET {column} = ? WHERE {key_of(table)} = ? AND {as_text(column, kind)} = ?"  # noqa: S608 - our own names
            yield _Change(sql, (stored, row[0], cell))

    async def _addresses(self, table: type[SQLModel], column: str) -> int:
        name, key = str(table.__tablename__), key_of(table)
        find = (
            f"SELECT {key}, tenant, {column} FROM {name} WHERE {column} LIKE ? LIMIT {ROWS_AT_ONCE}"  # noqa: S608 - our own names
        )
        put = f"UPDATE {name} SET {column} = ? WHERE {key} = ? AND {column} = ?"  # noqa: S608 - our own names
        changed = 0
        while rows := await self.database.units.read(partial(_rows, sql=find, values=("%@%",))):
            async with self.database.reading() as session:
                changes = [
                    _Change(put, (customer_digest(session, tenant, address), one, address))
                    for one, tenant, address in rows
                ]
            fresh = await self._apply(name, changes)
            changed += fresh
            if not fresh:
                break  # others change them; the next pass looks again
        return changed

    async def _threads(self) -> int:
        after, changed = "", 0
        while rows := await self.database.units.read(
            partial(stale_threads, ring=self.ring, after=after, limit=ROWS_AT_ONCE)
        ):
            changes = [one for row in rows for one in self._thread(*row)]
            changed += await self._apply("threads", changes)
            after = rows[-1][0]
        return changed

    def _thread(
        self, thread: str, kind: str, state: bytes, writes: bytes | None
    ) -> Iterator[_Change]:
        of_state, of_writes = (serializer_of(self.ring, thread, one) for one in (STATE, WRITES))
        try:
            kept = of_state.loads_typed((kind, bytes(state)))
            pending = None if writes is None else of_writes.loads_typed((kind, bytes(writes)))
        except SealBroken:
            self._broken(f"threads of {thread}")
            return
        new_kind, new_state = of_state.dumps_typed(kept)
        new_writes = None if pending is None else of_writes.dumps_typed(pending)[1]
        yield _Change(PUT_THREAD, (new_kind, new_state, new_writes, thread, bytes(state)))

    def _broken(self, where: str) -> None:
        if where not in self.done.broken:
            self.done.broken.append(where)

    async def _apply(self, name: str, changes: list[_Change]) -> int:
        size = ROWS_AT_ONCE if self.database.is_sqlite else 1
        changed = 0
        for begin in range(0, len(changes), size):
            part = changes[begin : begin + size]
            changed += await self.database.units.write(partial(_written, changes=part))
        self.done.rows[name] = self.done.rows.get(name, 0) + changed
        self.report(name, self.done.rows[name])
        return changed

    async def full_text(self) -> None:
        """Make every handoff and ticket findable by the current key."""
        for name, some in (("handoff_text", self._handoffs), ("ticket_text", self._tickets)):
            after = ""
            while found := await some(after):
                after = found[-1]
                self.done.rows[name] = self.done.rows.get(name, 0) + len(found)
                self.report(name, self.done.rows[name])

    async def _tickets(self, after: str) -> list[str]:
        query = select(Ticket.id).where(col(Ticket.id) > after).order_by(col(Ticket.id))
        async with self.database.reading() as session:
            found = list(await session.exec(query.limit(ROWS_AT_ONCE)))
        await self.database.units.write(partial(ticket_text.write_in, tickets=found))
        return found

    async def _handoffs(self, after: str) -> list[str]:
        query = select(Handoff.id, Handoff.ticket_id).where(col(Handoff.id) > after)
        async with self.database.transaction() as session:
            some = (await session.exec(query.order_by(col(Handoff.id)).limit(ROWS_AT_ONCE))).all()
            await hold_tickets(session, [ticket for _, ticket in some])
            of_these = col(Handoff.id).in_([one for one, _ in some])
            pairs = select(Handoff, Ticket).join(Ticket, col(Ticket.id) == Handoff.ticket_id)
            for handoff, ticket in await session.exec(pairs.where(of_these)):
                await handoff_text.add_of(session, handoff, ticket)
        return [one for one, _ in some]


def _rows(do: Statements, *, sql: str, values: tuple[Any, ...]) -> list[Row]:
    return do.rows(sql, values)


def _written(do: Statements, *, changes: list[_Change]) -> int:
    return sum(do.run(one.sql, one.values) for one in changes)


def _plainly(kind: Sealed, cell: str) -> Any:
    return json_of(cell) if isinstance(kind, SealedJson) else cell

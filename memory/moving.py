"""Moves an embedded installation to Postgres, and proves that everything arrived.

Every table is compared afterwards by the number of its rows and by a digest of what they hold.
The vectors are not moved: the next indexing makes them again from the passages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    MetaData,
    RowMapping,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlmodel import col

from memory.handoffs import fulltext as handoff_text
from memory.knowledge import fulltext_postgres
from memory.knowledge.text_rows import TextRow
from memory.sealing.columns import keep, placed
from memory.sealing.keyring import Keyring
from memory.storage.database import MemoryFault
from memory.storage.migrate import migrate, opened
from memory.storage.queue import LIVE
from memory.storage.urls import is_sqlite
from memory.tables import SEALED, Article, Chunk, Handoff, SharedSecret, Ticket, metadata

ROWS_AT_ONCE = 500
BY_NAME = {str(table.__tablename__): table for table in SEALED}
LEFT_BEHIND = frozenset({"drives", "shared_secrets", "tool_health", "worker_beats"})
"""What living workers write about themselves, and what the target has of its own."""
JOBS = ("workflow_status", "workflow_input")
"""The engine's tables that make a job; what it did before is in the ledger."""
ENGINE_SCHEMA = "dbos"


class NotMovable(MemoryFault):
    """The move cannot begin, or something did not arrive; the message says what to do."""


@dataclass(frozen=True)
class Moved:
    """How many rows of each table arrived, each as it was; jobs too."""

    counts: Mapping[str, int]


def move(
    source: str, target: str, *, secret: Path | None = None, ring: Keyring | None = None
) -> Moved:
    """Copy the ledger at `source`, with its checkpoints and waiting jobs, to an empty `target`.

    Nothing may work on the source meanwhile. The source is not changed, and the target's tables
    are filled in one transaction. `secret` is the file of the key that one-time codes and
    repeated requests are known by; None where the environment gives it. `ring`: the keys that texts
    are sealed with. Raises `NotMovable`, `StorageUnavailable`.
    """
    if not is_sqlite(source) or is_sqlite(target):
        msg = "an installation is moved from SQLite to Postgres: set DESKHAND_DATABASE_URL to it"
        raise NotMovable(msg)
    migrate(source)
    migrate(target)
    with opened(source) as old, opened(target) as new:
        return Moved(_move_rows(old, new, secret, ring))


def _move_rows(
    old: Connection, new: Connection, secret: Path | None, ring: Keyring | None
) -> dict[str, int]:
    keep(old.dialect, ring)
    keep(new.dialect, ring)
    wanted = [table for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]
    if new.scalar(select(func.count()).select_from(Ticket)):
        msg = "the database to move to holds tickets already: name an empty one"
        raise NotMovable(msg)
    for table in wanted:
        _copy(old, new, table, table)
    _make_findable(new, ring)
    jobs = _copy_jobs(old, new)
    if secret is not None and secret.exists():
        row = {"name": secret.name, "value": secret.read_bytes()}
        new.execute(delete(SharedSecret).where(col(SharedSecret.name) == secret.name))
        new.execute(insert(SharedSecret), [row])
    counts = {table.name: _compared(old, new, table) for table in wanted}
    new.commit()
    return {**counts, "jobs": jobs}


def _copy(old: Connection, new: Connection, source: Table, target: Table) -> None:
    for rows in _rows(old, source):
        new.execute(target.insert(), [_placed(target, row) for row in rows])
    if _is_counted(target):
        highest = select(func.max(target.c.id)).scalar_subquery()
        new.execute(select(func.setval(f"{target.name}_id_seq", func.coalesce(highest, 1))))


def _placed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Sealed anew on the way."""
    return placed(BY_NAME[table.name], row) if table.name in BY_NAME else row


def _is_counted(table: Table) -> bool:
    return "id" in table.c and table.c.id.type.python_type is int


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table).order_by(*table.primary_key.columns))
    for part in found.mappings().partitions(ROWS_AT_ONCE):
        yield [dict(row) for row in part]


def _compared(old: Connection, new: Connection, table: Table) -> int:
    before, after = _digest(old, table), _digest(new, table)
    if before != after:
        msg = (
            f"{table.name} did not arrive as it was ({before[0]} rows, then {after[0]}):"
            " nothing was kept, so repeat the move with everything stopped"
        )
        raise NotMovable(msg)
    return before[0]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows there are, and a digest that does not depend on the order of sorting."""
    lines = []
    for rows in _rows(connection, table):
        for row in rows:
            line = json.dumps(row, sort_keys=True, default=_plain)
            lines.append(hashlib.sha256(line.encode()).hexdigest())
    return len(lines), hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def _make_findable(new: Connection, ring: Keyring | None) -> None:
    """Full text is made anew, by each engine's own way."""
    passages = select(
        col(Chunk.tenant), col(Chunk.id), col(Article.title), col(Chunk.heading), col(Chunk.text)
    ).join(Article, and_(col(Article.tenant) == Chunk.tenant, col(Article.doc_id) == Chunk.doc_id))
    for part in new.execute(passages).partitions(ROWS_AT_ONCE):
        lines = [fulltext_postgres.line(tenant, TextRow(*row)) for tenant, *row in part]
        new.execute(fulltext_postgres.ADD, lines)
    queue = select(
        col(Handoff.id),
        col(Handoff.tenant),
        col(Handoff.ticket_id),
        col(Handoff.explanation),
        col(Ticket.subject),
        col(Ticket.customer_email),
        col(Ticket.customer_name),
    ).join(Ticket, col(Ticket.id) == Handoff.ticket_id)
    for found in new.execute(queue).mappings().partitions(ROWS_AT_ONCE):
        new.execute(text(handoff_text.ADD["postgresql"]), [_queue_line(row, ring) for row in found])


def _queue_line(row: RowMapping, ring: Keyring | None) -> dict[str, str | int]:
    return handoff_text.line(
        ring,
        tenant=row["tenant"],
        handoff_id=row["id"],
        ticket_id=row["ticket_id"],
        subject=row["subject"],
        explanation=row["explanation"],
        customer=f"{row['customer_email'] or ''} {row['customer_name'] or ''}",
    )


def _copy_jobs(old: Connection, new: Connection) -> int:
    """Jobs that are still to be done: the leases find those whose worker has gone."""
    live: list[str] = []
    for name in JOBS:
        before = Table(name, MetaData(), autoload_with=old)
        after = Table(name, MetaData(), autoload_with=new, schema=ENGINE_SCHEMA)
        shared = [column.name for column in before.c if column.name in after.c]
        query = select(*(before.c[one] for one in shared))
        if name == JOBS[0]:
            query = query.where(before.c.status.in_(LIVE))
        for part in old.execute(query).mappings().partitions(ROWS_AT_ONCE):
            rows = [dict(row) for row in part]
            if name == JOBS[0]:
                live += [row["workflow_uuid"] for row in rows]
            else:
                rows = [row for row in rows if row["workflow_uuid"] in live]
            if rows:
                new.execute(after.insert(), rows)
    return len(live)

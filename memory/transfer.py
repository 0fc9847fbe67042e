"""Copies every row of a ledger to another one, of either engine, and proves that it arrived.

Every table is compared afterwards by the number of its rows and by a digest of what they hold.
Full text is made anew, by each engine's own way, that of tickets by the workers. Vectors and the engine's jobs are not rows of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, func, select, text
from sqlmodel import col

from memory.faults import MemoryFault
from memory.handoffs import fulltext as handoff_text
from memory.knowledge import fulltext as chunk_text
from memory.knowledge.text_rows import TextRow
from memory.sealing.columns import keep, placed
from memory.sealing.keyring import Keyring
from memory.tables import SEALED, Article, Chunk, Handoff, Message, Ticket, metadata
from memory.tickets import fulltext as ticket_text

ROWS_AT_ONCE = 500
BY_NAME = {str(table.__tablename__): table for table in SEALED}
LEFT_BEHIND = frozenset(
    {"drives", "kept_state", "live_drafts", "shared_secrets", "tool_health", "worker_beats"}
)
"""What living workers write about themselves and their work, and what the target has of its own."""
DIGESTS = 2**256
"""Digests of rows are added up below it, so that their order does not matter."""


class NotArrived(MemoryFault):
    """A table holds something else than it did; nothing of the copy is kept."""


def transfer(old: Connection, new: Connection, ring: Keyring | None) -> dict[str, int]:
    """Copy all rows to a ledger without any; how many of each table. The caller commits.

    Nothing may change on the old side meanwhile, or its transaction must see one moment.
    `ring`: the keys that texts are sealed with. Raises `NotArrived`, `EncryptionRefused`.
    """
    keep(old.dialect, ring)
    keep(new.dialect, ring)
    wanted = [table for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]
    for table in wanted:
        _copy(old, new, table)
    _make_findable(new, ring)
    counts = {table.name: _compared(old, new, table) for table in wanted}
    new.execute(text(ticket_text.ALL_UNINDEXED))  # the workers of the new side index them
    return counts


def _copy(old: Connection, new: Connection, table: Table) -> None:
    for rows in _rows(old, table):
        new.execute(table.insert(), [_placed(table, row) for row in rows])
    if _is_counted(table) and new.dialect.name == "postgresql":
        highest = select(func.max(table.c.id)).scalar_subquery()
        new.execute(select(func.setval(f"{table.name}_id_seq", func.coalesce(highest, 1))))


def _placed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Sealed anew on the way."""
    return placed(BY_NAME[table.name], row) if table.name in BY_NAME else row


def _is_counted(table: Table) -> bool:
    return "id" in table.c and table.c.id.type.python_type is int


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"stream_results": True}) as found:
        for part in found.mappings().partitions(ROWS_AT_ONCE):
            yield [dict(row) for row in part]


def _compared(old: Connection, new: Connection, table: Table) -> int:
    before, after = _digest(old, table), _digest(new, table)
    if before != after:
        msg = (
            f"{table.name} did not arrive as it was ({before[0]} rows, then {after[0]}):"
            " nothing was kept, so repeat it with everything stopped"
        )
        raise NotArrived(msg)
    return before[0]


def _digest(connection: Connection, table: Table) -> tuple[int, int]:
    """How many rows there are, and a digest that does not depend on the order of sorting."""
    count = total = 0
    for rows in _rows(connection, table):
        for row in rows:
            line = json.dumps(row, sort_keys=True, default=_plain)
            one = int.from_bytes(hashlib.sha256(line.encode()).digest())
            count, total = count + 1, (total + one) % DIGESTS
    return count, total


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def _make_findable(new: Connection, ring: Keyring | None) -> None:
    passages = select(
        col(Chunk.tenant), col(Chunk.id), col(Article.title), col(Chunk.heading), col(Chunk.text)
    ).join(Article, and_(col(Article.tenant) == Chunk.tenant, col(Article.doc_id) == Chunk.doc_id))
    engine = new.dialect.name
    for part in new.execute(passages).partitions(ROWS_AT_ONCE):
        lines = [chunk_text.LINE[engine](tenant, TextRow(*row)) for tenant, *row in part]
        new.execute(chunk_text.ADD[engine], lines)
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
        said = _said_in(new, [row["ticket_id"] for row in found])
        lines = [_queue_line(row, ring, said.get(row["ticket_id"], [])) for row in found]
        new.execute(text(handoff_text.ADD[engine]), lines)


def _said_in(new: Connection, tickets: Sequence[str]) -> dict[str, list[str]]:
    """What customers wrote last in these tickets."""
    query = (
        select(col(Message.ticket_id), col(Message.text))
        .where(col(Message.ticket_id).in_(tickets), col(Message.role) == "customer")
        .order_by(col(Message.seq).desc())
    )
    said: dict[str, list[str]] = {}
    for ticket_id, words in new.execute(query):
        said.setdefault(ticket_id, []).append(words)
    return {one: texts[: handoff_text.MOST_MESSAGES] for one, texts in said.items()}


def _queue_line(row: RowMapping, ring: Keyring | None, said: Sequence[str]) -> dict[str, str | int]:
    return handoff_text.line(
        ring,
        tenant=row["tenant"],
        handoff_id=row["id"],
        ticket_id=row["ticket_id"],
        subject=row["subject"],
        explanation=row["explanation"],
        customer=f"{row['customer_email'] or ''} {row['customer_name'] or ''}",
        numbers=handoff_text.numbers_in(said),
    )

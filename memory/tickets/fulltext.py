"""Full text of the tickets: who wrote, about what, and all that was said, by whomever.

A message is made findable after it was stored, by the workers (`catch_up`), so that no ticket waits
for it: `messages.indexed` is null until then. Each ticket has one row, written anew whenever it has
a message that is not in it. What changes a stored text calls `again`. FTS5 on SQLite, a vector of plain
words on Postgres; where texts are sealed, keyed hashes of the words (memory/sealing/words.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.sealing import words
from memory.sealing.columns import ring_of
from memory.sealing.keyring import Keyring, SealBroken
from memory.storage import text_query
from memory.storage.columns import Columns
from memory.storage.engines import is_postgres
from memory.storage.postgres_text import words_of
from memory.storage.units import Row, Statements, Units
from memory.storage.units_session import within
from memory.tables import Message, Ticket

CREATE = {
    "sqlite": [
        (
            "CREATE VIRTUAL TABLE ticket_text USING fts5("
            "ticket_id UNINDEXED, words, tokenize='unicode61 remove_diacritics 2', columnsize=0)"
        )
    ],
    "postgresql": [
        (
            "CREATE TABLE ticket_text ("
            " ticket_id text CONSTRAINT pk_ticket_text PRIMARY KEY, words tsvector NOT NULL)"
        ),
        "CREATE INDEX ix_ticket_text_words ON ticket_text USING gin (words)",
    ],
}
"""For the migration, by the database's dialect."""
ADD = {
    True: "INSERT OR REPLACE INTO ticket_text (rowid, ticket_id, words) VALUES (?, ?, ?)",
    False: (
        "INSERT INTO ticket_text (ticket_id, words) VALUES (?, to_tsvector('simple', ?))"
        " ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words"
    ),
}
"""By whether it is SQLite."""
SEARCH = {
    "sqlite": (
        "SELECT ticket_id FROM ticket_text WHERE ticket_text MATCH :said"
        " ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": (
        "SELECT ticket_id FROM ticket_text WHERE words @@ to_tsquery('simple', :said)"
        " ORDER BY ticket_id DESC LIMIT :most"
    ),
}
"""For the mapper, by the database's dialect."""
NEWEST = {
    # Both are told in which order to go: SQLite would begin with all of the tenant's tickets.
    True: (
        "SELECT ticket.id FROM ticket_text CROSS JOIN tickets AS ticket"
        " ON ticket.id = ticket_text.ticket_id WHERE ticket_text MATCH ? AND ticket.tenant = ?"
        " AND ticket.status LIKE ? AND ticket_text.rowid < ?"
        " ORDER BY ticket_text.rowid DESC LIMIT ?"
    ),
    False: (
        "SELECT ticket.id FROM ticket_text JOIN tickets AS ticket"
        " ON ticket.id = ticket_text.ticket_id WHERE words @@ to_tsquery('simple', ?)"
        " AND ticket.tenant = ? AND ticket.status LIKE ? AND ticket.id < ?"
        " ORDER BY ticket.id DESC LIMIT ?"
    ),
}
NEXT = "SELECT id FROM messages WHERE ticket_id >= ? AND seq = 1 ORDER BY ticket_id LIMIT 1"
"""The first message of a ticket, or of the one after it where it was erased meanwhile."""
FIRST = "SELECT id FROM messages WHERE ticket_id = ? AND seq = 1"
FORGET = {
    True: f"DELETE FROM ticket_text WHERE rowid = ({FIRST})",  # noqa: S608 - our own text
    False: "DELETE FROM ticket_text WHERE ticket_id = ?",
}
MISSING = "SELECT ticket_id FROM messages WHERE indexed IS NULL ORDER BY id DESC LIMIT ?"
INDEXED = "UPDATE messages SET indexed = TRUE WHERE ticket_id = ? AND indexed IS NULL"
ALL_UNINDEXED = "UPDATE messages SET indexed = NULL WHERE indexed"
UNINDEXED = f"{ALL_UNINDEXED} AND ticket_id = ?"
TICKET = Columns(Ticket, only=("id", "tenant", "subject", "customer_email", "customer_name"))
ID_AT, TENANT_AT = TICKET.names.index("id"), TICKET.names.index("tenant")
MESSAGE = Columns(Message, only=("ticket_id", "seq", "text"))
AT_ONCE = 32
"""Messages whose tickets are made findable in one transaction, the newest first."""
MOST_BATCHES = 100
"""Transactions of one round."""
MOST_FOUND = 10_000
"""Tickets that a search of the queue looks among; a word that more of them hold tells none apart."""
AFTER_ALL_IDS, AFTER_ALL_ROWS = "~", 2**63 - 1
"""A page begins behind the newest ticket."""
MOST_MESSAGES = 100
"""Of one ticket that are found, the newest."""
MOST_READ_CHARS = 8_000
"""Of one message."""
MOST_LINE_BYTES = 900_000
"""Of a ticket's words: Postgres refuses a vector of more than a megabyte, and with it all that are written beside."""
BYTES_OF_A_PLACE = 5
"""What Postgres keeps of where a word stands."""


async def catch_up(units: Units) -> int:
    """Make found what is not yet, a bounded part of it; how many tickets' rows were written."""
    done = 0
    for _ in range(MOST_BATCHES):
        missing = await units.look(_missing)
        if not missing:
            break
        done += await units.write(partial(write_in, tickets=missing))
    return done


def _missing(do: Statements) -> list[str]:
    return sorted({ticket for (ticket,) in do.rows(MISSING, (AT_ONCE,))})


def write_in(do: Statements, *, tickets: Sequence[str]) -> int:
    """Write these tickets' rows anew, in the order of their ids, as everybody who holds several does."""
    return sum(_write(do, one) for one in tickets)


def _write(do: Statements, ticket_id: str) -> bool:
    found = do.row(f"SELECT {TICKET.listed} FROM tickets WHERE id = ?{do.lock}", (ticket_id,))  # noqa: S608 - our own names
    if found is None:
        return False  # erased meanwhile
    rows = do.rows(
        f"SELECT {MESSAGE.listed} FROM messages WHERE ticket_id = ? ORDER BY seq DESC LIMIT ?",  # noqa: S608 - our own names
        (ticket_id, MOST_MESSAGES),
    )
    line = (
        ticket_id,
        _line(do.ring, _about(do, found), " ".join(_text_of(do, one) for one in rows)),
    )
    do.run(ADD[do.is_sqlite], (_rowid(do, ticket_id), *line) if do.is_sqlite else line)
    do.run(INDEXED, (ticket_id,))
    return True


def _about(do: Statements, row: Row) -> Mapping[str, Any]:
    """Who wrote about what; whose it is alone, where that cannot be opened."""
    try:
        return TICKET.read(do, row)
    except SealBroken:
        return dict.fromkeys(TICKET.names) | {"tenant": row[TENANT_AT], "id": row[ID_AT]}


def _text_of(do: Statements, row: Row) -> str:
    """Nothing where it cannot be opened: what else is known of the ticket is found all the same."""
    try:
        text_of: str = MESSAGE.read(do, row)["text"]
    except SealBroken:
        return ""
    return text_of[:MOST_READ_CHARS]


def _line(ring: Keyring | None, ticket: Mapping[str, Any], said: str) -> str:
    """What is stored of a ticket: whose it is, and its words."""
    tenant = ticket["tenant"]
    about = (ticket["subject"], ticket["customer_name"], ticket["customer_email"], ticket["id"])
    known = words_of(" ".join(one for one in about if one))
    spoken = words_of(" ".join(dict.fromkeys(said.lower().split())))  # each once: a third less room
    if ring is not None:
        known = words.blinded(ring.current, tenant, known)
        spoken = words.wholes(ring.current, tenant, spoken)
    return " ".join(_that_fit([_whose(tenant), *known, *spoken]))


def _that_fit(some: Sequence[str]) -> list[str]:
    """The first of these words, as many as one row holds."""
    sizes = accumulate(len(one.encode()) + BYTES_OF_A_PLACE for one in some)
    return [one for one, size in zip(some, sizes, strict=True) if size <= MOST_LINE_BYTES]


def matching(session: AsyncSession, tenant: str, query: str) -> TextClause | None:
    """A subquery of the ids of tickets that hold every word of the query, its last letters left open.

    The newest MOST_FOUND of them; None where the query has no word. Whoever uses it asks for the
    tenant's rows all the same.
    """
    postgres = is_postgres(session)
    asked = _asked(ring_of(session.get_bind().dialect), tenant, query, postgres=postgres)
    if not asked:
        return None
    engine = "postgresql" if postgres else "sqlite"
    return text(SEARCH[engine]).bindparams(said=asked, most=MOST_FOUND)


def newest_in(
    do: Statements,
    tenant: str,
    query: str,
    *,
    status: str | None,
    before: str | None,
    limit: int,
) -> list[str]:
    """The same as a page of a list: ids of the newest tickets, those before a ticket."""
    asked = _asked(do.ring, tenant, query, postgres=not do.is_sqlite)
    if not asked:
        return []
    last: str | int = before or AFTER_ALL_IDS
    if do.is_sqlite:
        found = do.row(NEXT, (before,)) if before else None
        last = found[0] if found else AFTER_ALL_ROWS
    values = (asked, tenant, status or "%", last, limit)
    return [ticket for (ticket,) in do.rows(NEWEST[do.is_sqlite], values)]


def _asked(ring: Keyring | None, tenant: str, query: str, *, postgres: bool) -> str:
    """As the index is asked; empty where the query has no word.

    The tenant stands in the index itself, so that no neighbour's tickets are gone through.
    """
    asked = text_query.asked(query, tenant, ring, postgres=postgres)
    return f"{_whose(tenant)} {'&' if postgres else 'AND'} ({asked})" if asked else ""


async def again(session: AsyncSession, ticket_id: str) -> None:
    """Forget a ticket's row, which is made anew of what its messages hold now."""
    await forget(session, ticket_id)
    await within(session, lambda do: do.run(UNINDEXED, (ticket_id,)))


async def forget(session: AsyncSession, ticket_id: str) -> int:
    """Remove what was written of a ticket, as an erasure wants it; how many rows that were."""
    return await within(session, lambda do: do.run(FORGET[do.is_sqlite], (ticket_id,)))


def _whose(tenant: str) -> str:
    """A word that no other tenant's rows hold, and no text by chance."""
    return f"t{hashlib.sha256(tenant.encode()).hexdigest()[:15]}"


def _rowid(do: Statements, ticket_id: str) -> int:
    """The number of its first message: FTS5 is fast in the order of its rows alone, the newest last."""
    found = do.row(FIRST, (ticket_id,))
    return found[0] if found else 0

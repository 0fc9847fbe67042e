"""Full text of the queue: who wrote, about what, with which numbers, and why it came.

It stands in the same database and transaction as the handoffs: FTS5 on SQLite, a vector of plain
words on Postgres. Where texts are sealed it holds keyed hashes of words and of their beginnings
instead (memory/sealing/words.py), and finds by each key of the keyring. Any text is a valid query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import TextClause, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from memory.patterns import linear
from memory.sealing import words
from memory.sealing.columns import ring_of
from memory.sealing.keyring import Keyring, SealBroken
from memory.storage import text_query
from memory.storage.postgres_text import plain, words_of
from memory.tables import Handoff, Message, Ticket

CREATE_HANDOFF_TEXT = {
    "sqlite": [
        """
        CREATE VIRTUAL TABLE handoff_text USING fts5(
            handoff_id UNINDEXED, tenant UNINDEXED, ticket_id UNINDEXED, subject, explanation,
            customer, ids, tokenize='unicode61 remove_diacritics 2', prefix='2 3'
        )
        """
    ],
    "postgresql": [
        (
            "CREATE TABLE handoff_text ("
            " handoff_id text CONSTRAINT pk_handoff_text PRIMARY KEY, tenant text NOT NULL,"
            " ticket_id text NOT NULL, words tsvector NOT NULL)"
        ),
        "CREATE INDEX ix_handoff_text_ticket_id ON handoff_text (ticket_id)",
        "CREATE INDEX ix_handoff_text_words ON handoff_text USING gin (words)",
    ],
}
"""For the migration, by the database's dialect."""
ADD = {
    "sqlite": (
        "INSERT OR REPLACE INTO handoff_text (rowid, handoff_id, tenant, ticket_id, subject,"
        " explanation, customer, ids) VALUES (:row, :handoff_id, :tenant, :ticket_id,"
        " :subject, :explanation, :customer, :ids)"
    ),
    "postgresql": (
        "INSERT INTO handoff_text (handoff_id, tenant, ticket_id, words)"
        " VALUES (:handoff_id, :tenant, :ticket_id, to_tsvector('simple', :words))"
        " ON CONFLICT (handoff_id) DO UPDATE SET words = excluded.words"
    ),
}
SEARCH = {
    "sqlite": (
        "SELECT handoff_id FROM handoff_text"
        " WHERE handoff_text MATCH :wanted AND handoff_text.tenant = :whose"
    ),
    "postgresql": (
        "SELECT handoff_id FROM handoff_text WHERE words @@ to_tsquery('simple', :wanted)"
        " AND handoff_text.tenant = :whose"
    ),
}
MOST_NUMBERS = 20
"""Of one conversation, the newest first."""
MOST_MESSAGES = 20
MOST_READ_CHARS = 8_000
"""Of one message."""
_NUMBER = linear(r"\b[A-Za-z]{0,4}-?[0-9]{2,}[A-Za-z0-9-]{0,24}\b")
LEAST_NUMBER_CHARS = 4
"""A shorter one is an amount or a count."""


async def add(session: AsyncSession, **values: str) -> None:
    """Make a handoff findable; see `line` for the values."""
    connection = await session.connection()
    ring = ring_of(connection.dialect)
    await connection.execute(text(ADD[connection.dialect.name]), line(ring, **values))


async def add_of(session: AsyncSession, handoff: Handoff, ticket: Ticket) -> None:
    """Make a handoff of a ticket findable."""
    said = (
        select(Message.text)
        .where(Message.ticket_id == ticket.id, Message.role == "customer")
        .order_by(col(Message.seq).desc())
        .limit(MOST_MESSAGES)
    )
    await add(
        session,
        tenant=handoff.tenant,
        handoff_id=handoff.id,
        ticket_id=ticket.id,
        subject=ticket.subject,
        explanation=handoff.explanation,
        customer=f"{ticket.customer_email or ''} {ticket.customer_name or ''}",
        numbers=await _numbers(session, said),
    )


async def _numbers(session: AsyncSession, said: SelectOfScalar[str]) -> str:
    """None where a message cannot be opened: a person has to get such a ticket all the more."""
    try:
        return numbers_in(await session.exec(said))
    except SealBroken:
        return ""


def numbers_in(texts: Iterable[str]) -> str:
    """Numbers of orders, invoices and the like that a customer named, and no other word of theirs."""
    found = (one for text in texts for one in _NUMBER.findall(text[:MOST_READ_CHARS]))
    kept = dict.fromkeys(one for one in found if len(one) >= LEAST_NUMBER_CHARS)
    return " ".join(list(kept)[:MOST_NUMBERS])


def line(
    ring: Keyring | None = None,
    *,
    tenant: str,
    handoff_id: str,
    ticket_id: str,
    subject: str,
    explanation: str,
    customer: str,
    numbers: str = "",
) -> dict[str, str | int]:
    """What `ADD` binds. `customer` is the address and the name; see `numbers_in`."""
    ids = f"{ticket_id} {handoff_id} {numbers}"
    if ring is not None:
        said = words_of(f"{subject} {explanation} {customer} {ids}")
        subject = " ".join(words.blinded(ring.current, tenant, said))
        explanation = customer = ids = ""
    return {
        "row": _rowid(handoff_id),
        "handoff_id": handoff_id,
        "tenant": tenant,
        "ticket_id": ticket_id,
        "subject": subject,
        "explanation": explanation,
        "customer": customer,
        "ids": ids,
        "words": plain(f"{subject} {explanation} {customer} {ids}"),
    }


async def forget(session: AsyncSession, ticket_id: str) -> int:
    """Remove what was written of a ticket, as an erasure wants it; how many rows that were."""
    connection = await session.connection()
    done = await connection.execute(
        text("DELETE FROM handoff_text WHERE ticket_id = :ticket_id"), {"ticket_id": ticket_id}
    )
    return done.rowcount


def matching(
    query: str, tenant: str, *, postgres: bool, ring: Keyring | None = None
) -> TextClause | None:
    """A subquery of the ids that hold every word of the query, the last letters left open.

    None where the query has no word.
    """
    asked = text_query.asked(query, tenant, ring, postgres=postgres)
    if not asked:
        return None
    engine = "postgresql" if postgres else "sqlite"
    return text(SEARCH[engine]).bindparams(wanted=asked, whose=tenant)


def _rowid(handoff_id: str) -> int:
    """60 bits of a digest: FTS5 finds a row to replace by its rowid only."""
    return int(hashlib.sha256(handoff_id.encode()).hexdigest()[:15], 16)

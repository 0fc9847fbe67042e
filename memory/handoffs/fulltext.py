"""Full text of the queue: who wrote, about what, and why it came.

It stands in the same database and transaction as the handoffs: FTS5 on SQLite, a vector of plain
words on Postgres. Any text is a valid query.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.postgres_text import plain, words_of

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
DROP_HANDOFF_TEXT = ["DROP TABLE IF EXISTS handoff_text"]
MAX_WORDS = 12
"""Words of a search that are looked for; the rest is left out."""


async def add(session: AsyncSession, **values: str) -> None:
    """Make a handoff findable; see `line` for the values."""
    connection = await session.connection()
    await connection.execute(text(ADD[connection.dialect.name]), line(**values))


def line(
    *,
    tenant: str,
    handoff_id: str,
    ticket_id: str,
    subject: str,
    explanation: str,
    customer: str,
) -> dict[str, str | int]:
    """What `ADD` binds. `customer` is the address and the name."""
    return {
        "row": _rowid(handoff_id),
        "handoff_id": handoff_id,
        "tenant": tenant,
        "ticket_id": ticket_id,
        "subject": subject,
        "explanation": explanation,
        "customer": customer,
        "ids": f"{ticket_id} {handoff_id}",
        "words": plain(f"{subject} {explanation} {customer} {ticket_id} {handoff_id}"),
    }


async def forget(session: AsyncSession, ticket_id: str) -> int:
    """Remove what was written of a ticket, as an erasure wants it; how many rows that were."""
    connection = await session.connection()
    done = await connection.execute(
        text("DELETE FROM handoff_text WHERE ticket_id = :ticket_id"), {"ticket_id": ticket_id}
    )
    return done.rowcount


def matching(query: str, *, postgres: bool) -> TextClause | None:
    """A subquery of the ids that hold every word of the query, the last letters left open.

    None where the query has no word. Bind `whose`, the tenant, beside it.
    """
    words = query.replace('"', " ").split()[:MAX_WORDS]
    wanted = [word for word in words if any(sign.isalnum() for sign in word)]
    if not wanted:
        return None
    if postgres:
        return _matching_on_postgres(wanted)
    # Each word is quoted, so no syntax of FTS5 is left; an address becomes a phrase of its parts.
    phrases = " AND ".join(f'"{word}"*' for word in wanted)
    return text(
        "SELECT handoff_id FROM handoff_text"
        " WHERE handoff_text MATCH :wanted AND handoff_text.tenant = :whose"
    ).bindparams(wanted=phrases)


def _matching_on_postgres(wanted: list[str]) -> TextClause | None:
    """The same: each word becomes a phrase of plain words, so no syntax is left."""
    phrases = [" <-> ".join(words_of(word)) for word in wanted if words_of(word)]
    if not phrases:
        return None
    asked = " & ".join(f"({phrase}:*)" for phrase in phrases)
    return text(
        "SELECT handoff_id FROM handoff_text WHERE words @@ to_tsquery('simple', :wanted)"
        " AND handoff_text.tenant = :whose"
    ).bindparams(wanted=asked)


def _rowid(handoff_id: str) -> int:
    """60 bits of a digest: FTS5 finds a row to replace by its rowid only."""
    return int(hashlib.sha256(handoff_id.encode()).hexdigest()[:15], 16)

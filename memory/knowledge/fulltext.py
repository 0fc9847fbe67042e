"""Full text of the passages, in the same database and transaction as their rows.

SQLite's FTS5 or Postgres's text search, whichever the ledger stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import ModuleType

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge import fulltext_postgres, fulltext_sqlite
from memory.knowledge.text_rows import TextRow
from memory.knowledge.word_counts import WordCounts
from memory.storage.engines import is_postgres
from memory.storage.postgres_text import CREATE_CONFIGURATION
from memory.storage.units import Statements

CREATE_FULLTEXT = {
    "sqlite": fulltext_sqlite.CREATE_FULLTEXT,
    "postgresql": [*CREATE_CONFIGURATION, *fulltext_postgres.CREATE_FULLTEXT],
}
"""For the migration, by the database's dialect."""
ADD = {"sqlite": fulltext_sqlite.ADD, "postgresql": fulltext_postgres.ADD}
LINE = {"sqlite": fulltext_sqlite.line, "postgresql": fulltext_postgres.line}
"""A statement that makes passages findable and what it binds, for who has no session."""
MAX_TERMS = 48
"""Terms of a query that are searched; a longer text repeats itself."""

_WORD = re.compile(r"\w+")
_STOP = frozenset(
    _WORD.findall(
        """
    a about after all also am an and any are as at be because been before but by can could
    did do does for from get had has have he hello her hi him his how i if in into is it its
    just me my no not of on or our out please she should so some than thank thanks that the
    their them then there these they this to up us was we were what when where which who why
    will with would you your
    """
    )
)


def terms(query: str) -> list[str]:
    """The distinct words of a query that carry meaning; all words where none does."""
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(query)))
    return ([word for word in words if word not in _STOP] or words)[:MAX_TERMS]


def match(
    do: Statements,
    tenant: str,
    query: str,
    limit: int,
    counts: WordCounts | None = None,
) -> list[tuple[str, float]]:
    """(chunk id, score) of passages with any of the query's words, highest first.

    Any text is a valid query. The score is BM25, or on Postgres what comes close to it. In a very
    large base the commonest words are left out (`WordCounts`; whoever asks often keeps one).
    """
    words = terms(query)
    if not words:
        return []
    match_in = fulltext_sqlite.match if do.is_sqlite else fulltext_postgres.match
    return match_in(do, tenant, words, limit, counts or WordCounts())


async def add(session: AsyncSession, tenant: str, rows: Sequence[TextRow]) -> None:
    """Make passages findable. The caller removed those with the same ids before."""
    if rows:
        await _engine(session).add(session, tenant, rows)


async def remove(session: AsyncSession, chunk_ids: Iterable[str]) -> None:
    """Forget passages; unknown ids are ignored."""
    await _engine(session).remove(session, chunk_ids)


def _engine(session: AsyncSession) -> ModuleType:
    return fulltext_postgres if is_postgres(session) else fulltext_sqlite

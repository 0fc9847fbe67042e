"""Full text of the passages on Postgres: a vector of stems, and a score close to BM25.

`ts_rank` knows nothing of how rare a word is. So each word is ranked by itself, which counts its
places and repetitions and the passage's length, and weighed by its rarity among the tenant's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge.text_rows import BODY_WEIGHT, HEADING_WEIGHT, TITLE_WEIGHT, TextRow
from memory.knowledge.word_counts import MOST_COUNTED, MOST_ROWS, WordCounts
from memory.storage.postgres_text import CONFIGURATION, plain, words_of
from memory.storage.units import Statements

CREATE_FULLTEXT = [
    (
        "CREATE TABLE chunk_text ("
        " chunk_id text CONSTRAINT pk_chunk_text PRIMARY KEY, tenant text NOT NULL,"
        " words tsvector NOT NULL)"
    ),
    "CREATE INDEX ix_chunk_text_tenant ON chunk_text (tenant)",
    "CREATE INDEX ix_chunk_text_words ON chunk_text USING gin (words)",
]
"""For the migration, after the configuration of `memory.storage.postgres_text`."""

_WEIGHTS = [weight / TITLE_WEIGHT for weight in (BODY_WEIGHT, BODY_WEIGHT, HEADING_WEIGHT)]
WEIGHTS = f"{{{', '.join(str(weight) for weight in [*_WEIGHTS, 1.0])}}}"
"""Of the places D, C, B and A, as `ts_rank` takes them: body, none, heading, title."""
BY_LENGTH = 1
"""`ts_rank` divides by one plus the logarithm of the passage's length."""
ADD = text(
    "INSERT INTO chunk_text (chunk_id, tenant, words) VALUES (:chunk_id, :tenant,"  # noqa: S608 - a fixed name
    f" setweight(to_tsvector('{CONFIGURATION}', :title), 'A')"
    f" || setweight(to_tsvector('{CONFIGURATION}', :heading), 'B')"
    f" || to_tsvector('{CONFIGURATION}', :body))"
)
COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM chunk_text"  # noqa: S608 - a fixed name
    f" WHERE tenant = ? AND words @@ to_tsquery('{CONFIGURATION}', ?) LIMIT ?) AS found"
)
MATCH = f"""
    WITH wanted AS (
        SELECT DISTINCT to_tsquery('{CONFIGURATION}', word) AS one
        FROM unnest(CAST(? AS text[])) AS word
    ), found AS MATERIALIZED (
        SELECT chunk_id, words FROM chunk_text
        WHERE tenant = ? AND words @@ to_tsquery('{CONFIGURATION}', ?) LIMIT {MOST_ROWS}
    ), ranked AS (
        SELECT chunk_id, one, ts_rank('{WEIGHTS}', words, one, {BY_LENGTH}) AS rank
        FROM found JOIN wanted ON words @@ one
    ), rarity AS (
        SELECT one, ln(1 + (greatest(?, count(*)) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
        FROM ranked GROUP BY one
    )
    SELECT chunk_id, sum(rank * weight) AS score FROM ranked JOIN rarity USING (one)
    GROUP BY chunk_id ORDER BY score DESC, chunk_id LIMIT ?
    """  # noqa: S608 - fixed names and numbers


PASSAGES_OF = "SELECT count(*) FROM chunk_text WHERE tenant = ?"


def count(do: Statements, tenant: str, word: str) -> int:
    """In how many of a tenant's passages a word stands, `MOST_COUNTED` at most."""
    [row] = do.rows(COUNT, (tenant, word, MOST_COUNTED))
    return int(row[0])


def match(
    do: Statements, tenant: str, words: Sequence[str], limit: int, counts: WordCounts
) -> list[tuple[str, float]]:
    """(chunk id, score) of passages with any of the words, highest first."""
    pieces = list(dict.fromkeys(piece for word in words for piece in words_of(word)))
    if not pieces:
        return []
    passages = counts.passages(tenant, lambda _: int(do.rows(PASSAGES_OF, (tenant,))[0][0]))
    wanted = counts.affordable(tenant, pieces, partial(count, do, tenant))
    rows = do.rows(MATCH, (wanted, tenant, " | ".join(wanted), passages, limit))
    return [(str(row[0]), float(row[1])) for row in rows]


async def add(session: AsyncSession, tenant: str, rows: Sequence[TextRow]) -> None:
    """Make passages findable. The caller removed those with the same ids before."""
    values = [line(tenant, row) for row in rows]
    await (await session.connection()).execute(ADD, values)


def line(tenant: str, row: TextRow) -> dict[str, str | int]:
    """What `ADD` binds."""
    return {
        "chunk_id": row.chunk_id,
        "tenant": tenant,
        "title": plain(row.title),
        "heading": plain(row.heading),
        "body": plain(row.body),
    }


async def remove(session: AsyncSession, chunk_ids: Iterable[str]) -> None:
    """Forget passages; unknown ids are ignored."""
    await (await session.connection()).execute(
        text("DELETE FROM chunk_text WHERE chunk_id = ANY(:ids)"), {"ids": list(chunk_ids)}
    )

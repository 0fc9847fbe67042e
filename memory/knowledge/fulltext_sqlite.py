"""Full text of the passages on SQLite: FTS5."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.knowledge.text_rows import BODY_WEIGHT, HEADING_WEIGHT, TITLE_WEIGHT, TextRow
from memory.knowledge.word_counts import MOST_COUNTED, MOST_ROWS, WordCounts
from memory.storage.units import Statements

CREATE_FULLTEXT = [
    """
    CREATE VIRTUAL TABLE chunk_text USING fts5(
        chunk_id UNINDEXED, tenant, title, heading, body,
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """
]
"""For the migration."""
ADD = text(
    "INSERT INTO chunk_text (rowid, chunk_id, tenant, title, heading, body)"
    " VALUES (:row, :chunk_id, :tenant, :title, :heading, :body)"
)

OWN = 'tenant : "{tenant}" AND {{title heading body}} : ({words})'
"""Of one tenant, told from the index alone: reading each row's own tenant takes most of a search. Names
of several tenants may have the same words, or begin with them; only then each row's own tenant is read."""
ANYWHERE = '{{title heading body}} : ("{word}")'
NAMED = 'tenant : "{tenant}"'
ALIKE = (
    "SELECT (SELECT count(*) FROM chunk_text WHERE chunk_text MATCH ?)"
    " <> (SELECT count(*) FROM chunks WHERE tenant = ?)"
)
"""Whether others' passages are found by this tenant's name, since more are found than it has."""
EACH = (
    "SELECT * FROM (SELECT rowid AS place, -bm25(chunk_text, 0, 0, ?, ?, ?) * ? AS score"
    " FROM chunk_text WHERE chunk_text MATCH ?{more} LIMIT ?)"
)
WEIGHED = (
    "SELECT chunk_id, best.score, tenant FROM (SELECT place, sum(score) AS score FROM ({each})"
    " GROUP BY place ORDER BY score DESC, place LIMIT ?) AS best"
    " JOIN chunk_text ON chunk_text.rowid = place ORDER BY best.score DESC, place"
)
"""Of a tenant beside others: `bm25` knows how rare a word is in all passages, and not in the tenant's."""
WHOLE = "SELECT count(*) FROM chunk_text_docsize"
EVERYBODY = ""
"""No tenant: under it is remembered what is true of all passages."""
LEAST_IDF = 1e-6
"""FTS5's own, of a word of every other passage."""
THEIRS = " AND tenant = ?"
ANY_WORD = ""
"""No word: under it is remembered whether a tenant's name is found in others'."""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM chunk_text WHERE chunk_text MATCH ?{more} LIMIT ?)"
NEAREST = (
    "SELECT place, score FROM (SELECT rowid AS place, -bm25(chunk_text, 0, 0, ?, ?, ?) AS score"
    " FROM chunk_text WHERE chunk_text MATCH ?{more} LIMIT ?) ORDER BY score DESC, place LIMIT ?"
)
"""The rowid is the beginning of the passage's id: one order, and as good as drawn by lot."""
MATCH = (
    f"WITH nearest AS ({NEAREST}) SELECT chunk_id, score, tenant"  # noqa: S608 - our own names
    " FROM nearest JOIN chunk_text ON chunk_text.rowid = place ORDER BY score DESC, place"
)


def count(do: Statements, tenant: str, word: str, *, alike: bool = True) -> int:
    """In how many of a tenant's passages a word stands, `MOST_COUNTED` at most; `alike`: see `ALIKE`."""
    more, own = (THEIRS, (tenant,)) if alike else ("", ())
    [row] = do.rows(COUNT.format(more=more), (_own(tenant, [word]), *own, MOST_COUNTED))
    return int(row[0])


def _alike(do: Statements, tenant: str) -> int:
    [row] = do.rows(ALIKE, (NAMED.format(tenant=_quoted(tenant)), tenant))
    return int(row[0])


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _own(tenant: str, words: Sequence[str]) -> str:
    """Passages of a tenant with any of the words; each is quoted, so no FTS5 syntax is left."""
    asked = " OR ".join(f'"{word}"' for word in words)
    return OWN.format(tenant=_quoted(tenant), words=asked)


def match(
    do: Statements,
    tenant: str,
    words: Sequence[str],
    limit: int,
    counts: WordCounts,
) -> list[tuple[str, float]]:
    """(chunk id, BM25) of passages with any of the words, highest first."""
    alike = bool(counts.known(tenant, ANY_WORD, lambda _: _alike(do, tenant)))
    own = counts.passages(tenant, lambda _: _passages(do, tenant, alike=alike))
    whole = counts.passages(EVERYBODY, lambda _: int(do.rows(WHOLE)[0][0]))
    wanted = counts.affordable(tenant, words, partial(count, do, tenant, alike=alike))
    if own < whole:
        by_word = [
            (
                word,
                _idf(own, counts.known(tenant, word, partial(count, do, tenant, alike=alike)))
                / _idf(whole, counts.known(EVERYBODY, word, partial(_everywhere, do))),
            )
            for word in wanted
        ]
        return _weighed(do, tenant, by_word, limit, alike=alike)
    asked = _own(tenant, wanted)
    given = (TITLE_WEIGHT, HEADING_WEIGHT, BODY_WEIGHT, asked)
    rows = [] if alike else do.rows(MATCH.format(more=""), (*given, MOST_ROWS, limit))
    if alike or any(row[2] != tenant for row in rows):
        rows = do.rows(MATCH.format(more=THEIRS), (*given, tenant, MOST_ROWS, limit))
    return [(str(row[0]), float(row[1])) for row in rows]


def _weighed(
    do: Statements,
    tenant: str,
    by_word: Sequence[tuple[str, float]],
    limit: int,
    *,
    alike: bool,
) -> list[tuple[str, float]]:
    """The same with each word's score weighed anew by a factor."""
    each, values = [], list[object]()
    for word, factor in by_word:
        each.append(EACH.format(more=THEIRS if alike else ""))
        values += [TITLE_WEIGHT, HEADING_WEIGHT, BODY_WEIGHT, factor, _own(tenant, [word])]
        values += [*([tenant] if alike else []), MOST_ROWS]
    rows = do.rows(WEIGHED.format(each=" UNION ALL ".join(each)), (*values, limit))
    if not alike and any(row[2] != tenant for row in rows):
        return _weighed(do, tenant, by_word, limit, alike=True)
    return [(str(row[0]), float(row[1])) for row in rows]


def _passages(do: Statements, tenant: str, *, alike: bool) -> int:
    more, own = (THEIRS, (tenant,)) if alike else ("", ())
    named = NAMED.format(tenant=_quoted(tenant))
    return int(do.rows(COUNT.format(more=more), (named, *own, -1))[0][0])


def _everywhere(do: Statements, word: str) -> int:
    """In how many passages of all tenants a word stands."""
    return int(do.rows(COUNT.format(more=""), (ANYWHERE.format(word=word), -1))[0][0])


def _idf(passages: int, having: int) -> float:
    """How much a word of so many passages tells, as FTS5 has it.

    Both were counted at different times: a base that has grown since may have more with the word than it had.
    """
    whole = max(passages, having)
    return max(math.log((whole - having + 0.5) / (having + 0.5)), LEAST_IDF)


async def add(session: AsyncSession, tenant: str, rows: Sequence[TextRow]) -> None:
    """Make passages findable. The caller removed those with the same ids before."""
    values = [line(tenant, row) for row in rows]
    await (await session.connection()).execute(ADD, values)


def line(tenant: str, row: TextRow) -> dict[str, str | int]:
    """What `ADD` binds."""
    return {
        "row": _rowid(row.chunk_id),
        "chunk_id": row.chunk_id,
        "tenant": tenant,
        "title": row.title,
        "heading": row.heading,
        "body": row.body,
    }


async def remove(session: AsyncSession, chunk_ids: Iterable[str]) -> None:
    """Forget passages; unknown ids are ignored."""
    keys = [{"row": _rowid(chunk_id)} for chunk_id in chunk_ids]
    if keys:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM chunk_text WHERE rowid = :row"), keys)


def _rowid(chunk_id: str) -> int:
    """60 bits of the digest: FTS5 finds a row to delete by its rowid only."""
    return int(chunk_id[:15], 16)

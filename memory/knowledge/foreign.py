"""Searching the articles by meaning, across languages or within one that is not the desk's.

Two vectors an article, of its title and of that with its first words, made at the first such question
and kept: better than a vector for each passage, at a third of the time. See docs/experiments.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from memory.admission import compute
from memory.encoder.multilingual import MultilingualEncoder
from memory.handoffs.corrections import MARKED_WRONG
from memory.knowledge.contract import Hit
from memory.storage.database import Database
from memory.storage.units import Statements
from memory.tables.knowledge import Visibility

MOST_ARTICLES = 5_000
"""Of a tenant; what comes after is not looked at."""
FIRST_CHARS = 150
"""Of an article, beside its title."""
PASSAGES = (
    "SELECT c.id, c.doc_id, a.title, c.heading, c.text, a.url"  # noqa: S608 - our own names
    " FROM chunks AS c JOIN articles AS a ON a.tenant = c.tenant AND a.doc_id = c.doc_id"
    f" WHERE c.tenant = ? AND a.visibility = '{Visibility.PUBLIC}' AND NOT {MARKED_WRONG}"
)
FIRST, FURTHER = " AND c.ordinal = 0", " AND c.ordinal <> 0 AND c.doc_id = ?"
IN_ORDER = " ORDER BY c.doc_id, c.ordinal LIMIT ?"


class ForeignSearch:
    """`KnowledgeBase` for questions that are not in the articles' language."""

    def __init__(
        self,
        database: Database,
        encoder: MultilingualEncoder,
        language_of: Callable[[str], str] = lambda _text: "",
    ) -> None:
        """`language_of` names the language of an article by its title and first words."""
        self._database = database
        self._encoder = encoder
        self._language_of = lru_cache(maxsize=MOST_ARTICLES)(language_of)

    async def search(
        self, tenant: str, query: str, limit: int, among: str | None = None
    ) -> list[Hit]:
        """The first passage of each of the nearest articles, best first; the score is a cosine.

        Within one language `among`, the nearest article comes with its further passages, and `lead`
        says how much nearer it is than the next one.
        Raises `EncoderUnavailable`, `StorageUnavailable`.
        """
        known = await self._database.units.read(lambda do: _passages(do, tenant))
        if among is not None:
            known = await compute(self._only, known, among)
        if not known or not query.strip():
            return []
        cosines = await compute(self._cosines, query, known)
        ranked = sorted(zip(cosines, known, strict=True), key=lambda one: (-one[0], one[1].doc_id))
        best = [_with_score(hit, cosine) for cosine, hit in ranked[:limit]]
        if among is None:
            return best
        nearest = best[0].doc_id
        more = await self._database.units.read(lambda do: _passages(do, tenant, of=nearest))
        return [*_led(best[:1], more, ranked), *best[1:]][:limit]

    def _only(self, known: Sequence[Hit], language: str) -> list[Hit]:
        return [one for one in known if self._language_of(_beginning(one)) == language]

    def _cosines(self, query: str, known: Sequence[Hit]) -> list[float]:
        asked = self._encoder.encode([query])[0]
        titles = self._encoder.encode([one.title for one in known])
        longer = self._encoder.encode([_beginning(one) for one in known])
        return [float(one) for one in np.maximum(titles @ asked, longer @ asked)]


def _led(
    best: Sequence[Hit], more: Sequence[Hit], ranked: Sequence[tuple[float, Hit]]
) -> list[Hit]:
    """The passages of the nearest article, each with how far it is ahead of the next article."""
    lead = best[0].score - (ranked[1][0] if len(ranked) > 1 else 0.0)
    found = {"multilingual": best[0].score, "own_lead": lead}
    return [replace(one, score=best[0].score, features=found) for one in (*best, *more)]


def _beginning(hit: Hit) -> str:
    return f"{hit.title}. {' '.join(hit.text.split())[:FIRST_CHARS]}"


def _with_score(hit: Hit, cosine: float) -> Hit:
    named = (hit.chunk_id, hit.doc_id, hit.title, hit.heading, hit.text, hit.url)
    return Hit(*named, score=cosine, features={"multilingual": cosine})


def _passages(do: Statements, tenant: str, of: str | None = None) -> list[Hit]:
    """The first passage of each article, or the further ones of one article."""
    which, values = (FIRST, (tenant,)) if of is None else (FURTHER, (tenant, of))
    rows = do.rows(PASSAGES + which + IN_ORDER, (*values, MOST_ARTICLES))
    return [
        Hit(chunk_id, doc_id, title, heading, text, url, score=0.0)
        for chunk_id, doc_id, title, heading, text, url in rows
    ]

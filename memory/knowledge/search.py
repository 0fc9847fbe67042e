"""Hybrid search: nearest windows and full text, fused, then read word by word.

Three looks, each closer than the one before: (1) the nearest windows of text in the vector index,
those nearest to what customers are known to ask in other words (`phrasings`), and the passages with
the query's words in full text; (2) their sum; (3) for the best few, late interaction (how well each
token of the query is met by some token of the passage, where a token counts by how much it tells
these passages apart) and the share of the words asked for that stand in it. What they say is added
to the sum.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

import numpy as np
from typing_extensions import override

from memory.admission import compute
from memory.encoder.encoder import Encoder, RememberingEncoder, Vectors
from memory.knowledge import approved, fulltext, sentence_vectors
from memory.knowledge.contract import Hit, KnowledgeBase
from memory.knowledge.coverage import asked_for, covered
from memory.knowledge.features import Looks, describe
from memory.knowledge.index import VectorIndex
from memory.knowledge.late_interaction import Tokens, align, compact, unpack
from memory.knowledge.passage_rows import SENTENCES, TOKENS, PassageRow, beside, first_rows
from memory.knowledge.phrasings import Phrasings, bridged
from memory.knowledge.vectors import chunk_of, encoded_windows
from memory.knowledge.word_counts import WordCounts
from memory.storage.database import Database
from memory.storage.units import Statements
from memory.tables.knowledge import Visibility

WINDOWS = 200
"""Nearest windows taken from the vector index: those of 50 to 100 passages."""
MATCHES = 50
"""Passages taken from full text."""
READ_CLOSELY = 20
"""Best passages that are read word by word."""
FOR_THE_AGENT = (Visibility.PUBLIC,)
FOR_PEOPLE = (Visibility.PUBLIC, Visibility.INTERNAL)
LEXICAL_WEIGHT = 0.3
"""BM25, as a share of the query's best, beside a cosine. From 0.2 to 0.4 it hardly matters."""
COVERED_WEIGHT = 0.5
"""The share of the words asked for, beside it. From 0.3 to 0.8 it hardly matters."""
PHRASED_WEIGHT = 0.5
"""The cosine of the known phrasings, beside it. From 0.25 to 1 it hardly matters."""
NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class _Candidates:
    """What the first two looks found."""

    dense: Mapping[str, float]
    lexical: Mapping[str, float]
    fused: Mapping[str, float]
    """Highest first, those only that have a row."""
    rows: Mapping[str, PassageRow]


class HybridSearch(KnowledgeBase):
    """`KnowledgeBase` over a `VectorIndex` and the full text of the ledger."""

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        encoder: Encoder,
        phrasings: Phrasings | None = None,
    ) -> None:
        self._database = database
        self._index = index
        self._encoder = encoder
        self._phrasings = phrasings
        self._counts = WordCounts()

    def knowing(self, questions: Sequence[str]) -> HybridSearch:
        """The same search for a tenant of whose customers' questions some are known. Encodes them."""
        if not questions:
            return self
        known = Phrasings(self._encoder, questions)
        return HybridSearch(self._database, self._index, self._encoder, known)

    @override
    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """Raises `OtherModel`, `StorageUnavailable`."""
        hits = await self._search(tenant, query, limit, FOR_THE_AGENT)
        await self._learn([hit.chunk_id for hit in hits])
        return hits

    async def search_for_people(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """The same with internal articles among the hits, for people at the desk alone."""
        return await self._search(tenant, query, limit, FOR_PEOPLE)

    async def _search(
        self, tenant: str, query: str, limit: int, shown: Sequence[Visibility]
    ) -> list[Hit]:
        if not query.strip():
            return []
        (dense, phrased, asked, alike), lexical = await asyncio.gather(
            compute(self._near, tenant, query), self._match(tenant, query)
        )
        vouched = await approved.articles(self._database, tenant, alike)
        fused = fuse(dense, lexical, phrased)

        def look(do: Statements) -> tuple[dict[str, PassageRow], list[str], dict[str, bytes]]:
            rows = first_rows(do, list(fused), max(limit, READ_CLOSELY), shown)
            known = [one for one in fused if one in rows]
            return rows, known, beside(do, TOKENS, known[:READ_CLOSELY], self._encoder.revision)

        rows, known, stored = await self._database.units.look(look)
        found = _Candidates(dense, lexical, {one: fused[one] for one in known}, rows)
        hits = await compute(self._ranked, query, asked, found, stored, limit)
        return [_vouched(one, vouched) for one in hits]

    async def _learn(self, ids: Sequence[str]) -> None:
        """Give the encoder's memory the sentences of these passages, which a writer sets beside the ask."""
        encoder = self._encoder
        if not isinstance(encoder, RememberingEncoder):
            return
        found = await self._database.units.look(
            lambda do: beside(do, SENTENCES, ids, encoder.revision)
        )
        for stored in filter(None, found.values()):
            encoder.learn(*sentence_vectors.unpack(stored, encoder.width))

    def _ranked(
        self,
        query: str,
        asked: Tokens,
        found: _Candidates,
        stored: Mapping[str, bytes],
        limit: int,
    ) -> list[Hit]:
        best = list(found.fused)[:READ_CLOSELY]
        alignments = align(asked, self._tokens([found.rows[one] for one in best], stored))
        words = asked_for(query)
        cover = {one: covered(words, found.rows[one].whole) for one in best}
        scores = {
            one: found.fused[one] + alignments[one].score + COVERED_WEIGHT * cover[one]
            for one in best
        }
        order = sorted(best, key=lambda one: (-scores[one], one)) + list(found.fused)[len(best) :]
        doc_of = {one: found.rows[one].doc_id for one in order}
        looks = Looks(found.dense, found.lexical, alignments, cover)
        features = describe(order, doc_of, scores, looks)
        return [
            found.rows[one].hit(scores.get(one, found.fused[one]), features[one])
            for one in order[:limit]
        ]

    def _tokens(
        self, passages: Sequence[PassageRow], stored: Mapping[str, bytes]
    ) -> dict[str, Tokens]:
        """Those of each passage; encoded now, which is slow, if none are stored yet."""
        basis = self._encoder.basis
        missing = [one for one in passages if one.chunk_id not in stored]
        cut = [encoded_windows(one.title, one.text) for one in missing]
        fresh = iter(self._encoder.encode_tokens([text for each in cut for text in each]))
        made = {
            one.chunk_id: compact(np.concatenate(list(islice(fresh, len(each)))), basis)
            for one, each in zip(missing, cut, strict=True)
        }
        return {
            one.chunk_id: made[one.chunk_id]
            if one.chunk_id in made
            else unpack(stored[one.chunk_id], basis)
            for one in passages
        }

    async def _match(self, tenant: str, query: str) -> dict[str, float]:
        def match(do: Statements) -> list[tuple[str, float]]:
            return fulltext.match(do, tenant, query, MATCHES, self._counts)

        return dict(await self._database.units.look(match))

    def _near(
        self, tenant: str, query: str
    ) -> tuple[dict[str, float], dict[str, float], Tokens, dict[str, float]]:
        """Passages near to the query, those near to what it may mean, its tokens, and approved questions like it."""
        vectors, tokens = self._encoder.encode_both([query])
        meant = [] if self._phrasings is None else self._phrasings.meant(vectors[0])
        looks = [(one.weight, self._nearest(tenant, one.vector)) for one in meant]
        near = self._nearest(tenant, vectors[0])
        alike = approved.nearest(self._index, tenant, vectors[0])
        return near, bridged(looks), compact(tokens[0], self._encoder.basis), alike

    def _nearest(self, tenant: str, vector: Vectors) -> dict[str, float]:
        return _best_windows(self._index.query(tenant, vector, WINDOWS))


def _vouched(hit: Hit, articles: Mapping[str, float]) -> Hit:
    """A passage of an article that a person vouches for says so."""
    likeness = articles.get(hit.doc_id)
    if likeness is None:
        return hit
    return replace(hit, features={**hit.features, approved.FEATURE: likeness})


def _best_windows(near: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Passages with the cosine of their nearest window, given windows highest first."""
    found: dict[str, float] = {}
    for one, cosine in near:
        found.setdefault(chunk_of(one), cosine)
    return found


def fuse(
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    phrased: Mapping[str, float] = NOTHING,
) -> dict[str, float]:
    """The sum of the looks, highest first.

    A passage that another look alone found has no cosine here: it is at most the last one's.
    """
    floor, far = min(dense.values(), default=0.0), min(phrased.values(), default=0.0)
    top = max(lexical.values(), default=0.0) or 1.0
    scores = {
        one: dense.get(one, floor)
        + LEXICAL_WEIGHT * max(lexical.get(one, 0.0), 0.0) / top
        + PHRASED_WEIGHT * phrased.get(one, far)
        for one in {**dense, **lexical, **phrased}
    }
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))

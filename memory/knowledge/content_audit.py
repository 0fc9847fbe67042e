"""Looks over a help centre: what nobody could answer from it, and where it contradicts itself.

Needs the encoder and the index, so a worker runs it. It gives back ids and figures only: what
customers wrote stays in the ledger, out of the engine's own records.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlmodel import col, select

from memory.encoder.encoder import Encoder, Vectors
from memory.handoffs import corrections
from memory.handoffs.model import Story
from memory.knowledge.index import VectorIndex
from memory.storage.database import Database
from memory.tables import Chunk, Correction, CorrectionKind, Handoff, now

MAX_ASKS = 500
"""Unanswered asks looked at, the newest."""
MAX_PASSAGES = 3_000
"""Passages compared with each other."""
MAX_FOUND = 50
"""Gaps, and conflicts, given back."""
LOOK_BACK = timedelta(days=90)
SAME_TOPIC = 0.45
"""Mean cosine distance within which asks are one gap; sentence embeddings of paraphrases lie
well within it."""
SAME_SUBJECT = 0.8
"""Cosine above which two passages speak of one thing."""

_AMOUNT = re.compile(r"(?<![\d.,])(\d{1,15}(?:[.,]\d{1,15}){0,4})\s{0,3}(%|[A-Za-z]{2,})")
"""Bounded: a number of a thousand digits is none, and looking for its end would take a while."""


@dataclass(frozen=True)
class Ask:
    """One ask that no article answered."""

    ticket_id: str
    ask: str
    """Its id within the ticket; empty for a person's word that an article is missing."""
    text: str
    confidence: float | None


@dataclass(frozen=True)
class Gap:
    """Asks of one kind, the most typical first."""

    asks: list[tuple[str, str]]
    """(ticket, ask)."""
    confidence: float | None
    """The best that any of them reached."""
    dismissed: str | None = None
    """The correction by which a person said that this needs no article."""


@dataclass(frozen=True)
class Conflict:
    """Two passages that speak of one thing with different figures."""

    first: str
    second: str
    """doc_id of each."""
    similarity: float
    figures: list[tuple[str, str]]
    """What the one says and what the other."""


@dataclass(frozen=True)
class ContentAudit:
    """What was found, the largest gap and the closest conflict first."""

    gaps: list[Gap]
    conflicts: list[Conflict]
    passages: int
    """Passages compared: `MAX_PASSAGES` at most."""


async def survey(
    database: Database, index: VectorIndex, encoder: Encoder, tenant: str
) -> ContentAudit:
    """Look over one tenant's asks and passages."""
    async with database.reading() as session:
        asks = await unanswered(session, tenant)
        dismissed = await corrections.dismissed(session, tenant)
        query = select(Chunk).where(Chunk.tenant == tenant).order_by(col(Chunk.id))
        passages = list((await session.exec(query.limit(MAX_PASSAGES))).all())
    gaps = await asyncio.to_thread(_gaps, asks, encoder, dismissed)
    vectors = await asyncio.to_thread(index.vectors, tenant, [one.id for one in passages])
    found = await asyncio.to_thread(conflicts, passages, vectors)
    return ContentAudit(gaps, found, len(passages))


async def unanswered(session: Any, tenant: str) -> list[Ask]:
    """Asks of handoffs that no article supported, and what people named as missing."""
    recent = now() - LOOK_BACK
    query = (
        select(Handoff.ticket_id, Handoff.story)
        .where(Handoff.tenant == tenant, col(Handoff.created_at) >= recent)
        .order_by(col(Handoff.created_at).desc())
        .limit(MAX_ASKS)
    )
    found = [
        ask
        for ticket, story in (await session.exec(query)).all()
        for ask in _asks(ticket, Story.model_validate(story))
    ]
    named = (
        select(Correction)
        .where(
            Correction.tenant == tenant,
            Correction.kind == CorrectionKind.ARTICLE_MISSING,
            col(Correction.undone_at).is_(None),
            col(Correction.created_at) >= recent,
        )
        .order_by(col(Correction.created_at).desc())
        .limit(MAX_ASKS)
    )
    missing = [Ask(one.ticket_id, "", one.question, None) for one in await session.exec(named)]
    return (missing + found)[:MAX_ASKS]


def cluster(vectors: Vectors) -> list[list[int]]:
    """Rows of unit vectors by topic, largest first, the most typical row of each first."""
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) == 0:
        return []
    labels = [0]
    if len(vectors) > 1:
        labels = AgglomerativeClustering(
            n_clusters=None, metric="cosine", linkage="average", distance_threshold=SAME_TOPIC
        ).fit_predict(vectors)
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        members[int(label)].append(row)
    ordered = sorted(members.values(), key=lambda rows: (-len(rows), rows[0]))
    return [_typical_first(rows, vectors) for rows in ordered]


def conflicts(passages: Sequence[Chunk], vectors: Mapping[str, Vectors]) -> list[Conflict]:
    """Pairs of different articles' passages that speak of one thing with different figures."""
    known = [one for one in passages if one.id in vectors and _AMOUNT.search(one.text)]
    if not known:
        return []
    matrix = np.stack([vectors[one.id] for one in known])
    close = np.argwhere(np.triu(matrix @ matrix.T, k=1) >= SAME_SUBJECT)
    found: dict[tuple[str, str], Conflict] = {}
    for row, column in close:
        first, second = known[row], known[column]
        figures = differing(first.text, second.text)
        pair = (min(first.doc_id, second.doc_id), max(first.doc_id, second.doc_id))
        if first.doc_id != second.doc_id and figures and pair not in found:
            cosine = round(float(matrix[row] @ matrix[column]), 3)
            found[pair] = Conflict(first.doc_id, second.doc_id, cosine, figures)
    return sorted(found.values(), key=lambda one: -one.similarity)[:MAX_FOUND]


def differing(first: str, second: str) -> list[tuple[str, str]]:
    """Units of which each text names amounts, and none that the other names."""
    ours, theirs = _amounts(first), _amounts(second)
    return [
        (f"{', '.join(sorted(ours[unit]))} {unit}", f"{', '.join(sorted(theirs[unit]))} {unit}")
        for unit in sorted(ours.keys() & theirs.keys())
        if not ours[unit] & theirs[unit]
    ]


def _amounts(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for amount, unit in _AMOUNT.findall(text):
        found[unit.lower().rstrip("s") or unit].add(amount)
    return found


def _gaps(asks: Sequence[Ask], encoder: Encoder, dismissed: Mapping[str, str]) -> list[Gap]:
    """The largest gap first, those that people dismissed behind the others."""
    if not asks:
        return []
    groups = cluster(encoder.encode([one.text for one in asks]))
    found = [gap([asks[row] for row in rows], dismissed) for rows in groups]
    return sorted(found, key=lambda one: one.dismissed is not None)[:MAX_FOUND]


def gap(asks: Sequence[Ask], dismissed: Mapping[str, str]) -> Gap:
    """One gap of asks of one kind; dismissing one of them dismissed them all."""
    return Gap(
        asks=[(one.ticket_id, one.ask) for one in asks],
        confidence=max(
            (one.confidence for one in asks if one.confidence is not None), default=None
        ),
        dismissed=next((dismissed[one.text] for one in asks if one.text in dismissed), None),
    )


def _typical_first(rows: list[int], vectors: Vectors) -> list[int]:
    centre = vectors[rows].mean(axis=0)
    return sorted(rows, key=lambda row: -float(vectors[row] @ centre))


def _asks(ticket_id: str, story: Story) -> list[Ask]:
    texts = {ask.id: ask.text for ask in story.asks}
    return [
        Ask(ticket_id, one.ask_id, texts[one.ask_id], one.confidence)
        for one in story.assessments
        if not one.supported and one.ask_id in texts
    ]

"""Articles that answer a question like the one at hand, because a person said so.

Where the agent is not sure, a person reads its draft. Who sends it, or keeps most of what it tells from an article,
vouches for the article: for that question, and as long as its text stays as it was when the draft was written. The
same question in other words finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from memory.encoder.encoder import Vectors
from memory.handoffs.corrections import answered_wrong
from memory.knowledge.index import VectorIndex
from memory.storage.database import Database
from memory.tables import Chunk, Memory, now

ALIKE = 0.85
"""Cosine from which two questions say the same. Of a manual's questions in doubt, where the search finds the
very article that answered a known one so near, .87 to .91 are right (docs/experiments.md)."""
NEAREST = 20
"""Known questions that a new one is compared with."""
FEATURE = "approved"
"""Cosine of the nearest question that its article was approved for, among the features of a passage."""


def collection_of(tenant: str) -> str:
    """The collection of vectors that a tenant's approved questions stand in, under the ids of their memories."""
    return f"{tenant}.approved"  # a tenant's name holds no dot


def nearest(index: VectorIndex, tenant: str, question: Vectors) -> dict[str, float]:
    """Ids of the memories whose questions say the same, each with the cosine of both. Blocks."""
    found = index.query(collection_of(tenant), question, NEAREST)
    return {name: cosine for name, cosine in found if cosine >= ALIKE}


async def articles(database: Database, tenant: str, near: Mapping[str, float]) -> dict[str, float]:
    """Articles that these memories vouch for, each with its nearest question's cosine.

    Nothing vouches that was corrected or has ended, nor for a text that was changed since the draft was written
    from it: the ids of passages tell one text of an article from another.
    """
    if not near:
        return {}
    standing = (col(Memory.expires_at) > now(), ~answered_wrong(), col(Memory.id).in_(near))
    memories = select(Memory.id, Memory.vouched).where(Memory.tenant == tenant, *standing)
    async with database.reading() as session:
        said = {name: ids.split(",") for name, ids in (await session.exec(memories)).all()}
        passages = select(Chunk.id, Chunk.doc_id).where(
            Chunk.tenant == tenant, col(Chunk.id).in_({one for ids in said.values() for one in ids})
        )
        doc_of = dict((await session.exec(passages)).all())
    found: dict[str, float] = {}
    for name, ids in said.items():
        for doc in {doc_of[one] for one in ids if one in doc_of}:
            found[doc] = max(found.get(doc, 0.0), round(near[name], 5))
    return found

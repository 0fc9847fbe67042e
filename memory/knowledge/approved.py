"""Articles that answer a question like the one at hand, because a person said so.

Where the agent is not sure, a person reads its draft. Who sends it, or keeps a statement of it word for word,
vouches for its articles: for that question, and as long as their texts stay as they are. The same question in other words finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from memory.encoder.encoder import Vectors
from memory.handoffs.corrections import answered_wrong
from memory.knowledge.index import Entry, VectorIndex
from memory.storage.database import Database
from memory.tables import Article, Memory, now

ALIKE = 0.85
"""Cosine from which two questions say the same. Of a manual's questions in doubt, where the search finds the
very article that answered a known one so near, .87 to .91 are right (docs/experiments.md)."""
NEAREST = 20
"""Known questions that a new one is compared with."""
FEATURE = "approved"
"""Cosine of the nearest question that its article was approved for, among the features of a passage."""


def collection_of(tenant: str) -> str:
    """The collection of vectors that a tenant's approved questions stand in."""
    return f"{tenant}.approved"  # a tenant's name holds no dot


def is_approved(origin: str, sources: str) -> bool:
    """Whether a memory vouches for articles: a person sent what the agent had drafted from them."""
    return origin == "person" and bool(sources)


def know(index: VectorIndex, tenant: str, questions: Sequence[Entry]) -> None:
    """Make approved questions findable, under the ids of their memories. Blocks."""
    if questions:
        index.upsert(collection_of(tenant), questions)


def nearest(index: VectorIndex, tenant: str, question: Vectors) -> dict[str, float]:
    """Ids of the memories whose questions say the same, each with the cosine of both. Blocks."""
    found = index.query(collection_of(tenant), question, NEAREST)
    return {name: cosine for name, cosine in found if cosine >= ALIKE}


async def articles(database: Database, tenant: str, near: Mapping[str, float]) -> dict[str, float]:
    """Articles that these memories vouch for, each with its nearest question's cosine.

    Nothing vouches that was corrected or has ended, nor for an article that was changed later.
    """
    if not near:
        return {}
    standing = (col(Memory.expires_at) > now(), ~answered_wrong(), col(Memory.id).in_(near))
    memories = select(Memory.id, Memory.sources, Memory.created_at).where(
        Memory.tenant == tenant, *standing
    )
    async with database.reading() as session:
        rows = (await session.exec(memories)).all()
        names = {name for _, sources, _ in rows for name in sources.split(",")}
        changed = select(Article.doc_id, Article.updated_at).where(
            Article.tenant == tenant, col(Article.doc_id).in_(names)
        )
        last = dict((await session.exec(changed)).all())
    found: dict[str, float] = {}
    for memory_id, sources, at in rows:
        for name in sources.split(","):
            if name in last and last[name] <= at:
                found[name] = max(found.get(name, 0.0), round(near[memory_id], 5))
    return found

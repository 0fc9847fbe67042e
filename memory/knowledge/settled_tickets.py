"""Long-term memory of settled tickets: rows are the truth, vectors find them."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from memory.admission import compute
from memory.encoder.encoder import Encoder
from memory.handoffs.corrections import answered_wrong
from memory.knowledge.index import Entry, VectorIndex
from memory.storage.database import Database
from memory.storage.engines import insert
from memory.tables import Memory, now

CLOSEST = 0.5
"""Cosine below which a settled ticket is not like the one at hand."""


class Recall:
    """Remembers settled tickets of all tenants, each in a collection of its own."""

    def __init__(self, database: Database, index: VectorIndex, encoder: Encoder) -> None:
        self._database = database
        self._index = index
        self._encoder = encoder

    async def remember(self, memory: Memory) -> None:
        """Store it once. The row comes first: a vector without a row is never shown."""
        memory.model_revision = self._encoder.revision
        async with self._database.transaction() as session:
            statement = insert(session, Memory).values(memory.model_dump())
            await session.execute(statement.on_conflict_do_nothing())
        await compute(self._write, memory)

    async def similar(self, tenant: str, text: str, limit: int) -> list[dict[str, Any]]:
        """The closest memories that have not expired, a person's before an agent's."""
        near = dict(await compute(self._near, tenant, text, limit))
        async with self._database.reading() as session:
            found = await session.exec(
                select(Memory).where(
                    col(Memory.id).in_(near),
                    Memory.tenant == tenant,
                    Memory.expires_at > now(),
                    ~answered_wrong(),
                )
            )
            rows = list(found.all())
        rows.sort(key=lambda row: (row.origin != "person", -near[row.id]))
        return [
            {
                "ticket_id": row.ticket_id,
                "question": row.question,
                "answer": row.answer,
                "origin": row.origin,
                "score": round(near[row.id], 3),
            }
            for row in rows
        ]

    def _write(self, memory: Memory) -> None:
        vector = self._encoder.encode([memory.question])[0]
        self._index.upsert(
            collection_of(memory.tenant), [Entry(memory.id, memory.ticket_id, vector)]
        )

    def _near(self, tenant: str, text: str, limit: int) -> list[tuple[str, float]]:
        vector = self._encoder.encode([text])[0]
        found = self._index.query(collection_of(tenant), vector, limit)
        return [(name, cosine) for name, cosine in found if cosine >= CLOSEST]


def collection_of(tenant: str) -> str:
    """The collection of vectors that a tenant's memories stand in."""
    return f"{tenant}.memories"  # a tenant's name holds no dot

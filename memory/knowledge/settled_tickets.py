"""Long-term memory of settled tickets: rows are the truth, vectors find them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlmodel import col, select

from memory.admission import compute
from memory.encoder.encoder import Encoder
from memory.handoffs.corrections import answered_wrong
from memory.knowledge import approved
from memory.knowledge.index import Entry, VectorIndex
from memory.sealing.columns import sealed_columns
from memory.storage.columns import Columns
from memory.storage.database import Database
from memory.storage.step import present_step
from memory.storage.units import Row, Statements
from memory.tables import Memory, now

CLOSEST = 0.5
"""Cosine below which a settled ticket is not like the one at hand."""
AT_ONCE = 128
"""Memories that one write to the index makes findable."""
UNFINDABLE = ""
"""In the place of the encoder's revision while a memory has no vector."""
ROWS = Columns(Memory)
QUESTION = sealed_columns(Memory)["question"]
WAITING = (
    "SELECT id, tenant, ticket_id, question, vouched FROM memories WHERE model_revision = ?"
    " ORDER BY created_at LIMIT ?"
)
COUNTED = "SELECT tenant, COUNT(*) FROM memories WHERE model_revision = ? GROUP BY tenant"
LOST = "UPDATE memories SET model_revision = ? WHERE tenant = ? AND model_revision = ?"
FINDABLE = "UPDATE memories SET model_revision = ? WHERE id = ?"


class Recall:
    """Remembers settled tickets of all tenants, each in a collection of its own."""

    def __init__(self, database: Database, index: VectorIndex, encoder: Encoder) -> None:
        self._database = database
        self._index = index
        self._encoder = encoder
        self._turn = asyncio.Lock()

    async def remember(self, memory: Memory) -> None:
        """Store it once; within a drive with the step's commit. `catch_up` makes it findable."""

        def store(do: Statements) -> None:
            row = {**memory.model_dump(), "model_revision": UNFINDABLE}
            do.run(f"{ROWS.insert} ON CONFLICT DO NOTHING", ROWS.values(do, row))

        step = present_step(memory.ticket_id)
        if step is None:
            await self._database.units.write(store)
        else:
            step.leave(store)

    async def catch_up(self) -> int:
        """Make findable what was stored since; how many. Many at once cost little more than one.

        The row comes first: a vector without a row is never shown, and is removed if it is met here.
        """
        count = 0
        async with self._turn:  # or all that come meanwhile write the same to the index
            while found := await self._database.units.look(_waiting):
                await compute(self._write, found)
                await self._mark(found)
                count += len(found)
        return count

    async def look_for_lost(self) -> None:
        """Let `catch_up` make vectors again where an index has fewer than there are rows, as after a restore."""
        revision = self._encoder.revision
        counted = await self._database.units.look(lambda do: [*do.rows(COUNTED, (revision,))])
        for tenant, rows in counted:
            if await compute(self._index.count, collection_of(tenant)) < rows:
                await self._database.units.write(partial(_lose, tenant, revision))

    async def _mark(self, found: Sequence[Row]) -> None:
        revision = self._encoder.revision

        def mark(do: Statements) -> list[Row]:
            return [row for row in found if not do.run(FINDABLE, (revision, row[0]))]

        gone = await self._database.units.write(mark)
        for name, tenant, *_ in gone:  # erased meanwhile
            await compute(forget, self._index, tenant, [name])

    async def similar(self, tenant: str, text: str, limit: int) -> list[dict[str, Any]]:
        """The closest memories that have not expired, a person's before an agent's."""
        await self.catch_up()
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

    def _write(self, found: Sequence[Row]) -> None:
        vectors = self._encoder.encode([question for _, _, _, question, *_ in found])
        by_collection: dict[str, list[Entry]] = {}
        for (name, tenant, ticket_id, _, passages), vector in zip(found, vectors, strict=True):
            entry = Entry(name, ticket_id, vector)
            by_collection.setdefault(collection_of(tenant), []).append(entry)
            if passages:
                by_collection.setdefault(approved.collection_of(tenant), []).append(entry)
        for collection, entries in by_collection.items():
            self._index.upsert(collection, entries)

    def _near(self, tenant: str, text: str, limit: int) -> list[tuple[str, float]]:
        vector = self._encoder.encode([text])[0]
        found = self._index.query(collection_of(tenant), vector, limit)
        return [(name, cosine) for name, cosine in found if cosine >= CLOSEST]


def _waiting(do: Statements) -> list[Row]:
    return [
        (
            name,
            tenant,
            ticket_id,
            QUESTION.read(do.ring, said, QUESTION.place({"tenant": tenant, "id": name})),
            passages,
        )
        for name, tenant, ticket_id, said, passages in do.rows(WAITING, (UNFINDABLE, AT_ONCE))
    ]


def _lose(tenant: str, revision: str, do: Statements) -> None:
    do.run(LOST, (UNFINDABLE, tenant, revision))


def collection_of(tenant: str) -> str:
    """The collection of vectors that a tenant's memories stand in."""
    return f"{tenant}.memories"  # a tenant's name holds no dot


def forget(index: VectorIndex, tenant: str, memories: Iterable[str]) -> None:
    """Make these memories unfindable. Blocks."""
    gone = list(memories)
    for collection in (collection_of(tenant), approved.collection_of(tenant)):
        index.delete(collection, gone)

"""Upkeep of articles beside other upkeep."""

from __future__ import annotations

from typing import Any

import pytest

from api.worker import knowledge
from api.worker.knowledge import KnowledgeChores
from memory.knowledge.ingest import Indexed
from memory.storage.database import Database
from memory.storage.queue import INDEX_ARTICLES


class _Queue:
    def __init__(self) -> None:
        self.jobs: list[tuple[str, ...]] = []

    async def chore(self, _session: Any, _name: str, *job: str) -> None:
        self.jobs.append(job)


async def test_what_is_left_waits_behind_other_upkeep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long ingestion gives way to letters after some seconds, and goes on until none is left."""
    found, queue, database = [Indexed(7, left=3), Indexed(3)], _Queue(), Database("sqlite://")
    allowed = []

    async def index(*_given: object, seconds: float, **_named: object) -> Indexed:
        allowed.append(seconds)
        return found.pop(0)

    monkeypatch.setattr(knowledge, "index_pending", index)
    nothing: Any = None
    chores = KnowledgeChores(database, nothing, nothing, nothing, queue=queue)  # type: ignore[arg-type]
    assert (await chores.index("acme"))["left"] == 3
    assert queue.jobs == [(INDEX_ARTICLES, "acme")]
    await chores.index("acme")
    assert len(queue.jobs) == 1
    assert set(allowed) == {knowledge.INDEXING_SECONDS}
    await database.close()

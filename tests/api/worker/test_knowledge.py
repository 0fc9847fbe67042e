"""Upkeep of articles beside other upkeep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.worker import knowledge
from api.worker.knowledge import KnowledgeChores
from memory.encoder.encoder import HashEncoder
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.index import MemoryIndex
from memory.knowledge.ingest import Indexed, index_pending
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.storage.queue import INDEX_ARTICLES
from tests import desks


class _Queue:
    def __init__(self) -> None:
        self.jobs: list[tuple[str, ...]] = []

    async def chore(self, _session: Any, _name: str, *job: str) -> None:
        self.jobs.append(job)


async def test_what_is_left_waits_behind_other_upkeep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long ingestion gives way to letters after some seconds, and goes on until none is left."""
    queue: Any = _Queue()
    found, database = [Indexed(7, left=3), Indexed(3)], Database("sqlite://")
    allowed = []

    async def index(*_given: object, seconds: float, **_named: object) -> Indexed:
        allowed.append(seconds)
        return found.pop(0)

    monkeypatch.setattr(knowledge, "index_pending", index)
    nothing: Any = None
    chores = KnowledgeChores(database, nothing, nothing, nothing, queue=queue)
    assert (await chores.index("acme"))["left"] == 3
    assert queue.jobs == [(INDEX_ARTICLES, "acme")]
    await chores.index("acme")
    assert len(queue.jobs) == 1
    assert set(allowed) == {knowledge.INDEXING_SECONDS}
    await database.close()


async def test_a_worker_makes_lost_vectors_again_by_itself(tmp_path: Path, template: Path) -> None:
    """After the folder was moved away nothing else would: the articles count as searchable."""
    database = Database(desks.settings_in(tmp_path / "home", template).ledger_url)
    await stage(database, "acme", [ArticleDraft("a", "Refunds", "One.", None, "a.md")])
    await index_pending(database, MemoryIndex(), HashEncoder(), "acme")
    fresh = MemoryIndex()
    unused: Any = None
    chores = KnowledgeChores(database, fresh, HashEncoder(), unused, queue=unused)
    with capture_logs() as lines:
        await chores.mend()
        await chores.mend()
    assert fresh.count("acme") == 1
    assert [line["event"] for line in lines] == ["vectors_restored"]
    await database.close()

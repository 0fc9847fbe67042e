"""Where a worker has the index open, it is asked by the queue, and not for ever."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlmodel import select

from api.cli import indexing
from api.cli.failures import CommandFault
from api.settings import Settings
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.tables import Article
from memory.workers.contract import WorkerLocks
from memory.workers.locks import open_locks
from tests import desks
from tests.waiting import LONGEST_SECONDS


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """Its ledger, with two staged articles."""
    async with Database(settings.ledger_url) as opened:
        drafts = [ArticleDraft(name, name, "text", None, name) for name in ("a", "b")]
        await stage(opened, desks.TENANT, drafts)
        yield opened


@pytest.fixture
def lease(settings: Settings) -> Iterator[WorkerLocks]:
    """The lease of a living worker, held."""
    locks = open_locks(settings.ledger_url, settings.locks_path)
    locks.take("worker-1")
    yield locks
    locks.give_back()


def test_a_lease_tells_whether_a_worker_lives(settings: Settings, lease: WorkerLocks) -> None:
    """A held lease is a living worker; a free one is none."""
    assert indexing.workers_alive(settings)
    lease.give_back()
    assert not indexing.workers_alive(settings)


async def chores(database: Database) -> list[str]:
    """Names of the upkeep jobs that the engine has."""
    async with database.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT name FROM workflow_status WHERE queue_name = 'chores'"
        )
        return [row[0] for row in found]


async def test_a_living_worker_is_asked_and_followed(
    settings: Settings, database: Database, lease: WorkerLocks
) -> None:
    """The command waits until every article of the tenant is searchable."""

    async def work() -> None:
        while not await chores(database):  # noqa: ASYNC110 - another side acts
            await asyncio.sleep(0.02)
        async with database.transaction() as session:
            for article in await session.exec(select(Article)):
                article.indexed_hash = article.content_hash
                session.add(article)

    async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(work())
        group.create_task(indexing.index(settings, database, desks.TENANT))
    assert await chores(database) == ["index_articles"]


async def test_a_stuck_worker_is_not_waited_for(
    settings: Settings, database: Database, lease: WorkerLocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without progress the command ends, keeps what is staged, and says what to do."""
    monkeypatch.setattr(indexing, "STALL_SECONDS", 0.3)
    with pytest.raises(CommandFault, match=r"2 articles wait for a worker.*they are kept"):
        await indexing.index(settings, database, desks.TENANT)
    monkeypatch.setattr(indexing, "SEARCH_SECONDS", 0.3)
    with pytest.raises(TimeoutError):
        await indexing.search(settings, database, desks.TENANT, "a", 3)

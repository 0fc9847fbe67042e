"""Makes articles findable and searches them: here, or by the worker that has the index open.

The embedded index belongs to one process. Where a worker lives, it is asked by the queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from api.cli import screen
from api.cli.failures import FAILED, CommandFault
from api.settings import Settings
from memory.workers.locks import open_locks

if TYPE_CHECKING:
    from rich.progress import Progress

    from memory.knowledge.contract import Hit
    from memory.knowledge.index import VectorIndex
    from memory.storage.database import Database

STALL_SECONDS = 60.0
"""Without any progress for so long the worker is taken to be stuck."""
SEARCH_SECONDS = 30.0
"""How long the worker may take to answer a search."""
POLL_SECONDS = 0.2


def opening(settings: Settings) -> str:
    """What is done before the first text can be read, and where that leads."""
    from memory.encoder.export import made

    if settings.minds == "scripted" or settings.encoder is not None or made(settings.cache):
        return "opening the language model"
    return f"exporting the language model into {settings.cache} (about 20 s, once for a user)"


def workers_alive(settings: Settings) -> bool:
    """Whether a worker is alive, here or on another machine. Raises `StorageUnavailable`."""
    return open_locks(settings.ledger_url, settings.locks_path).any_held()


async def index(settings: Settings, database: Database, tenant: str) -> None:
    """Make every staged article of the tenant findable, with a progress bar.

    Raises `CommandFault` if a worker has the index and does not get on with it.
    """
    with screen.progress("indexing") as bar:
        if not workers_alive(settings) and await _here(settings, database, tenant, bar):
            return
        await _by_worker(settings, database, tenant, bar)


async def search(
    settings: Settings, database: Database, tenant: str, query: str, limit: int
) -> list[Hit]:
    """Passages, best first. Raises `TimeoutError` if a worker was asked in vain."""
    from memory.knowledge.index import IndexInUse

    if not workers_alive(settings):
        try:
            return await _search_here(settings, database, tenant, query, limit)
        except IndexInUse:
            pass  # a worker began just now, and answers instead
    return (await _search_by_worker(settings, tenant, query))[:limit]


async def _here(settings: Settings, database: Database, tenant: str, bar: Progress) -> bool:
    from api.wiring import sentences_for
    from memory.knowledge.index import IndexInUse
    from memory.knowledge.ingest import index_pending

    task = bar.task_ids[0]

    def advance(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    try:
        bar.update(task, description=opening(settings))
        with _opened(settings) as (encoder, opened):
            bar.update(task, description="indexing")
            await index_pending(
                database,
                opened,
                encoder,
                tenant,
                advance,
                sentences_of=sentences_for(settings),
            )
    except IndexInUse:
        return False
    bar.update(task, total=bar.tasks[0].completed)
    return True


async def _by_worker(settings: Settings, database: Database, tenant: str, bar: Progress) -> None:
    from memory.storage.queue import INDEX_ARTICLES
    from memory.tickets.tickets import new_id

    bar.update(bar.task_ids[0], description="indexing, by the worker")
    total = left = await _pending(database, tenant)
    async with _queue(settings) as queue, database.transaction() as session:
        await queue.chore(session, new_id("index"), INDEX_ARTICLES, tenant)
    moved = time.monotonic()
    while left:
        bar.update(bar.task_ids[0], completed=total - left, total=total)
        if time.monotonic() - moved > STALL_SECONDS:
            raise CommandFault(_stalled(left), FAILED)
        await asyncio.sleep(POLL_SECONDS)
        before, left = left, await _pending(database, tenant)
        moved = time.monotonic() if left < before else moved
    bar.update(bar.task_ids[0], completed=total, total=total)


def _stalled(left: int) -> str:
    return (
        f"{left} articles wait for a worker, and none has made progress on them for {STALL_SECONDS:g} s: "
        "they are kept and will be indexed; look at the worker's log, or stop it and repeat this"
    )


async def _pending(database: Database, tenant: str) -> int:
    from sqlalchemy import func
    from sqlmodel import col, select

    from memory.tables import Article

    async with database.reading() as session:
        due = col(Article.indexed_hash).is_distinct_from(col(Article.content_hash))
        found = await session.exec(
            select(func.count()).select_from(Article).where(Article.tenant == tenant, due)
        )
        return found.one()


async def _search_here(
    settings: Settings, database: Database, tenant: str, query: str, limit: int
) -> list[Hit]:
    from memory.knowledge.search import HybridSearch

    with screen.notes().status(opening(settings)), _opened(settings) as (encoder, opened):
        return await HybridSearch(database, opened, encoder).search_for_people(tenant, query, limit)


async def _search_by_worker(settings: Settings, tenant: str, query: str) -> list[Hit]:
    from memory.knowledge.contract import Hit
    from memory.storage.queue import SEARCH_ARTICLES

    async with _queue(settings) as queue:
        found = await queue.ask(SEARCH_ARTICLES, tenant, query, seconds=SEARCH_SECONDS)
    return [Hit(**hit) for hit in found]


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Any, VectorIndex]]:
    from api.wiring import encoder_for, open_index

    encoder = encoder_for(settings)
    opened = open_index(settings, encoder.revision)
    try:
        yield encoder, opened
    finally:
        opened.close()


@asynccontextmanager
async def _queue(settings: Settings) -> AsyncIterator[Any]:
    from memory.storage.queue import Queue

    queue = Queue(settings.ledger_url)
    try:
        yield queue
    finally:
        await asyncio.to_thread(queue.close)

"""Staging and indexing: repeatable, and never seen half done."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from typing_extensions import override

from memory.encoder.encoder import HashEncoder, Vectors
from memory.knowledge import ingest
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.index import MemoryIndex
from memory.knowledge.ingest import index_pending
from memory.knowledge.staging import ARTICLES_A_COMMIT, Staged, stage
from memory.storage.database import Database
from memory.tables.knowledge import Article, Chunk, Visibility
from tests.memory.knowledge.staged import ENCODER, draft, ids_of, texts_of


async def test_repeating_changes_nothing(database: Database) -> None:
    """The second run finds everything staged and indexed."""
    index = MemoryIndex()
    drafts = [draft("a", "Within 14 days."), draft("b", "Never.")]
    assert await stage(database, "acme", drafts) == Staged(added=2)
    assert (await index_pending(database, index, ENCODER, "acme")).articles == 2
    assert await stage(database, "acme", drafts) == Staged(unchanged=2)
    assert await index_pending(database, index, ENCODER, "acme") == ingest.Indexed()


async def test_a_changed_article_replaces_its_passages(database: Database) -> None:
    """Old rows, words and vectors are gone; the new ones are found."""
    index = MemoryIndex()
    await stage(database, "acme", [draft("a", "Within fourteen days.")])
    await index_pending(database, index, ENCODER, "acme")
    assert await stage(database, "acme", [draft("a", "Within thirty days.")]) == Staged(changed=1)
    await index_pending(database, index, ENCODER, "acme")
    assert await texts_of(database, index, "fourteen thirty days") == ["Within thirty days."]
    assert set(index.written("acme")) == await ids_of(database)


async def test_pruning_removes_what_is_gone(database: Database) -> None:
    """Only with `prune`; the vector left over is cleared once it is old enough."""
    index = MemoryIndex()
    await stage(database, "acme", [draft("a", "One."), draft("b", "Two.")])
    await index_pending(database, index, ENCODER, "acme")
    assert (await stage(database, "acme", [draft("a", "One.")])).removed == 0
    assert (await stage(database, "acme", [draft("a", "One.")], prune=True)).removed == 1
    assert await texts_of(database, index, "two") == ["One."]


async def test_a_large_load_lets_others_write_in_between(sqlite_database: Database) -> None:
    """What was stored so far is committed while the rest is still being read."""
    other = sqlite3.connect(sqlite_database.url.removeprefix("sqlite:///"))
    seen = []

    def drafts() -> Iterator[ArticleDraft]:
        for number in range(2 * ARTICLES_A_COMMIT + 1):
            if number % ARTICLES_A_COMMIT == 0:
                seen.append(other.execute("SELECT count(*) FROM articles").fetchone()[0])
            yield draft(f"a{number}", "Within 14 days.")

    await stage(sqlite_database, "acme", drafts())
    other.close()
    assert seen == [0, ARTICLES_A_COMMIT, 2 * ARTICLES_A_COMMIT]


class _Counting(HashEncoder):
    """Counts the texts that are encoded."""

    seen = 0

    @override
    def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        self.seen += len(texts)
        return super().encode_both(texts)


async def test_a_long_article_is_left_where_it_stands(database: Database) -> None:
    """Without time some of it is made; each run goes on there, and it is found once it is whole."""
    whole = "\n\n".join(f"## Part {n}\n\nWithin {n} days. " + "It is so. " * 60 for n in range(700))
    await stage(database, "acme", [draft("a", whole)])
    index, encoder, begun, runs = MemoryIndex(), _Counting(), ingest.Begun(), 1
    other = _Counting()
    while (await index_pending(database, index, encoder, "acme", seconds=0, begun=begun)).left:
        assert await texts_of(database, index, "days") == []
        await stage(database, "neighbour", [draft("a", whole)])
        await index_pending(database, index, other, "neighbour", seconds=0, begun=begun)
        runs += 1
    assert runs > 2
    assert encoder.seen == other.seen == len(await ids_of(database)) // 2
    assert (begun.what, begun.tokens) == (None, {})


class _Unlisted(MemoryIndex):
    """One that is too large to be listed."""

    @override
    def written(self, tenant: str) -> dict[str, float]:
        raise AssertionError(tenant)


async def test_a_change_does_not_look_at_the_whole_base(database: Database) -> None:
    """While no vector is lost or left over, those of the other articles are not looked at."""
    index = _Unlisted()
    await stage(database, "acme", [draft("a", "One."), draft("b", "Two. " * 100)])
    await index_pending(database, index, ENCODER, "acme")
    await stage(database, "acme", [draft("a", "Three.")])
    assert await index_pending(database, index, ENCODER, "acme") == ingest.Indexed(1, 1)


async def test_passages_of_an_earlier_release_are_counted_once(database: Database) -> None:
    """They do not say how many vectors they have; the first run after an upgrade finds out."""
    index = MemoryIndex()
    await stage(database, "acme", [draft("a", "One."), draft("b", "Two. " * 100)])
    await index_pending(database, index, ENCODER, "acme")
    async with database.transaction() as session:
        await session.exec(update(Chunk).values(windows=None))
    assert await index_pending(database, index, ENCODER, "acme") == ingest.Indexed()
    async with database.reading() as session:
        windows = (await session.exec(select(Chunk.windows))).all()
    assert sum(one or 0 for one in windows) == index.count("acme")


async def test_two_runs_at_once(database: Database) -> None:
    """Both finish, and the base is as after one."""
    index = MemoryIndex()
    await stage(database, "acme", [draft(str(n), f"Answer {n}.") for n in range(40)])
    runs = (index_pending(database, index, ENCODER, "acme") for _ in range(2))
    await asyncio.gather(*runs)
    async with database.reading() as session:
        articles = list(await session.exec(select(Article)))
    assert all(one.indexed_hash == one.content_hash for one in articles)
    assert set(index.written("acme")) == await ids_of(database)
    assert len(await ids_of(database)) == 40


async def test_an_article_changed_during_indexing_stays_pending(database: Database) -> None:
    """What was made from the former text is not shown; the next run indexes the new one."""
    loop, index = asyncio.get_running_loop(), MemoryIndex()

    class Slow(HashEncoder):
        changed = False

        @override
        def encode_both(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
            if not self.changed:
                self.changed = True
                again = stage(database, "acme", [draft("a", "New.")])
                asyncio.run_coroutine_threadsafe(again, loop).result()
            return super().encode_both(texts)

    await stage(database, "acme", [draft("a", "Old.")])
    await index_pending(database, index, Slow(), "acme")
    assert await texts_of(database, index, "old new") == []
    await index_pending(database, index, ENCODER, "acme")
    assert await texts_of(database, index, "old new") == ["New."]


async def test_progress_is_told(database: Database) -> None:
    """Whoever waits sees how far it is."""
    seen: list[tuple[int, int]] = []
    await stage(database, "acme", [draft(str(n), "x") for n in range(80)])
    await index_pending(
        database, MemoryIndex(), ENCODER, "acme", lambda done, of: seen.append((done, of))
    )
    assert seen == [(64, 80), (80, 80)]


async def test_when_time_is_over_no_more_articles_are_begun(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some are done in any case, so that it comes to an end; a long one is not joined by others."""
    monkeypatch.setattr(ingest, "CHARS_AT_ONCE", 100)
    await stage(database, "acme", [draft(one, one * 60) for one in "abc"])
    seen: list[ingest.Indexed] = []
    while not seen or seen[-1].left:
        seen.append(await index_pending(database, MemoryIndex(), ENCODER, "acme", seconds=0))
    assert [(one.articles, one.left) for one in seen] == [(1, 2), (1, 1), (1, 0)]


async def test_a_changed_article_costs_what_it_changed(database: Database) -> None:
    """Passages that stayed keep their rows and vectors, wherever they stand now."""
    index, encoder = MemoryIndex(), _Counting()
    sections = [f"## Part {n}\n\n" + f"Sentence {n} of this part. " * 20 for n in range(8)]
    await stage(database, "acme", [draft("a", "\n\n".join(sections))])
    await index_pending(database, index, encoder, "acme")
    whole, encoder.seen = encoder.seen, 0
    sections.insert(2, "## New\n\n" + "Another sentence stands here. " * 8)
    await stage(database, "acme", [draft("a", "\n\n".join(sections))])
    await index_pending(database, index, encoder, "acme")
    assert 0 < encoder.seen <= whole / 8
    assert set(index.written("acme")) == await ids_of(database)
    async with database.reading() as session:
        rows = await session.exec(select(Chunk).order_by(col(Chunk.ordinal)))
        headings = [one.heading for one in rows]
    assert headings == ["Part 0", "Part 1", "New", *(f"Part {n}" for n in range(2, 8))]


async def test_who_may_see_an_article_is_no_reason_to_index_it_again(database: Database) -> None:
    """A change of visibility counts as a change and costs nothing."""
    index, encoder = MemoryIndex(), _Counting()
    await stage(database, "acme", [draft("a", "Within fourteen days.")])
    await index_pending(database, index, encoder, "acme")
    encoder.seen = 0
    hidden = replace(draft("a", "Within fourteen days."), visibility=Visibility.INTERNAL)
    assert await stage(database, "acme", [hidden]) == Staged(changed=1)
    await index_pending(database, index, encoder, "acme")
    assert encoder.seen == 0
    assert await texts_of(database, index, "fourteen days") == []

"""Hybrid search."""

from __future__ import annotations

import pytest

from memory.database import Database
from memory.embeddings import HashEncoder
from memory.knowledge.index import MemoryIndex
from memory.knowledge.ingest import index_pending, stage
from memory.knowledge.reading import ArticleDraft
from memory.knowledge.reading_closely import CloseReader
from memory.knowledge.search import READ_CLOSELY, READ_WINDOWS, HybridSearch, fuse

ENCODER = HashEncoder()
ARTICLES = {
    "invoice": ("Download an invoice", "Open billing and press download beside the invoice."),
    "password": ("Reset a password", "Use the forgotten password link on the login page."),
    "clock": ("Set up a clock", "Plug the terminal in. Scan the code E-4711 in the app."),
}


@pytest.fixture
async def search(database: Database) -> HybridSearch:
    """Three articles of one tenant and one of another."""
    index = MemoryIndex()
    drafts = [ArticleDraft(d, t, x, f"https://x.y/{d}", d) for d, (t, x) in ARTICLES.items()]
    other = [ArticleDraft("secret", "Download an invoice", "Other company.", None, "secret")]
    for tenant, given in (("acme", drafts), ("other", other)):
        await stage(database, tenant, given)
        await index_pending(database, index, ENCODER, tenant)
    return HybridSearch(database, index, ENCODER)


@pytest.mark.parametrize(
    ("query", "doc_id"),
    [
        ("download my invoice", "invoice"),
        ("forgotten password", "password"),
        ("what does E-4711 mean", "clock"),
    ],
)
async def test_the_article_that_answers_comes_first(
    search: HybridSearch, query: str, doc_id: str
) -> None:
    """By its words, its title, or a code that only full text can know."""
    hits = await search.search("acme", query, 5)
    assert hits[0].doc_id == doc_id
    assert hits[0].url == f"https://x.y/{doc_id}"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_tenants_do_not_see_each_other(search: HybridSearch) -> None:
    """The other company's article has the very same title."""
    hits = await search.search("acme", "download an invoice", 20)
    assert {hit.doc_id for hit in hits} <= set(ARTICLES)
    assert await search.search("nobody", "download an invoice", 20) == []


@pytest.mark.parametrize("query", ["", "  \n", "\x00", "!!! ???", '"AND OR', "x" * 10_000])
async def test_any_query_is_answered(search: HybridSearch, query: str) -> None:
    """Nothing a customer writes is an error."""
    await search.search("acme", query, 5)


async def test_the_limit_holds(search: HybridSearch) -> None:
    """At most as many passages as asked for."""
    assert len(await search.search("acme", "invoice password clock", 2)) == 2


async def test_features_say_why(search: HybridSearch) -> None:
    """The right passage is ahead of the others and is met word by word."""
    best, *others = await search.search("acme", "forgotten password", 5)
    assert best.features["telling_lead"] > 0 > max(hit.features["telling_lead"] for hit in others)
    assert best.features["aligned"] == 1.0
    assert best.features["lexical"] > 0


async def test_a_passage_without_vectors_is_found_by_its_words(database: Database) -> None:
    """A lost vector folder makes search worse, not empty."""
    await stage(database, "acme", [ArticleDraft("a", "Refunds", "Within 14 days.", None, "a")])
    await index_pending(database, MemoryIndex(), ENCODER, "acme")
    hits = await HybridSearch(database, MemoryIndex(), ENCODER).search("acme", "refunds", 5)
    assert [hit.doc_id for hit in hits] == ["a"]


def test_both_looks_count() -> None:
    """What both find beats what one finds; full text alone gets the last cosine at most."""
    fused = fuse({"a": 0.5, "b": 0.5, "c": 0.4}, {"b": 10.0, "d": 5.0})
    assert list(fused) == ["b", "d", "a", "c"]
    assert fused["d"] == pytest.approx(0.4 + 0.15)


def test_a_window_is_encoded_once() -> None:
    """The second reading takes the token vectors from memory."""

    class _Counting(HashEncoder):
        seen = 0

        def encode_tokens(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            self.seen += len(texts)
            return super().encode_tokens(texts)

    encoder = _Counting()
    reader = CloseReader(encoder)
    windows = {"p": {"p#0": "reset the password", "p#1": "open the page"}}
    first = reader.read("password reset", windows)
    assert reader.read("password reset", windows) == first
    assert encoder.seen == 2 + 2  # two queries, two windows
    assert READ_CLOSELY * READ_WINDOWS < 50

"""Hybrid search."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete
from typing_extensions import override

from memory.encoder.encoder import HashEncoder, RememberingEncoder, Vectors
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.index import Entry, MemoryIndex
from memory.knowledge.ingest import index_pending
from memory.knowledge.search import HybridSearch, fuse
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.tables.knowledge import ChunkTokens, Visibility

ENCODER = HashEncoder()
ARTICLES = {
    "invoice": ("Download an invoice", "Open billing and press download beside the invoice."),
    "password": ("Reset a password", "Use the forgotten password link on the login page."),
    "clock": ("Set up a clock", "Plug the terminal in. Scan the code E-4711 in the app."),
}


class _Counting(HashEncoder):
    """Counts the texts that are encoded, and those whose tokens are."""

    seen = 0
    pooled = 0

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        self.pooled += len(texts)
        return super().encode(texts)

    @override
    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        self.seen += len(texts)
        return super().encode_tokens(texts)


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


async def test_a_known_question_bridges_the_customers_words_to_the_articles(
    search: HybridSearch,
) -> None:
    """No word of it is an article's; an example that is near to it names what is meant."""
    asked = "the gatekeeper turns me away"
    assert "password" not in {one.doc_id for one in (await search.search("acme", asked, 1))}
    knowing = search.knowing(["gatekeeper turns me away: reset a forgotten password"])
    assert (await knowing.search("acme", asked, 1))[0].doc_id == "password"


async def test_examples_about_other_things_change_nothing(search: HybridSearch) -> None:
    """A phrasing that is not near counts for nothing, and a desk without any searches as before."""
    plain = await search.search("acme", "download my invoice", 5)
    far = search.knowing(["Where do badgers sleep in winter"])
    assert await far.search("acme", "download my invoice", 5) == plain
    assert search.knowing([]) is search


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
    """The right passage is met word by word; the search as a whole says how doubtful it is."""
    best, *others = await search.search("acme", "forgotten password", 5)
    assert best.features["telling"] > max(hit.features["telling"] for hit in others)
    assert best.features["aligned"] == pytest.approx(1.0, abs=0.01)
    assert best.features["covered"] == 1.0
    assert best.features["lexical"] > 0
    assert {hit.features["doubt"] for hit in others} == {best.features["doubt"]}
    vague = await search.search("acme", "help", 5)
    assert vague[0].features["doubt"] > best.features["doubt"] > 0


async def test_tokens_are_read_from_store(search: HybridSearch, database: Database) -> None:
    """Stored beside the passage, they are not encoded again; missing ones are, with one result."""
    found = await search.search("acme", "forgotten password", 5)
    counting = _Counting()
    index = search._index
    assert (
        await HybridSearch(database, index, counting).search("acme", "forgotten password", 5)
        == found
    )
    assert counting.seen == 1
    async with database.transaction() as session:
        await session.exec(delete(ChunkTokens))
    assert (
        await HybridSearch(database, index, counting).search("acme", "forgotten password", 5)
        == found
    )
    assert counting.seen > 2


async def test_sentences_come_with_their_passage(database: Database) -> None:
    """They were encoded with the article; whoever sets them beside an ask later encodes none."""
    index, said = MemoryIndex(), ["Within 14 days.", "Return it unworn."]
    await stage(database, "acme", [ArticleDraft("a", "Refunds", " ".join(said), None, "a")])
    await index_pending(database, index, ENCODER, "acme", sentences_of=lambda *_: said)
    inner = _Counting()
    remembering = RememberingEncoder(inner)
    await HybridSearch(database, index, remembering).search("acme", "refunds", 5)
    encoded = inner.pooled
    assert remembering.encode(said) == pytest.approx(ENCODER.encode(said), abs=1e-3)
    assert inner.pooled == encoded
    remembering.encode(["Others are."])
    assert inner.pooled > encoded


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


async def test_vectors_without_rows_hide_nothing(database: Database) -> None:
    """However many of the nearest have no row any more, those that have one are found."""
    index = MemoryIndex()
    await stage(database, "acme", [ArticleDraft("a", "Refunds", "Within 14 days.", None, "a")])
    await index_pending(database, index, ENCODER, "acme")
    vector = ENCODER.encode(["Refunds refunds"])[0]
    strays = [Entry(f"{number:032x}#0", "gone", vector) for number in range(100)]
    index.upsert("acme", strays)
    hits = await HybridSearch(database, index, ENCODER).search("acme", "refunds refunds", 5)
    assert [hit.doc_id for hit in hits] == ["a"]


async def test_the_agent_sees_public_articles_alone(database: Database) -> None:
    """People find internal ones too, marked as such; drafts are found by nobody."""
    index = MemoryIndex()
    drafts = [
        ArticleDraft(one.value, "Refunds", f"Refunds for {one} eyes.", None, "x", one)
        for one in Visibility
    ]
    await stage(database, "acme", drafts)
    await index_pending(database, index, ENCODER, "acme")
    search = HybridSearch(database, index, ENCODER)
    assert {one.doc_id for one in await search.search("acme", "refunds", 10)} == {"public"}
    found = await search.search_for_people("acme", "refunds", 10)
    assert {one.doc_id: one.visibility for one in found} == {
        "public": "public",
        "internal": "internal",
    }

"""What a person sent to a question vouches for the article it came from."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from memory.encoder.encoder import HashEncoder
from memory.knowledge.approved import FEATURE, collection_of
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.index import MemoryIndex
from memory.knowledge.ingest import index_pending
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall, forget
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.tables import Chunk, Correction, CorrectionKind, Memory, now

ENCODER = HashEncoder()
QUESTION = "Nothing happens when I press the green lamp"
ARTICLES = {"lamp": "A lamp that stays dark wants a new fuse.", "door": "The door opens inwards."}
Ask = Callable[..., Awaitable[dict[str, float]]]


def _article(doc_id: str, text: str) -> ArticleDraft:
    return ArticleDraft(doc_id, doc_id, text, None, doc_id)


async def _passages(database: Database, *articles: str) -> str:
    async with database.reading() as session:
        found = await session.exec(select(Chunk.id).where(col(Chunk.doc_id).in_(articles)))
        return ",".join(found)


@pytest.fixture
def index() -> MemoryIndex:
    """An empty one."""
    return MemoryIndex()


@pytest.fixture
async def approving(database: Database, index: MemoryIndex) -> Ask:
    """Remembers an answer to `QUESTION`, with what is given changed, and asks it again.

    Gives the likeness by article, of those that are vouched for.
    """
    recall = Recall(database, index, ENCODER)
    search = HybridSearch(database, index, ENCODER)
    await stage(database, "acme", [_article(*one) for one in ARTICLES.items()])
    await index_pending(database, index, ENCODER, "acme")

    async def ask(
        question: str = QUESTION,
        then: Callable[[Memory], Awaitable[Any]] | None = None,
        **told: Any,
    ) -> dict[str, float]:
        parts = {"tenant": "acme", "vouched": await _passages(database, "lamp"), **told}
        memory = Memory(
            id="m1",
            ticket_id="tkt_1",
            turn=1,
            question=QUESTION,
            answer="It wants a new fuse.",
            origin="person",
            sources="lamp",
            model_revision="",
            **{"expires_at": now() + timedelta(days=1), **parts},
        )
        await recall.remember(memory)
        await recall.catch_up()
        if then is not None:
            await then(memory)
        hits = await search.search("acme", question, 5)
        forget(index, str(parts["tenant"]), ["m1"])
        assert not index.count(collection_of(str(parts["tenant"])))
        return {one.doc_id: one.features[FEATURE] for one in hits if FEATURE in one.features}

    return ask


async def test_the_article_that_a_person_sent_is_vouched_for(approving: Ask) -> None:
    """For that very question, and no other article is."""
    assert await approving() == {"lamp": 1.0}


async def test_all_articles_of_the_answer_are(database: Database, approving: Ask) -> None:
    """An answer may stand on more than one."""
    assert await approving(vouched=await _passages(database, "lamp", "door")) == {
        "lamp": 1.0,
        "door": 1.0,
    }


@pytest.mark.parametrize(
    "told",
    [
        {"vouched": ""},
        {"vouched": "another"},
        {"tenant": "other"},
        {"expires_at": now() - timedelta(seconds=1)},
    ],
    ids=["own words", "a lost article", "another tenant", "ended"],
)
async def test_nothing_else_vouches(approving: Ask, told: dict[str, Any]) -> None:
    """What an earlier release stored names sources alone; another tenant's is not looked at."""
    assert await approving(**told) == {}


async def test_another_text_is_not_vouched_for(
    database: Database, index: MemoryIndex, approving: Ask
) -> None:
    """Who sends what was drafted before the article was changed has read the older text."""
    drafted_from = await _passages(database, "lamp")
    await stage(database, "acme", [_article("lamp", "A lamp that stays dark is broken.")])
    await index_pending(database, index, ENCODER, "acme")
    assert await approving(vouched=drafted_from) == {}


async def test_another_question_is_another_matter(approving: Ask) -> None:
    """The same article may well answer it, but nobody said so."""
    assert await approving("What does a new fuse cost?") == {}


async def test_what_was_marked_wrong_no_longer_vouches(database: Database, approving: Ask) -> None:
    """A person may be wrong, and says so."""

    async def correct(memory: Memory) -> None:
        async with database.transaction() as session:
            session.add(
                Correction(
                    id="cor_1",
                    kind=CorrectionKind.ANSWER_WRONG,
                    tenant=memory.tenant,
                    ticket_id=memory.ticket_id,
                    turn=memory.turn,
                    by="ann",
                )
            )

    assert await approving(then=correct) == {}


async def test_what_an_index_lost_is_found_again(database: Database) -> None:
    """As after a restore, which brings rows back and no vectors; one that lost nothing is left alone."""
    before = MemoryIndex()
    memory = Memory(
        id="m1", ticket_id="tkt_1", turn=1, tenant="acme", question=QUESTION, answer="A fuse.",
        origin="person", sources="", vouched="", model_revision="", expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    recall = Recall(database, before, ENCODER)
    await recall.remember(memory)
    await recall.look_for_lost()
    assert len(await recall.similar("acme", QUESTION, 5)) == 1
    after = Recall(database, MemoryIndex(), ENCODER)
    assert await after.similar("acme", QUESTION, 5) == []
    await after.look_for_lost()
    assert len(await after.similar("acme", QUESTION, 5)) == 1
    await recall.look_for_lost()
    assert await recall.catch_up() == 0
